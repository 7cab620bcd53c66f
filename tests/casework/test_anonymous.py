"""Who asks to be treated anonymously is named nowhere; only health links the episodes, by a word that they chose."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlmodel import select

from deploy.demo.people import iin
from deploy.network import Network
from shared.adapters.tables import InboxRow
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.sending import PERSON_FIELDS
from shared.contract.events import Event
from shared.contract.vocabulary import Agency, Purpose
from tests.adapters.test_inbox import TO_SHELTER, envelope, lasting, relying_on, request, sealed
from tests.casework.test_withdrawal import GIVEN, NAME, made
from tests.workbench import Bench, bench, node_of

SOCIAL, CLINIC, HOSPITAL = "social-19", "addictology-19", "hospital-19"
CODE = "қарлығаш 7"
NAMELESS: dict[str, Any] = {"role": "victim", "anonymous": True}
NAMING = {
    "family_name": NAME,
    "given_name": "Гүлнұр",
    "patronymic": "Ерланқызы",
    "birth_date": "1991-04-12",
    "iin": iin("1991-04-12", 2001, digit=4),
    "phone": "+7 701 000 00 02",
    "address": "Абай көшесі, 7",
}


@pytest.fixture(scope="module")
async def health(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH) as service:
        yield service


@pytest.fixture(scope="module")
async def social(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SOCIAL) as service:
        yield service


@pytest.fixture
async def clinic(health: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with health.client(CLINIC) as client:
        yield client


@pytest.fixture
async def worker(social: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with social.client(SOCIAL) as client:
        yield client


async def episodes(client: httpx.AsyncClient, code: str) -> set[str]:
    answer = await client.post("/persons/search", json={"code": code})
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}


@pytest.mark.parametrize("field", NAMING)
async def test_nothing_that_names_is_recorded_of_who_is_anonymous(clinic: httpx.AsyncClient, field: str) -> None:
    said = {field: NAMING[field]}
    refused = await clinic.post("/persons", json={**NAMELESS, **said})
    assert (refused.status_code, "anonymous has no name" in refused.json()["detail"]) == (422, True)
    whom = await made(await clinic.post("/persons", json=NAMELESS))
    late = await clinic.patch(f"/persons/{whom}", json=said, headers={"If-Match": "*"})
    assert (late.status_code, "anonymous has no name" in late.json()["detail"]) == (422, True)
    assert (await clinic.get(f"/persons/{whom}")).json()[field] is None


async def test_what_names_nobody_is_recorded_and_corrected(clinic: httpx.AsyncClient) -> None:
    whom = await made(await clinic.post("/persons", json={**NAMELESS, "sex": "female", "languages": ["kk"]}))
    answer = await clinic.patch(f"/persons/{whom}", json={"languages": ["ru"]}, headers={"If-Match": "*"})
    known = answer.json()
    assert (known["anonymous"], known["sex"], known["languages"]) == (True, "female", ["ru"])


@pytest.mark.parametrize("anonymous", [True, False])
async def test_who_is_anonymous_stays_so_and_who_is_named_too(clinic: httpx.AsyncClient, anonymous: bool) -> None:
    whom = await made(await clinic.post("/persons", json={"role": "victim", "anonymous": anonymous}))
    change = {"anonymous": not anonymous}
    assert (await clinic.patch(f"/persons/{whom}", json=change, headers={"If-Match": "*"})).status_code == 422
    assert (await clinic.get(f"/persons/{whom}")).json()["anonymous"] is anonymous


async def test_no_consent_lets_a_referral_say_who_an_anonymous_person_is(worker: httpx.AsyncClient) -> None:
    whom = await made(await worker.post("/persons", json={**NAMELESS, "sex": "female"}))
    terms = {"purposes": ["addiction_treatment"], "recipients": ["health"], "valid_until": "2026-06-01T00:00:00Z"}
    consent = {"person_id": whom, **terms, **GIVEN, "categories": ["identity", "contact", "addiction"]}
    given = await made(await worker.post("/consents", json=consent))
    body: dict[str, Any] = {"to": {"organisation": CLINIC}, "purpose": "addiction_treatment", "person_id": whom}
    body |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01", "addiction": "Опиоид."}
    sent = (await worker.post("/referrals", json={**body, "dependants": "Екі бала."})).json()
    assert [sent["content"][name] for name in (*PERSON_FIELDS, "dependants")] == [None] * (len(PERSON_FIELDS) + 1)
    assert sent["content"]["addiction"] == "Опиоид."
    withheld = {one["field"]: one["rule"] for one in sent["withheld"]}
    assert withheld == dict.fromkeys(["sex", "dependants"], "F-ANONYMOUS")


async def test_a_receiver_refuses_a_name_that_comes_with_a_wish_to_be_anonymous(network: Network) -> None:
    police = node_of(network, Agency.POLICE)
    named = {"family_name": NAME}
    async with bench(network, Agency.SHELTER) as shelter:
        for anonymous in (True, False):
            grounds = relying_on(police, lasting(Purpose.LODGING)).model_copy(update={"anonymous": anonymous})
            await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request(**named), grounds=grounds)))
        async with shelter.work() as work:
            rows = (await work.session.exec(select(InboxRow.rule))).all()
    assert sorted(map(str, rows)) == ["F-ANONYMOUS", "None"]


async def test_a_code_word_links_two_episodes_at_the_clinic_and_at_nobody_else(
    health: Bench, clinic: httpx.AsyncClient, worker: httpx.AsyncClient
) -> None:
    first = await made(await clinic.post("/persons", json={**NAMELESS, "code": CODE}))
    second = await made(await clinic.post("/persons", json={**NAMELESS, "code": "  ҚАРЛЫҒАШ  7"}))
    other = await made(await clinic.post("/persons", json={**NAMELESS, "code": "қарлығаш 8"}))
    assert await episodes(clinic, CODE) == {first, second}
    assert other in await episodes(clinic, "қарлығаш 8")
    async with health.client(HOSPITAL) as hospital:
        assert await episodes(hospital, CODE) == set()
        same = await made(await hospital.post("/persons", json={**NAMELESS, "code": CODE}))
        assert await episodes(hospital, CODE) == {same}
    assert await episodes(worker, CODE) == set()


async def test_only_health_keeps_code_words_and_only_of_who_is_anonymous(
    clinic: httpx.AsyncClient, worker: httpx.AsyncClient
) -> None:
    elsewhere = await worker.post("/persons", json={**NAMELESS, "code": CODE})
    assert (elsewhere.status_code, "only health" in elsewhere.json()["detail"]) == (422, True)
    named = await clinic.post("/persons", json={"role": "victim", "family_name": NAME, "code": CODE})
    assert (named.status_code, "only who is anonymous" in named.json()["detail"]) == (422, True)
    whom = await made(await worker.post("/persons", json=NAMELESS))
    late = await worker.patch(f"/persons/{whom}", json={"code": CODE}, headers={"If-Match": "*"})
    assert late.status_code == 422


async def test_a_code_word_is_changed_and_the_old_one_finds_nobody(clinic: httpx.AsyncClient) -> None:
    whom = await made(await clinic.post("/persons", json={**NAMELESS, "code": "тырна"}))
    await clinic.patch(f"/persons/{whom}", json={"code": "аққу"}, headers={"If-Match": "*"})
    assert (await episodes(clinic, "тырна"), await episodes(clinic, "аққу")) == (set(), {whom})


async def test_a_code_word_lies_in_no_table_as_it_was_said(health: Bench, clinic: httpx.AsyncClient) -> None:
    await clinic.post("/persons", json={**NAMELESS, "code": "қарақұс"})
    async with health.work() as work:
        rows = (await work.session.exec(select(PersonRow))).all()
    assert not [row for row in rows if "қарақұс" in str(row.model_dump())]


def every_event(kind: type[Event] = Event) -> list[type[Event]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *every_event(sub))]


def test_no_event_has_a_field_for_a_code_word() -> None:
    assert len(every_event()) > 8
    assert not [one for one in every_event() if "code" in one.model_fields]
    assert "code" not in PERSON_FIELDS
