"""A person is erased: what goes, what stays, who is told; and that no backup brings it back."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.outcomes import settle
from shared.adapters.tables import OutboxRow
from shared.casework.persons.tables import PersonIndexRow, PersonRow
from shared.casework.referrals.tables import ReferralRow
from shared.contract.vocabulary import Agency
from tests.casework.test_withdrawal import NAME, POLICE, consent, made, refer, send_all
from tests.workbench import Bench, bench


@pytest.fixture(scope="module")
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


@pytest.fixture
async def supervisor(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE, "supervisor") as client:
        yield client


async def told(service: Bench, person: str) -> dict[str, str]:
    """What went out about her or is still to go, by kind."""
    async with service.work() as work:
        about = "select o.event_type, o.state from outbox o join disclosures using (id) where person_id = :person"
        connection = await work.session.connection()
        rows = await connection.execute(text(about), {"person": UUID(person)})
        return {str(kind): str(state) for kind, state in rows}


async def test_only_a_supervisor_erases(officer: httpx.AsyncClient, supervisor: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim"}))
    assert (await officer.delete(f"/persons/{person}")).status_code == 403
    assert (await supervisor.delete(f"/persons/{person}")).status_code == 200


async def test_another_organisations_supervisor_finds_nobody(police: Bench, officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim"}))
    async with police.client("police-23", "supervisor") as other:
        assert (await other.delete(f"/persons/{person}")).status_code == 404
    assert (await officer.get(f"/persons/{person}")).status_code == 200


async def test_a_person_who_was_erased_is_gone_and_says_since_when(
    officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": NAME}))
    erased = (await supervisor.delete(f"/persons/{person}")).json()
    read = await officer.get(f"/persons/{person}")
    assert (read.status_code, read.json()["erased_at"][:19]) == (410, erased["erased_at"][:19])
    assert (erased["role"], NAME in read.text) == ("victim", False)
    corrected = await officer.patch(f"/persons/{person}", json={"phone": "+7 7000"}, headers={"If-Match": "*"})
    assert corrected.status_code == 410
    body = {"to": {"organisation": "shelter-far-19"}, "purpose": "lodging", "person_id": person}
    body |= {"basis": {"kind": "own_request"}, "call_back": "+7 727 000 00 01"}
    assert (await officer.post("/referrals", json=body)).status_code == 410
    assert (await supervisor.delete(f"/persons/{person}")).json() == erased


async def test_erasing_takes_her_referrals_and_consents_back_and_tells_who_may_have_them(
    police: Bench, officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    person, given, referral = await refer(officer)
    await officer.post(f"/referrals/{referral}/messages", json={"body": f"{NAME} выехала."})
    await send_all(police)
    await supervisor.delete(f"/persons/{person}")
    copy = (await officer.get(f"/referrals/{referral}")).json()
    assert (copy["state"], copy["content"], copy["person_id"]) == ("withdrawn", None, person)
    assert (await officer.get(f"/consents/{given}")).json()["withdrawn_at"] is not None
    assert (await officer.get(f"/referrals/{referral}/messages")).json()["items"][0]["body"] is None
    assert await told(police, person) == {
        "referral.requested": "withheld",
        "message.posted": "withheld",
        "referral.moved": "waiting",
        "consent.withdrawn": "waiting",
    }


async def test_what_never_left_is_kept_back_when_she_is_erased(
    police: Bench, officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    person, _, _ = await refer(officer)
    await supervisor.delete(f"/persons/{person}")
    assert await told(police, person) == {"referral.requested": "withheld"}


async def test_an_erasure_is_not_blocked_by_a_referral_that_is_over(
    police: Bench, officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    person, _, referral = await refer(officer)
    await send_all(police)
    no = {"reason": "sent_by_mistake", "text": f"{NAME} ушла."}
    await officer.post(f"/referrals/{referral}/cancel", json=no)
    assert (await supervisor.delete(f"/persons/{person}")).status_code == 200
    copy = (await officer.get(f"/referrals/{referral}")).json()
    assert (copy["state"], {move["text"] for move in copy["moves"]}) == ("withdrawn", {None})


async def test_the_accounting_of_what_left_stays(
    police: Bench, officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    person, _, referral = await refer(officer)
    await send_all(police)
    async with police.work() as work:
        asked = (col(OutboxRow.concerning) == referral, col(OutboxRow.event_type) == "referral.requested")
        event_id = (await work.session.exec(select(OutboxRow.id).where(*asked))).one()
        await settle(work.session, event_ids=[event_id], recipient_node="shelter", rule=None, at=work.now)
    await supervisor.delete(f"/persons/{person}")
    items = (await officer.get("/disclosures", params={"person_id": person})).json()["items"]
    first = next(item for item in items if item["event_type"] == "referral.requested")
    assert ("family_name" in first["fields"], first["delivery"]) == (True, "received")


async def test_an_answer_that_was_kept_for_a_key_goes_with_her(
    officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, {"role": "victim", "family_name": NAME}
    first = await officer.post("/persons", json=body, headers=key)
    assert (await officer.post("/persons", json=body, headers=key)).json() == first.json()
    await supervisor.delete(f"/persons/{first.json()['id']}")
    again = await officer.post("/persons", json=body, headers=key)
    assert (again.status_code, again.json()["type"].rsplit("/", 1)[1]) == (409, "answer-erased")


async def test_a_backup_that_is_restored_brings_nothing_back(network: Network) -> None:
    async with bench(network, Agency.POLICE) as police, police.client(POLICE, "supervisor") as supervisor:
        key, body = {"Idempotency-Key": str(uuid4())}, {"role": "victim", "family_name": NAME}
        person = await made(await supervisor.post("/persons", json=body, headers=key))
        given = await consent(supervisor, person)
        asked = {"to": {"organisation": "shelter-far-19"}, "purpose": "lodging", "person_id": person}
        asked |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01"}
        referral = await made(await supervisor.post("/referrals", json=asked))
        await supervisor.post(f"/referrals/{referral}/messages", json={"body": f"{NAME} выехала."})
        await copy(police, "cases", "backup")
        assert (await supervisor.delete(f"/persons/{person}")).status_code == 200
        await copy(police, "backup", "cases")
        assert await everything(police) == ["requested"]
        await nothing_opens(supervisor, person=person, referral=referral)
        assert (await supervisor.post("/persons", json=body, headers=key)).status_code == 409
        assert (await supervisor.post("/persons/search", json={"family_name": NAME})).json()["items"] == []
        await send_all(police)
        assert set((await told(police, person)).values()) == {"withheld"}
        assert (await supervisor.delete(f"/persons/{person}")).status_code == 200
        assert await everything(police) == ["withdrawn"]


async def copy(service: Bench, source: str, target: str) -> None:
    """Every table but the keyring's, as a backup of the cases and its restoration do: by who owns the server."""
    postgres = service.network.postgres
    database = service.database.url.database
    connection = await asyncpg.connect(
        host=str(postgres.socket), user="postgres", password=postgres.password, database=database
    )
    names = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    async with connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        if (source, target) == ("cases", "backup"):
            await connection.execute("create schema backup")
        for (name,) in names:
            if target == "backup":
                await connection.execute(f'create table backup."{name}" as table public."{name}"')
            else:
                await connection.execute(f'delete from public."{name}"')  # noqa: S608  # names of our own tables
                restore = f'insert into public."{name}" overriding system value table backup."{name}"'  # as above
                await connection.execute(restore)
    await connection.close()


async def everything(service: Bench) -> list[str]:
    """The states of the referrals that the tables hold."""
    async with service.work() as work:
        assert (await work.session.exec(select(PersonRow))).all()
        assert not (await work.session.exec(select(PersonIndexRow))).all()
        return list((await work.session.exec(select(ReferralRow.state))).all())


async def nothing_opens(client: httpx.AsyncClient, *, person: str, referral: str) -> None:
    """Every call answers, and none knows her name."""
    calls = [f"/persons/{person}", f"/referrals/{referral}", "/referrals?box=outgoing"]
    calls += [f"/referrals/{referral}/messages", f"/disclosures?person_id={person}"]
    answers = [await client.get(call) for call in calls]
    assert [answer.status_code for answer in answers] == [410, 200, 200, 200, 200]
    assert answers[1].json()["content"] is None
    assert NAME not in "".join(answer.text for answer in answers)
