"""What lies on PostgreSQL's disk: not one private word of what real calls and real events brought."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from deploy.demo.people import iin
from deploy.network import Network
from shared.contract.events import MessagePosted, ReferralMoved
from shared.contract.vocabulary import Agency, Purpose, ReasonCode, ReferralAction
from tests.adapters.test_inbox import SHELTER, TO_SHELTER, envelope, lasting, relying_on, request, sealed
from tests.arrived import SCHOOL as A_SCHOOL
from tests.arrived import a_school
from tests.casework.test_withdrawal import consent, made
from tests.workbench import Bench, bench, node_of

PLAIN = "police-19"  # stands in plain columns: shows that looking finds what is there
MARK = uuid4().hex[:8]
NUMBER = iin("1987-06-05", int(MARK, 16) % 9000, digit=4)
HER = {
    "family_name": f"Айқынова{MARK}",
    "given_name": f"Жанар{MARK}",
    "patronymic": f"Ерқызы{MARK}",
    "iin": NUMBER,
    "birth_date": "1987-06-05",
    "phone": f"+7 {int(MARK, 16) % 10**10:010d}",
    "address": f"Талғар, Абай {MARK} көшесі",
}
WRITTEN = {
    name: f"{name} {MARK}: сломано ребро"
    for name in (
        "dependants",
        "health",
        "addiction",
        "circumstances",
        "message",
        "move",
        "their",
        "reason",
        "findings",
        "danger",
        "letter",
        "signed",
    )
}
CANARIES = {name: word for name, word in {**HER, **WRITTEN}.items() if name != "birth_date"}


@asynccontextmanager
async def used(network: Network) -> AsyncIterator[list[Bench]]:
    """A police, a shelter and a health service after a day's work."""
    async with AsyncExitStack() as stack:
        agencies = (Agency.POLICE, Agency.SHELTER, Agency.HEALTH)
        services = [await stack.enter_async_context(bench(network, agency)) for agency in agencies]
        await at_the_police(services[0])
        await at_the_shelter(services[1])
        await at_the_hospital(services[2])
        yield services


async def at_the_police(police: Bench) -> None:
    async with police.client("police-19") as officer:
        key = {"Idempotency-Key": f"{NUMBER} {HER['phone']}"}
        person = await made(await officer.post("/persons", json={"role": "victim", **HER}, headers=key))
        danger = {"person_id": person, "why": WRITTEN["danger"], "minutes": 60}
        await made(await officer.post("/emergencies", json=danger, headers={"Idempotency-Key": str(uuid4())}))
        assert (await officer.post("/persons/search", json={"iin": NUMBER})).json()["items"]
        await refer(officer, person)
        await write_to_a_school(police, officer, person)


async def write_to_a_school(police: Bench, officer: httpx.AsyncClient, person: str) -> None:
    await a_school(police)
    purpose = "restoration_of_rights"
    opened = ["identity", "contact", "narrative"]
    given = await consent(officer, person, purposes=[purpose], recipients=["school"], categories=opened)
    body = {"to": A_SCHOOL, "purpose": purpose, "person_id": person, "basis": {"kind": "consent", "consent_id": given}}
    body |= {"circumstances": WRITTEN["letter"], "call_back": "+7 727 000 00 01"}
    letter = await made(await officer.post("/letters", json=body, headers={"Idempotency-Key": str(uuid4())}))
    today = police.clock().date().isoformat()
    page = {"their_number": "1", "came_back_on": today, "signed_by": WRITTEN["signed"]}
    assert (await officer.post(f"/letters/{letter}/confirm", json=page)).status_code == 200


