"""Preventive conversations (F12): recorded by every agency; that one was held is told, what was said never leaves."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from deploy.demo.people import iin
from deploy.network import Network
from shared.adapters.outbox import Outgoing, emit
from shared.adapters.tables import Disclosure
from shared.contract.events import ConversationHeld
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose, SubjectRole
from tests.courier import collect, exchange
from tests.deploy.test_security import OURS, THEIRS
from tests.pair import NOW, POLICE, SHELTER, Two, made
from tests.workbench import Bench, bench

SAID, HIS_NAME = "Құқықтық салдары түсіндірілді; ол мойындады.", "Жұмабаев"
HELD: dict[str, Any] = {"held_at": "2026-03-20T11:00:00+05:00", "minutes": 40, "place": "office"}
HELD |= {"forewarned": True, "said": SAID}


async def him(client: httpx.AsyncClient, **more: Any) -> str:
    return await made(await client.post("/persons", json={"role": "alleged_offender", "family_name": HIS_NAME, **more}))


async def child(client: httpx.AsyncClient, **more: Any) -> str:
    return await made(await client.post("/persons", json={"role": "dependant", **more}))


async def held(client: httpx.AsyncClient, whom: str, **more: Any) -> httpx.Response:
    return await client.post("/conversations", json={**HELD, "person_id": whom, **more})


@pytest.fixture(params=list(Agency), ids=str)
async def service(network: Network, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with bench(network, request.param, at=NOW) as one:
        yield one


async def test_every_agency_records_one_and_the_responsible_police_learn_that_it_was_held(service: Bench) -> None:
    agency = service.node.agency
    async with service.client(OURS[agency]) as worker:
        one = (await held(worker, await him(worker))).json()
        listed = (await worker.get("/conversations")).json()["items"]
    assert [listed[0][name] for name in ("id", "said", "minutes", "place")] == [one["id"], SAID, 40, "office"]
    expected = [] if agency is Agency.POLICE else [{"recipient_id": POLICE, "kept_back_by": None}]
    assert one["told"] == expected  # nobody is responsible for social services in this network
    letters = [e for e in await service.waiting() if e and isinstance(e.data.content, ConversationHeld)]
    assert [letter.recipient for letter in letters] == [entry["recipient_id"] for entry in expected]
    for letter in letters:
        assert not [w for w in (SAID[:10], HIS_NAME, one["id"], one["person_id"]) if w in letter.model_dump_json()]


async def test_the_police_learn_when_and_by_whom_and_nothing_else(two: Two) -> None:
    whom = await him(two.warden)
    assert (await held(two.warden, whom, tell=[POLICE])).status_code == 201
    await exchange(two.shelter, two.police)
    (told,) = (await two.officer.get("/conversations")).json()["items"]
    assert (told["counterpart_id"], told["held_on"], told["subject"]) == (SHELTER, "2026-03-20", "alleged_offender")
    empty = ("person_id", "referral_id", "place", "held_at", "minutes", "forewarned", "said")
    assert [told[name] for name in empty] == [None] * len(empty)
    assert (told["present"], told["told"]) == ([], [])
    assert (await two.officer.get(f"/conversations/{told['id']}")).json() == told


async def test_it_is_the_same_once_whoever_often_it_is_told(two: Two) -> None:
    assert (await held(two.warden, await him(two.warden), tell=[POLICE])).status_code == 201
    letters = (await collect(two.shelter)).letters
    for subject, payload in [*letters, *letters]:
        await two.police.inbox.receive(subject, payload)
    assert len((await two.officer.get("/conversations")).json()["items"]) == 1


@pytest.mark.parametrize(("helper", "is_known"), [(SHELTER, True), ("hospital-19", False)])
async def test_only_a_referral_with_who_tells_it_says_with_whom_it_was_held(
    two: Two, helper: str, is_known: bool
) -> None:
    purpose = "lodging" if is_known else "medical_examination"
    whom = await made(await two.officer.post("/persons", json={"role": "victim"}))
    asked = {"to": {"organisation": helper}, "purpose": purpose, "person_id": whom}
    asked |= {"basis": {"kind": "own_request"}, "call_back": "+7 727 000 00 01"}
    referral = await made(await two.officer.post("/referrals", json=asked))
    event = ConversationHeld.model_validate(
        {"conversation_id": uuid4(), "referral_id": referral, "held_on": "2026-03-20"}
    )
    grounds = Grounds(
        basis=Basis.STATUTORY_DUTY, purpose=Purpose.PREVENTIVE_CONVERSATION, subject=SubjectRole.ALLEGED_OFFENDER
    )
    async with two.shelter.work(SHELTER) as work:
        assert (await emit(work, Outgoing(event, SHELTER, POLICE, grounds, event.conversation_id))).event_id
    await exchange(two.shelter, two.police)
    (told,) = (await two.officer.get("/conversations")).json()["items"]
    assert (told["referral_id"], told["person_id"]) == (referral, whom if is_known else None)


async def test_that_it_left_is_in_the_accounting_on_the_duty_with_nothing_but_what_routes_it(two: Two) -> None:
    whom = await him(two.warden)
    assert (await held(two.warden, whom, tell=[POLICE])).status_code == 201
    async with two.shelter.work() as work:
        (row,) = (await work.session.exec(select(Disclosure))).all()
    assert (row.basis, row.categories, row.rules[0]) == ("statutory_duty", ["routing"], "P-F12-CONVERSATION-HELD")
    assert str(row.person_id) == whom


@pytest.mark.parametrize(
    "more",
    [
        {"minutes": 61},
        {"minutes": 0},
        {"held_at": "2026-03-20T12:00:01+05:00"},
        {"place": "street"},
        {"tell": ["hospital-19"]},
        {"tell": ["shelter-near-19"]},
        {"tell": [POLICE]},
        {"tell": ["nowhere-19"]},
        {"forewarned": "yes"},
        {"said": ""},
        {"more": 1},
    ],
)
async def test_one_that_can_not_have_been_held_or_told_like_that_is_not_taken(two: Two, more: dict[str, Any]) -> None:
    answer = await held(two.officer, await him(two.officer), **more)
    assert answer.status_code == 422, answer.text
    assert SAID not in answer.text
    assert (await two.officer.get("/conversations")).json()["items"] == []


async def test_it_is_not_held_with_the_victim_nor_with_somebody_who_is_not_here(two: Two) -> None:
    her = await made(await two.officer.post("/persons", json={"role": "victim"}))
    assert (await held(two.officer, her)).status_code == 422
    assert (await held(two.officer, await him(two.warden))).status_code == 404


async def test_with_a_minor_somebody_is_present_who_is_not_the_alleged_offender(two: Two) -> None:
    whom = await child(two.officer, birth_date="2012-09-01")
    father = await him(two.officer)
    parent = {"kind": "parent", "alleged_offender": False}
    refused: list[list[dict[str, Any]]] = [
        [],
        [{"kind": "parent", "alleged_offender": True}],
        [{**parent, "person_id": father}],  # whatever the call says of him
        [{**parent, "person_id": whom}],
    ]
    for present in refused:
        answer = await held(two.officer, whom, present=present)
        assert (answer.status_code, answer.json()["title"]) == (422, "invalid input"), present
    mother = await made(await two.officer.post("/persons", json={"role": "victim"}))
    for present in ([parent], [{"kind": "teacher", "alleged_offender": False}], [{**parent, "person_id": mother}]):
        answer = await held(two.officer, whom, present=present)
        assert answer.status_code == 201, answer.text
    assert answer.json()["present"] == [{**parent, "person_id": mother}]


async def test_a_minor_by_the_iin_alone_is_a_minor_and_so_is_a_child_without_an_age(two: Two) -> None:
    for born, status in (("2012-09-01", 422), ("1985-09-01", 201)):
        whom = await him(two.officer, iin=iin(born, 1234, digit=5 if born > "2000" else 3))
        assert (await held(two.officer, whom)).status_code == status
    assert (await held(two.officer, await child(two.officer))).status_code == 422


async def test_when_the_person_is_erased_what_was_said_is_gone_and_that_it_was_held_stays(two: Two) -> None:
    whom = await him(two.officer)
    one = (await held(two.officer, whom)).json()["id"]
    async with two.police.client(POLICE, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{whom}")).status_code == 200
    left = (await two.officer.get(f"/conversations/{one}")).json()
    assert (left["held_on"], left["said"], left["present"]) == ("2026-03-20", None, [])
    assert (await held(two.officer, whom)).status_code == 410


async def test_another_organisations_conversation_does_not_exist(service: Bench) -> None:
    agency = service.node.agency
    async with service.client(OURS[agency]) as worker, service.client(THEIRS[agency]) as stranger:
        one = (await held(worker, await him(worker))).json()["id"]
        assert (await stranger.get(f"/conversations/{one}")).status_code == 404
        assert (await stranger.get("/conversations")).json()["items"] == []


async def test_a_statistician_records_and_reads_none(two: Two) -> None:
    whom = await him(two.officer)
    async with two.police.client(POLICE, "statistician") as counting:
        assert (await held(counting, whom)).status_code == 403
        assert (await counting.get("/conversations")).status_code == 403
