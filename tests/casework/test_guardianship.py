"""Guardianship of a minor (F8): health asks who must decide, and says neither what for nor, of a victim, who it is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.adapters.outbox import Outgoing, emit
from shared.casework.loops import watch_deadlines
from shared.contract.events import GuardianAnswered, GuardianAsked
from shared.contract.grounds import Grounds
from shared.contract.treatment_words import GuardianAnswer
from shared.contract.vocabulary import Agency, Basis, Purpose
from tests.courier import carry, collect, exchange
from tests.pair import NAME, NOW, made
from tests.treating import CLINIC
from tests.workbench import Bench, bench

GUARDIANS = "social-19"
CALL = "+7 727 000 01 03"
CHILD = {"role": "victim", "family_name": NAME, "birth_date": "2012-05-01"}
ON_DUTY = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.GUARDIANSHIP)
Json = dict[str, Any]


@dataclass
class Case:
    """An addictology organisation and a guardianship authority at rest, with a worker at each."""

    health: Bench
    social: Bench
    doctor: httpx.AsyncClient
    guardian: httpx.AsyncClient

    async def asks(self, person: str, **more: Any) -> httpx.Response:
        body = {"person_id": person, "to": GUARDIANS, "call_back": CALL, **more}
        return await self.doctor.post("/guardian-requests", json=body)

    async def asked(self, **who: Any) -> str:
        """A request that has arrived: its id."""
        child = await made(await self.doctor.post("/persons", json={**CHILD, **who}))
        request = await made(await self.asks(child))
        await exchange(self.health, self.social)
        return request

    async def at(self, client: httpx.AsyncClient, request: str) -> Json:
        answer = await client.get(f"/guardian-requests/{request}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def answers(self, request: str, answer: str = "consents") -> httpx.Response:
        return await self.guardian.post(f"/guardian-requests/{request}/answer", json={"answer": answer})


@pytest.fixture
async def case(network: Network) -> AsyncIterator[Case]:
    async with (
        bench(network, Agency.HEALTH, at=NOW) as health,
        bench(network, Agency.SOCIAL, at=NOW) as social,
        health.client(CLINIC, "worker", "supervisor") as doctor,
        social.client(GUARDIANS, "worker", "supervisor") as guardian,
    ):
        yield Case(health, social, doctor, guardian)


async def test_of_a_victim_the_authority_learns_whom_to_call_and_until_when_and_nothing_else(case: Case) -> None:
    request = await case.asked()
    there = await case.at(case.guardian, request)
    assert (there["content"], there["subject"], there["person_id"]) == ({"call_back": CALL}, "victim", None)
    assert there["answer_by"] == (await case.at(case.doctor, request))["answer_by"] == "2026-03-30"


async def test_of_who_is_on_the_compulsory_path_it_learns_the_name_too_and_never_what_for(case: Case) -> None:
    child = await made(
        await case.doctor.post("/persons", json={**CHILD, "role": "alleged_offender", "address": "Есік"})
    )
    request = await made(await case.asks(child))
    (letter,) = [e for e in await case.health.waiting() if e and isinstance(e.data.content, GuardianAsked)]
    said = letter.model_dump_json()
    for word in ("Есік", "addiction", "treatment", child):
        assert word not in said, word
    await exchange(case.health, case.social)
    told = (await case.at(case.guardian, request))["content"]
    assert told == {"call_back": CALL, "family_name": NAME, "birth_date": "2012-05-01"}


async def test_who_is_anonymous_is_named_to_nobody(case: Case) -> None:
    nameless = {"role": "victim", "anonymous": True, "incapacitated": True}
    child = await made(await case.doctor.post("/persons", json=nameless))
    request = await made(await case.asks(child))
    await exchange(case.health, case.social)
    assert (await case.at(case.guardian, request))["content"] == {"call_back": CALL}


@pytest.mark.parametrize("answer", list(GuardianAnswer))
async def test_the_answer_arrives_and_counts_once(case: Case, answer: str) -> None:
    request = await case.asked()
    assert (await case.answers(request, answer)).status_code == 200
    again = await case.answers(request, "refuses")
    assert again.status_code == 409
    await exchange(case.social, case.health)
    there = await case.at(case.doctor, request)
    assert (there["answer"], there["answered_at"]) == (answer, "2026-03-20T07:00:00Z")


async def test_it_is_due_in_three_business_days_at_both_and_met_by_the_answer(case: Case) -> None:
    request = await case.asked()
    for client in (case.doctor, case.guardian):
        (due,) = (await client.get("/deadlines")).json()["items"]
        assert (due["kind"], due["due_on"], due["concerning"]) == ("guardian_answers", "2026-03-30", request)
    for service in (case.health, case.social):
        service.clock.turn_to("2026-03-31T00:00:00+05:00")
        async with service.work() as work:
            await watch_deadlines(work, service.app.state.parts.clocks)
    for client in (case.doctor, case.guardian):
        assert {r["kind"] for r in (await client.get("/reminders")).json()["items"]} >= {"overdue"}
    await case.answers(request)
    await exchange(case.social, case.health)
    for client in (case.doctor, case.guardian):
        assert (await client.get("/deadlines")).json()["items"] == []


async def test_the_same_letters_twice_change_nothing(case: Case) -> None:
    child = await made(await case.doctor.post("/persons", json=CHILD))
    request = await made(await case.asks(child))
    for subject, payload in (await collect(case.health)).letters * 2:
        await case.social.inbox.receive(subject, payload)
    assert len((await case.guardian.get("/guardian-requests")).json()["items"]) == 1
    await case.answers(request)
    for subject, payload in (await collect(case.social)).letters * 2:
        await case.health.inbox.receive(subject, payload)
    assert (await case.at(case.doctor, request))["answer"] == "consents"


async def test_nobody_but_the_authority_that_was_asked_answers(case: Case) -> None:
    request = await case.asked()
    stranger = "social-23"
    about = {"request_id": request, "answer": "consents", "at": case.social.clock()}
    event = GuardianAnswered.model_validate(about)
    async with case.social.work(stranger) as work:
        await emit(work, Outgoing(event, stranger, CLINIC, ON_DUTY, event.request_id))
    await carry(case.social, case.health)
    assert (await case.at(case.doctor, request))["answer"] is None


async def test_another_organisations_request_does_not_exist(case: Case) -> None:
    request = await case.asked()
    async with case.social.client("social-23", "worker") as stranger:
        assert (await stranger.get(f"/guardian-requests/{request}")).status_code == 404
        assert (await stranger.get("/guardian-requests")).json()["items"] == []
        refused = await stranger.post(f"/guardian-requests/{request}/answer", json={"answer": "consents"})
        assert refused.status_code == 404
    async with case.health.client("hospital-19", "worker") as stranger:
        assert (await stranger.get(f"/guardian-requests/{request}")).status_code == 404


async def test_who_only_counts_figures_neither_reads_nor_answers(case: Case) -> None:
    request = await case.asked()
    async with case.social.client(GUARDIANS, "statistician") as nobody:
        assert (await nobody.get(f"/guardian-requests/{request}")).status_code == 403
        refused = await nobody.post(f"/guardian-requests/{request}/answer", json={"answer": "consents"})
        assert refused.status_code == 403


async def test_nobody_asks_for_an_adult_who_decides_alone_or_somebody_who_is_no_such_authority(case: Case) -> None:
    adult = await made(await case.doctor.post("/persons", json={**CHILD, "birth_date": "1991-05-01"}))
    assert (await case.asks(adult)).status_code == 422
    child = await made(await case.doctor.post("/persons", json=CHILD))
    for to in ("police-19", "social-nowhere", CLINIC):
        assert (await case.asks(child, to=to)).status_code == 422, to
    assert (await case.asks(child, why="x")).status_code == 422
    assert (await case.asks(GUARDIANS)).status_code == 422
    async with case.health.client("hospital-19") as stranger:
        body = {"person_id": child, "to": GUARDIANS, "call_back": CALL}
        assert (await stranger.post("/guardian-requests", json=body)).status_code == 404


async def test_for_an_adult_who_can_not_decide_it_is_asked_as_for_a_minor(case: Case) -> None:
    request = await case.asked(birth_date="1991-05-01", incapacitated=True)
    assert (await case.at(case.guardian, request))["content"] == {"call_back": CALL}


async def test_whom_to_call_goes_with_the_child_that_is_erased_and_the_answer_still_counts(case: Case) -> None:
    child = await made(await case.doctor.post("/persons", json=CHILD))
    request = await made(await case.asks(child))
    await exchange(case.health, case.social)
    assert (await case.doctor.delete(f"/persons/{child}")).status_code == 200
    assert (await case.at(case.doctor, request))["content"] == {}
    await case.answers(request)
    await exchange(case.social, case.health)
    assert (await case.at(case.doctor, request))["answer"] == "consents"