async def refer(officer: httpx.AsyncClient, person: str) -> None:
    to, purpose = {"organisation": "hospital-19"}, "medical_examination"
    opened = ["identity", "contact", "dependants", "health", "addiction", "narrative"]
    given = await consent(officer, person, purposes=[purpose], recipients=["health"], categories=opened)
    body = {"to": to, "purpose": purpose, "person_id": person, "basis": {"kind": "consent", "consent_id": given}}
    texts = {name: WRITTEN[name] for name in ("dependants", "health", "addiction", "circumstances")}
    body |= {**texts, "call_back": "+7 727 000 00 01"}
    sent = await officer.post("/referrals", json=body, headers={"Idempotency-Key": str(uuid4())})
    referral = await made(sent)
    assert HER["family_name"] in sent.text
    assert WRITTEN["circumstances"] in sent.text
    line = {"body": WRITTEN["message"]}
    key = {"Idempotency-Key": str(uuid4())}
    await made(await officer.post(f"/referrals/{referral}/messages", json=line, headers=key))
    no = {"reason": "sent_by_mistake", "text": WRITTEN["move"]}
    assert (await officer.post(f"/referrals/{referral}/cancel", json=no)).status_code == 200


async def at_the_shelter(shelter: Bench) -> None:
    police = node_of(shelter.network, Agency.POLICE)
    relied = relying_on(police, lasting(Purpose.LODGING))
    asked = request(family_name=HER["family_name"], given_name=HER["given_name"], iin=NUMBER)
    now = datetime.now(UTC)
    wrote = MessagePosted(message_id=uuid4(), referral_id=asked.referral_id, at=now, body=WRITTEN["their"])
    moved = ReferralMoved(
        referral_id=asked.referral_id,
        version=1,
        action=ReferralAction.CANCEL,
        reason=ReasonCode.SENT_BY_MISTAKE,
        at=now,
        text=WRITTEN["reason"],
    )
    for event in (asked, wrote, moved):
        await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(event, grounds=relied)))
    async with shelter.client(SHELTER) as worker:
        seen = (await worker.get(f"/referrals/{asked.referral_id}")).text
        seen += (await worker.get(f"/referrals/{asked.referral_id}/messages")).text
    assert [word for word in (HER["family_name"], WRITTEN["their"], WRITTEN["reason"]) if word not in seen] == []


async def at_the_hospital(hospital: Bench) -> None:
    async with hospital.client("hospital-19") as doctor:
        key = {"Idempotency-Key": str(uuid4())}
        found = {"kind": "psychological", "findings": WRITTEN["findings"]}
        examination = await made(await doctor.post("/examinations", json=found, headers=key))
        assert (await doctor.get(f"/examinations/{examination}")).json()["findings"] == WRITTEN["findings"]


async def on_disk(network: Network, services: list[Bench]) -> list[Path]:
    """Every file of these databases and of the write-ahead log, once all memory was written."""
    connection = await asyncpg.connect(
        host=str(network.postgres.socket), user="postgres", password=network.postgres.password, database="postgres"
    )
    await connection.execute("checkpoint")
    await connection.close()
    folders = [network.postgres.data / "pg_wal", network.postgres.data / "global"]
    for service in services:
        async with service.work() as work:
            here = await work.session.connection()
            oid = await here.scalar(text("select oid from pg_database where datname = current_database()"))
        folders.append(network.postgres.data / "base" / str(oid))
    return [file for folder in folders for file in folder.rglob("*") if file.is_file()]


def words_in(files: list[Path], words: dict[str, str]) -> Iterator[str]:
    """Which of the words a file holds, in any encoding that they may have been kept in."""
    wanted = {
        name: {word.encode(), word.encode("unicode_escape"), word.encode("utf-16-le")} for name, word in words.items()
    }
    for file in files:
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # a log segment that was done with
            continue
        yield from (name for name, forms in wanted.items() if any(form in content for form in forms))


async def test_no_private_word_lies_on_the_disk_of_the_database(network: Network) -> None:
    async with used(network) as services:
        files = await on_disk(network, services)
        assert "plain" in set(words_in(files, {"plain": PLAIN}))
        assert set(words_in(files, CANARIES)) == set()


@pytest.mark.parametrize("word", ["message", "iin"])
def test_the_looking_itself_finds_what_is_there(tmp_path: Path, word: str) -> None:
    (tmp_path / "file").write_bytes(b"\x00\x01" + CANARIES[word].encode() + b"\xff")
    assert list(words_in([tmp_path / "file"], CANARIES)) == [word]
