"""A joint assessment (F4): proposed by the police, answered, signed by the quorum, told and ended with her consent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.network import Network
from shared.adapters.outbox import Outgoing, emit
from shared.adapters.trust_list import TrustNow
from shared.casework.assessments import store
from shared.casework.assessments.telling import to_invited
from shared.casework.loops import end_what_ran_out, watch_deadlines
from shared.contract.assessment import AssessmentEnd, Seat
from shared.contract.events import AssessmentEnded, AssessmentProposed, AssessmentSigned
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose
from tests.courier import Courier, collect
from tests.pair import GIVEN, NAME, NOW, SPOKEN, made
from tests.workbench import Bench, bench

POLICE, SHELTER, HOSPITAL, SOCIAL = "police-19", "shelter-far-19", "hospital-19", "social-19"
MEETS, HELD = "2026-03-27T10:00:00+05:00", "2026-03-27T11:30:00+05:00"
HER_HOME = "Есік қ., Абай к-сі, 5"
ROOM, CALL = "214-кабинет", "+7 727 000 00 01"
ALL = {"purposes": ["joint_assessment"], "categories": ["identity", "assessment"]}


@dataclass
class Four:
    """A service at rest for each agency, with a worker at each, and an assessment that the police may propose."""

    benches: dict[Agency, Bench]
    workers: dict[Agency, httpx.AsyncClient]
    her: str = ""
    consent: str = ""

    @property
    def officer(self) -> httpx.AsyncClient:
        return self.workers[Agency.POLICE]

    @property
    def police(self) -> Bench:
        return self.benches[Agency.POLICE]

    def turn_to(self, iso: str) -> None:
        for one in self.benches.values():
            one.clock.turn_to(iso)

    async def exchange(self) -> None:
        """Carry everything to everyone until nobody has anything to say."""
        while sum([await self.deliver(await collect(one)) for one in self.benches.values()]):
            pass

    async def deliver(self, courier: Courier) -> int:
        """Everything that a courier carries; how many letters that were."""
        for subject, payload in courier.letters:
            for one in self.benches.values():
                if subject.endswith(f".{one.node.name}"):
                    await one.inbox.receive(subject, payload)
        return len(courier.letters)

    async def end_what_ran_out(self) -> None:
        for service in self.benches.values():
            async with service.work() as work:
                await end_what_ran_out(work)

    async def consents(self, **terms: Any) -> str:
        given = {**GIVEN, **ALL, "recipients": ["health", "social", "shelter"], **SPOKEN, **terms}
        self.consent = await made(await self.officer.post("/consents", json={"person_id": self.her, **given}))
        return self.consent

    async def try_to_propose(self, **more: Any) -> httpx.Response:
        body: dict[str, Any] = {"meets_at": MEETS, "place": POLICE, "room": ROOM, "call_back": CALL}
        body |= {"person_id": self.her, "basis": {"kind": "own_request"}}
        invite = [{"organisation": SOCIAL, "seat": "social_worker"}, {"organisation": HOSPITAL, "seat": "psychologist"}]
        return await self.officer.post("/assessments", json={**body, "invite": invite, **more})

    async def propose(self, **more: Any) -> str:
        return await made(await self.try_to_propose(**more))

    async def on_consent(self, **more: Any) -> str:
        """Proposed on her consent, and known to everyone."""
        basis = {"kind": "consent", "consent_id": self.consent or await self.consents()}
        assessment = await self.propose(basis=basis, **more)
        await self.exchange()
        return assessment

    async def act(self, agency: Agency, assessment: str, what: str, body: Any) -> httpx.Response:
        return await self.workers[agency].post(f"/assessments/{assessment}/{what}", json=body)

    async def accept(self, assessment: str, *agencies: Agency) -> None:
        for agency in agencies:
            answer = await self.act(agency, assessment, "answer", {"answer": "accepted", "call_back": CALL})
            assert answer.status_code == 200, answer.text
        await self.exchange()

    async def sign(self, assessment: str, *agencies: Agency, challenging: bool = True) -> None:
        for agency in agencies:
            answer = await self.act(agency, assessment, "sign", {"challenging": challenging})
            assert answer.status_code == 200, answer.text
        await self.exchange()

    async def held(self) -> str:
        """Proposed on her consent, accepted, and held; nobody has signed."""
        assessment = await self.on_consent()
        await self.accept(assessment, Agency.HEALTH, Agency.SOCIAL)
        self.turn_to(HELD)
        return assessment

    async def at(self, agency: Agency, assessment: str) -> dict[str, Any]:
        answer = await self.workers[agency].get(f"/assessments/{assessment}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def states(self, assessment: str, *agencies: Agency) -> list[str]:
        whose = agencies or (Agency.POLICE, Agency.HEALTH, Agency.SOCIAL)
        return [(await self.at(agency, assessment))["state"] for agency in whose]

    async def due(self, agency: Agency) -> list[str]:
        return [one["kind"] for one in (await self.workers[agency].get("/deadlines")).json()["items"]]

    async def fired(self, agency: Agency) -> list[tuple[str, str]]:
        service = self.benches[agency]
        async with service.work() as work:
            await watch_deadlines(work, service.app.state.parts.clocks)
        items = (await self.workers[agency].get("/reminders")).json()["items"]
        return sorted((one["kind"], one["deadline"]["kind"]) for one in items)


@pytest.fixture
async def four(network: Network) -> AsyncIterator[Four]:
    whom = {Agency.POLICE: POLICE, Agency.SHELTER: SHELTER, Agency.HEALTH: HOSPITAL, Agency.SOCIAL: SOCIAL}
    async with AsyncExitStack() as stack:
        benches = {agency: await stack.enter_async_context(bench(network, agency, at=NOW)) for agency in whom}
        clients = {agency: await stack.enter_async_context(one.client(whom[agency])) for agency, one in benches.items()}
        made_ = Four(benches, clients)
        her = {"role": "victim", "family_name": NAME, "given_name": "Айгүл", "address": HER_HOME}
        made_.her = await made(await made_.officer.post("/persons", json=her))
        yield made_


async def taken_in(four: Four) -> str:
    """The shelter has taken her in on a referral of the police."""
    body = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": four.her}
    basis = {"basis": {"kind": "own_request"}, "call_back": CALL}
    referral = await made(await four.officer.post("/referrals", json={**body, **basis}))
    await four.exchange()
    assert (await four.workers[Agency.SHELTER].post(f"/referrals/{referral}/accept")).is_success
    await four.exchange()
    return referral


async def test_who_is_invited_learns_when_and_where_and_not_of_whom_nor_who_else_is(four: Four) -> None:
    referral = await taken_in(four)
    invite = [
        {"organisation": SOCIAL, "seat": "social_worker"},
        {"organisation": HOSPITAL, "seat": "psychologist"},
        {"organisation": SHELTER, "seat": "host"},
    ]
    assessment = await four.propose(invite=invite)
    letters = [e for e in await four.police.waiting() if e and isinstance(e.data.content, AssessmentProposed)]
    for letter in letters:
        others = {SOCIAL, HOSPITAL, SHELTER} - {letter.recipient}
        said = letter.model_dump_json()
        assert not [word for word in (NAME, HER_HOME, four.her, *others) if word in said]
    await four.exchange()
    at_hospital = await four.at(Agency.HEALTH, assessment)
    told = [at_hospital[name] for name in ("state", "seat", "place", "room", "call_back", "referral_id", "answer_by")]
    assert told == ["proposed", "psychologist", POLICE, ROOM, CALL, None, "2026-03-26"]
    host = await four.at(Agency.SHELTER, assessment)
    assert (host["seat"], host["referral_id"]) == ("host", referral)


async def test_it_is_agreed_once_all_whose_signatures_it_needs_come_and_everyone_knows(four: Four) -> None:
    assessment = await four.propose()
    await four.exchange()
    await four.accept(assessment, Agency.HEALTH)
    assert await four.states(assessment) == ["proposed"] * 3
    assert await four.due(Agency.HEALTH) == []
    assert await four.due(Agency.POLICE) == ["assessment_answer"]
    await four.accept(assessment, Agency.SOCIAL)
    assert await four.states(assessment) == ["agreed"] * 3
    assert await four.due(Agency.POLICE) == []


async def test_who_has_left_the_network_keeps_nobody_else_from_knowing_that_it_is_agreed_or_has_ended(
    four: Four, monkeypatch: pytest.MonkeyPatch
) -> None:
    await taken_in(four)
    invite = [{"organisation": SOCIAL, "seat": "social_worker"}, {"organisation": HOSPITAL, "seat": "psychologist"}]
    assessment = await four.propose(invite=[{"organisation": SHELTER, "seat": "host"}, *invite])
    await four.exchange()
    speaks = TrustNow.node_of
    monkeypatch.setattr(TrustNow, "node_of", lambda now, whom: None if whom == SHELTER else speaks(now, whom))
    await four.accept(assessment, Agency.HEALTH, Agency.SOCIAL)
    assert await four.states(assessment) == ["agreed"] * 3
    another = {"meets_at": "2026-03-28T10:00:00+05:00", "place": POLICE, "call_back": CALL}
    assert (await four.act(Agency.POLICE, assessment, "rounds", another)).status_code == 403  # to all, or to nobody
    assert [(await four.at(one, assessment))["round"] for one in (Agency.POLICE, Agency.HEALTH)] == [1, 1]
    async with four.police.client(POLICE, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{four.her}")).status_code == 200
    await four.exchange()
    assert await four.states(assessment) == ["ended"] * 3


async def test_one_answers_within_one_business_day_and_both_ends_hear_of_it_once(four: Four) -> None:
    four.turn_to("2026-03-26T12:00:00+05:00")  # a Thursday
    await four.propose(meets_at="2026-04-02T10:00:00+05:00")
    await four.exchange()
    sides = (Agency.POLICE, Agency.HEALTH, Agency.SOCIAL)
    four.turn_to("2026-03-26T23:59:59+05:00")
    assert [await four.fired(one) for one in sides] == [[], [], []]
    four.turn_to("2026-03-27T00:00:00+05:00")
    for _ in range(2):
        assert [await four.fired(one) for one in sides] == [[("due_soon", "assessment_answer")]] * 3
    four.turn_to("2026-03-28T00:00:00+05:00")
    for _ in range(2):
        assert [await four.fired(one) for one in sides] == [
            [("due_soon", "assessment_answer"), ("overdue", "assessment_answer")]
        ] * 3


async def test_another_time_can_be_asked_for_and_then_everyone_is_asked_again(four: Four) -> None:
    assessment = await four.propose()
    await four.exchange()
    await four.accept(assessment, Agency.HEALTH)
    other = {"answer": "other_time", "suggests": "2026-03-25T15:00:00+05:00"}
    assert (await four.act(Agency.SOCIAL, assessment, "answer", other)).is_success
    await four.exchange()
    mine = await four.at(Agency.POLICE, assessment)
    assert {one["seat"]: (one["answer"], one["suggests"]) for one in mine["invited"]} == {
        "psychologist": ("accepted", None),
        "social_worker": ("other_time", "2026-03-25T10:00:00Z"),
    }
    again = {"meets_at": "2026-03-25T15:00:00+05:00", "place": POLICE, "call_back": CALL}
    assert (await four.act(Agency.POLICE, assessment, "rounds", again)).status_code == 201
    await four.exchange()
    for agency in (Agency.HEALTH, Agency.SOCIAL):
        theirs = await four.at(agency, assessment)
        assert (theirs["round"], theirs["answer"], theirs["meets_at"]) == (2, None, "2026-03-25T10:00:00Z")
        assert await four.due(agency) == ["assessment_answer"]
    await four.accept(assessment, Agency.HEALTH, Agency.SOCIAL)
    assert await four.states(assessment) == ["agreed"] * 3


async def test_an_answer_is_given_once_and_one_that_crosses_another_proposal_does_not_count(four: Four) -> None:
    assessment = await four.propose()
    await four.exchange()
    assert (await four.act(Agency.HEALTH, assessment, "answer", {"answer": "accepted"})).is_success
    answered = await four.act(Agency.HEALTH, assessment, "answer", {"answer": "declined"})
    assert (answered.status_code, answered.json()["title"]) == (409, "answered")
    again = {"meets_at": "2026-03-25T15:00:00+05:00", "place": POLICE, "call_back": CALL}
    assert (await four.act(Agency.POLICE, assessment, "rounds", again)).is_success
    await four.exchange()
    mine, theirs = [await four.at(agency, assessment) for agency in (Agency.POLICE, Agency.HEALTH)]
    assert (theirs["round"], theirs["answer"]) == (2, None)
    assert [one["answer"] for one in mine["invited"]] == [None, None]


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [
        ({"place": SHELTER}, 409, "protected-place"),
        ({"room": f"{SHELTER}, 2-қабат"}, 409, "protected-place"),
        ({"room": "Есік қ. Абай К-СІ 5"}, 409, "protected-place"),
        ({"room": "Абай к-сі, 5 жанында"}, 201, ""),
        ({"place": "nowhere-19"}, 422, "invalid-input"),
        ({"meets_at": NOW}, 422, "invalid-input"),
        ({"basis": {"kind": "statutory_duty"}}, 422, "invalid-input"),
        ({"invite": [{"organisation": SOCIAL, "seat": "social_worker"}]}, 422, "invalid-input"),
    ],
)
async def test_a_place_that_is_protected_is_not_named_and_no_seat_of_the_quorum_stays_empty(
    four: Four, more: dict[str, Any], status: int, kind: str
) -> None:
    answer = await four.try_to_propose(**more)
    assert answer.status_code == status, answer.text
    assert status == 201 or answer.json()["title"].replace(" ", "-") == kind
    assert HER_HOME not in answer.text


@pytest.mark.parametrize(
    "invite",
    [
        {"organisation": HOSPITAL, "seat": "social_worker"},
        {"organisation": SOCIAL, "seat": "psychologist"},
        {"organisation": POLICE, "seat": "officer"},
        {"organisation": SHELTER, "seat": "host"},
        {"organisation": "nowhere-19", "seat": "host"},
    ],
)
async def test_each_seat_is_filled_once_by_who_can_and_a_shelter_hosts_whom_it_has_taken_in(
    four: Four, invite: dict[str, str]
) -> None:
    quorum = [{"organisation": SOCIAL, "seat": "social_worker"}, {"organisation": HOSPITAL, "seat": "psychologist"}]
    assert (await four.try_to_propose(invite=[*quorum, invite])).status_code == 422


async def test_where_he_would_look_for_her_nobody_meets(four: Four) -> None:
    known = {"places_known_to_offender": [POLICE]}
    changed = await four.officer.patch(f"/persons/{four.her}", json=known, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text
    assert (await four.try_to_propose()).json()["title"] == "known to offender"


async def test_the_outcome_stands_once_the_quorum_has_signed_the_same_and_all_who_took_part_learn_it(
    four: Four,
) -> None:
    assessment = await four.held()
    await four.sign(assessment, Agency.HEALTH, Agency.SOCIAL)
    mine = await four.at(Agency.POLICE, assessment)
    assert (mine["state"], mine["missing"], mine["outcome"]) == ("agreed", ["officer"], None)
    assert [one["challenging"] for one in mine["signatures"]] == [None, None]  # the officer finds by himself
    assert (await four.at(Agency.HEALTH, assessment))["outcome"] is None
    await four.sign(assessment, Agency.POLICE)
    assert await four.states(assessment) == ["concluded"] * 3
    for agency in (Agency.HEALTH, Agency.SOCIAL):
        found = (await four.at(agency, assessment))["outcome"]
        assert (found["challenging"], found["family_name"]) == (True, NAME)
        assert found["quorum"] == ["officer", "psychologist", "social_worker"]
    mine = await four.at(Agency.POLICE, assessment)
    assert (mine["outcome"]["challenging"], mine["missing"]) == (True, [])


async def test_who_signs_last_makes_it_stand_whoever_that_is(four: Four) -> None:
    assessment = await four.held()
    await four.sign(assessment, Agency.POLICE, Agency.SOCIAL, challenging=False)
    assert await four.states(assessment) == ["agreed"] * 3
    await four.sign(assessment, Agency.HEALTH, challenging=False)
    assert await four.states(assessment) == ["concluded"] * 3
    assert (await four.at(Agency.SOCIAL, assessment))["outcome"]["challenging"] is False


async def test_where_two_find_different_things_nothing_stands_until_it_is_held_again(four: Four) -> None:
    assessment = await four.held()
    await four.sign(assessment, Agency.POLICE, Agency.SOCIAL)
    await four.sign(assessment, Agency.HEALTH, challenging=False)
    mine = await four.at(Agency.POLICE, assessment)
    assert (mine["state"], mine["missing"], mine["outcome"]) == ("agreed", [], None)
    assert {one["seat"]: one["challenging"] for one in mine["signatures"]}["psychologist"] is False
    again = {"meets_at": "2026-03-30T10:00:00+05:00", "place": POLICE, "call_back": CALL}
    assert (await four.act(Agency.POLICE, assessment, "rounds", again)).is_success
    await four.exchange()
    await four.accept(assessment, Agency.HEALTH, Agency.SOCIAL)
    four.turn_to("2026-03-30T12:00:00+05:00")
    await four.sign(assessment, Agency.POLICE, Agency.SOCIAL, Agency.HEALTH)
    assert await four.states(assessment) == ["concluded"] * 3


async def test_nobody_signs_before_it_was_held_nor_twice_nor_who_does_not_take_part(four: Four) -> None:
    assessment = await four.on_consent()
    signature = {"challenging": True}
    early = await four.act(Agency.HEALTH, assessment, "sign", signature)
    assert (early.status_code, early.json()["title"]) == (409, "not held")
    await four.accept(assessment, Agency.HEALTH)
    assert (await four.act(Agency.SOCIAL, assessment, "answer", {"answer": "declined"})).is_success
    four.turn_to(HELD)
    away = await four.act(Agency.SOCIAL, assessment, "sign", signature)
    assert (away.status_code, away.json()["title"]) == (409, "not taking part")
    assert (await four.act(Agency.HEALTH, assessment, "sign", signature)).is_success
    twice = await four.act(Agency.HEALTH, assessment, "sign", {"challenging": False})
    assert (twice.status_code, twice.json()["title"]) == (409, "signed")


async def test_without_her_consent_it_is_opaque_and_no_outcome_leaves(four: Four) -> None:
    assessment = await four.propose()
    await four.exchange()
    await four.accept(assessment, Agency.HEALTH, Agency.SOCIAL)
    four.turn_to(HELD)
    for agency in (Agency.POLICE, Agency.HEALTH, Agency.SOCIAL):
        answer = await four.act(agency, assessment, "sign", {"challenging": True})
        assert (answer.status_code, answer.json()["title"]) == (409, "needs consent")
    assert not [e for e in await four.police.waiting() if e and isinstance(e.data.content, AssessmentSigned)]


async def test_a_later_round_can_bring_her_consent(four: Four) -> None:
    assessment = await four.propose()
    await four.exchange()
    basis = {"kind": "consent", "consent_id": await four.consents()}
    again = {"meets_at": MEETS, "place": POLICE, "call_back": CALL, "basis": basis}
    assert (await four.act(Agency.POLICE, assessment, "rounds", again)).is_success
    await four.exchange()
    await four.accept(assessment, Agency.HEALTH, Agency.SOCIAL)
    four.turn_to(HELD)
    await four.sign(assessment, Agency.POLICE, Agency.SOCIAL, Agency.HEALTH)
    assert await four.states(assessment) == ["concluded"] * 3


async def test_of_a_consent_to_the_outcome_alone_no_name_is_told(four: Four) -> None:
    await four.consents(categories=["assessment"])
    assessment = await four.held()
    await four.sign(assessment, Agency.POLICE, Agency.SOCIAL, Agency.HEALTH)
    found = (await four.at(Agency.HEALTH, assessment))["outcome"]
    assert (found["challenging"], found["family_name"]) == (True, None)


async def test_a_consent_that_does_not_reach_everyone_lets_it_leave_to_nobody(four: Four) -> None:
    basis = {"kind": "consent", "consent_id": await four.consents(recipients=["health"])}
    answer = await four.try_to_propose(basis=basis)
    assert (answer.status_code, answer.json()["rule"]) == (403, "F-NO-LIVE-CONSENT")
    assert [e for e in await four.police.waiting() if e] == []
    assert (await four.officer.get("/assessments")).json()["items"] == []


@pytest.mark.parametrize("when", ["proposed", "agreed", "concluded"])
async def test_her_withdrawal_ends_it_everywhere_and_erases_what_it_opened(four: Four, when: str) -> None:
    assessment = await four.on_consent()
    if when != "proposed":
        await four.accept(assessment, Agency.HEALTH, Agency.SOCIAL)
    if when == "concluded":
        four.turn_to(HELD)
        await four.sign(assessment, Agency.POLICE, Agency.SOCIAL, Agency.HEALTH)
    assert (await four.officer.post(f"/consents/{four.consent}/withdraw")).status_code == 200
    await four.exchange()
    for agency in (Agency.POLICE, Agency.HEALTH, Agency.SOCIAL):
        left = await four.at(agency, assessment)
        assert (left["state"], left["end"], left["outcome"]) == ("ended", "consent_ended", None)
        assert [left["room"], left["call_back"]] == [None, None]
        assert [one["challenging"] for one in left["signatures"]] == [None] * len(left["signatures"])
        assert [one["call_back"] for one in left["invited"]] == [None] * len(left["invited"])
        assert await four.due(agency) == []
        assert NAME not in str(left)


async def test_it_never_blocks_closing_and_what_comes_after_changes_nothing(four: Four) -> None:
    assessment = await four.held()
    assert (await four.officer.post(f"/consents/{four.consent}/withdraw")).status_code == 200
    assert (
        await four.act(Agency.HEALTH, assessment, "sign", {"challenging": True})
    ).is_success  # it crosses the withdrawal
    closed = await four.act(Agency.POLICE, assessment, "end", {"end": "cancelled"})
    assert (closed.status_code, closed.json()["end"]) == (200, "consent_ended")
    await four.exchange()
    assert await four.states(assessment) == ["ended"] * 3
    assert (await four.at(Agency.POLICE, assessment))["signatures"] == []
    for agency, what, body in (
        (Agency.HEALTH, "sign", {"challenging": True}),
        (Agency.SOCIAL, "answer", {"answer": "accepted"}),
        (Agency.POLICE, "rounds", {"meets_at": "2026-03-30T10:00:00+05:00", "place": POLICE, "call_back": CALL}),
    ):
        assert (await four.act(agency, assessment, what, body)).status_code == 409


async def test_a_consent_that_ran_out_erases_as_one_that_was_taken_back(four: Four) -> None:
    await four.consents(valid_until="2026-03-28T00:00:00Z")
    assessment = await four.held()
    await four.sign(assessment, Agency.POLICE, Agency.SOCIAL, Agency.HEALTH)
    four.turn_to("2026-03-28T05:00:01+05:00")
    for agency in (Agency.POLICE, Agency.HEALTH):
        found = (await four.at(agency, assessment))["outcome"]
        assert not any(found.values()), agency  # before any clock has run
    await four.end_what_ran_out()
    await four.exchange()
    for agency in (Agency.POLICE, Agency.HEALTH, Agency.SOCIAL):
        assert (await four.at(agency, assessment))["outcome"] is None


async def test_the_police_call_it_off_and_who_is_invited_knows_even_if_that_arrives_first(four: Four) -> None:
    assessment = await four.propose()
    proposed = await collect(four.police)
    off = await four.act(Agency.POLICE, assessment, "end", {"end": "person_declined"})
    assert (off.status_code, off.json()["state"]) == (200, "ended")
    await four.exchange()
    await four.deliver(proposed)
    for agency in (Agency.HEALTH, Agency.SOCIAL):
        left = await four.at(agency, assessment)
        assert (left["state"], left["end"], left["meets_at"]) == ("ended", "person_declined", None)
        assert await four.due(agency) == []


async def test_whatever_arrives_first_and_twice_the_copies_come_to_stand_alike(four: Four) -> None:
    assessment = await four.on_consent()
    again = {"meets_at": "2026-03-25T15:00:00+05:00", "place": POLICE, "call_back": CALL}
    await four.accept(assessment, Agency.SOCIAL)
    assert (await four.act(Agency.HEALTH, assessment, "answer", {"answer": "accepted"})).is_success
    assert (await four.act(Agency.POLICE, assessment, "rounds", again)).is_success  # at once
    for sender in (Agency.POLICE, Agency.HEALTH):
        letters = (await collect(four.benches[sender])).letters
        await four.deliver(Courier(letters=[*reversed(letters), *letters]))
    await four.exchange()
    for agency in (Agency.HEALTH, Agency.SOCIAL):
        theirs = await four.at(agency, assessment)
        assert (theirs["round"], theirs["state"], theirs["answer"]) == (2, "proposed", None)
    assert [one["answer"] for one in (await four.at(Agency.POLICE, assessment))["invited"]] == [None, None]


async def test_nothing_is_due_any_more_where_the_outcome_arrives_before_the_proposal(four: Four) -> None:
    four.consent = await four.consents()
    assessment = await four.propose(basis={"kind": "consent", "consent_id": four.consent})
    proposed = await collect(four.police)
    async with four.police.work(POLICE) as work:
        row = await store.get(work.session, organisation_id=POLICE, assessment_id=UUID(assessment))
        assert row is not None
        said = {"assessment_id": assessment, "round": 1, "seat": Seat.OFFICER, "held_on": "2026-03-27"}
        quorum = (Seat.OFFICER, Seat.PSYCHOLOGIST, Seat.SOCIAL_WORKER)
        event = AssessmentSigned.model_validate({**said, "signed_at": HELD, "challenging": True, "quorum": quorum})
        for _, letter in await to_invited(work, row):
            assert (await emit(work, letter.saying(event))).event_id is not None
    await four.deliver(await collect(four.police))
    await four.deliver(proposed)
    for agency in (Agency.HEALTH, Agency.SOCIAL):
        left = await four.at(agency, assessment)
        assert (left["state"], left["round"], left["place"]) == ("concluded", 1, POLICE)
        assert await four.due(agency) == []


async def test_of_two_workers_who_sign_at_once_one_signs_and_the_last_signatures_conclude_it_once(four: Four) -> None:
    assessment = await four.held()
    signature = {"challenging": True}
    both = await asyncio.gather(*(four.act(Agency.HEALTH, assessment, "sign", signature) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [200, 409]
    await four.sign(assessment, Agency.SOCIAL)
    both = await asyncio.gather(*(four.act(Agency.POLICE, assessment, "sign", signature) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [200, 409]
    told = [e for e in await four.police.waiting() if e and isinstance(e.data.content, AssessmentSigned)]
    assert len(told) == 2  # one to each


async def test_her_erasure_ends_what_was_proposed_about_her_and_they_are_told(four: Four) -> None:
    assessment = await four.propose()
    await four.exchange()
    async with four.police.client(POLICE, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{four.her}")).status_code == 200
    await four.exchange()
    assert await four.states(assessment) == ["ended"] * 3


async def test_another_organisations_assessment_does_not_exist(four: Four) -> None:
    assessment = await four.on_consent()
    calls = {
        "sign": {"challenging": True},
        "answer": {"answer": "accepted"},
        "rounds": {"meets_at": MEETS, "place": POLICE, "call_back": CALL},
        "end": {"end": "cancelled"},
    }
    strangers: dict[Agency, tuple[str, tuple[str, ...]]] = {
        Agency.POLICE: ("police-rural-19", ("sign", "rounds", "end"))
    }
    strangers |= {
        Agency.HEALTH: ("addictology-19", ("sign", "answer")),
        Agency.SOCIAL: ("social-23", ("sign", "answer")),
    }
    for agency, (whom, whats) in strangers.items():
        async with four.benches[agency].client(whom) as stranger:
            assert (await stranger.get(f"/assessments/{assessment}")).status_code == 404
            assert (await stranger.get("/assessments")).json()["items"] == []
            for what in whats:
                answer = await stranger.post(f"/assessments/{assessment}/{what}", json=calls[what])
                assert answer.status_code == 404, (agency, what)


async def test_a_statistician_neither_reads_nor_signs(four: Four) -> None:
    assessment = await four.on_consent()
    async with four.benches[Agency.HEALTH].client(HOSPITAL, "statistician") as counting:
        assert (await counting.get(f"/assessments/{assessment}")).status_code == 403
        assert (await counting.post(f"/assessments/{assessment}/sign", json={"challenging": True})).status_code == 403


async def test_nobody_else_can_end_conclude_or_take_over_what_the_police_proposed(four: Four) -> None:
    assessment = await four.held()
    stranger, now = "police-rural-19", four.police.clock()
    grounds = Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.JOINT_ASSESSMENT)
    about: dict[str, Any] = {"assessment_id": assessment}
    ended = AssessmentEnded.model_validate({**about, "at": now, "end": AssessmentEnd.CANCELLED})
    when = {"meets_at": now, "place": stranger, "answer_by": now.date()}
    taken = AssessmentProposed.model_validate({**about, **when, "round": 9, "seat": Seat.PSYCHOLOGIST})
    async with four.police.work(stranger) as work:
        for event in (ended, taken):
            await emit(work, Outgoing(event, stranger, HOSPITAL, grounds, event.assessment_id))
    await four.exchange()
    left = await four.at(Agency.HEALTH, assessment)
    assert (left["state"], left["round"], left["counterpart_id"]) == ("agreed", 1, POLICE)


async def test_a_referral_with_somebody_else_does_not_say_whom_a_proposal_is_about(four: Four) -> None:
    hospital, stranger = four.workers[Agency.HEALTH], "police-rural-19"
    whom = await made(await hospital.post("/persons", json={"role": "victim"}))
    asked = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": whom}
    asked |= {"basis": {"kind": "own_request"}, "call_back": CALL}
    about = {"assessment_id": uuid4(), "referral_id": await made(await hospital.post("/referrals", json=asked))}
    when = {"meets_at": MEETS, "place": stranger, "answer_by": "2026-03-23", "round": 1, "seat": Seat.PSYCHOLOGIST}
    event = AssessmentProposed.model_validate({**when, **about})
    grounds = Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.JOINT_ASSESSMENT)
    async with four.police.work(stranger) as work:
        assert (await emit(work, Outgoing(event, stranger, HOSPITAL, grounds, event.assessment_id))).event_id
    await four.exchange()
    assert (await four.at(Agency.HEALTH, str(event.assessment_id)))["person_id"] is None


async def test_who_is_no_police_proposes_nothing_here_and_fills_no_seat_that_is_not_theirs(four: Four) -> None:
    grounds = Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.JOINT_ASSESSMENT)
    when = {"meets_at": MEETS, "place": SOCIAL, "answer_by": "2026-03-23", "round": 1}
    for sender, whom, seat in (
        (Agency.SOCIAL, SOCIAL, Seat.PSYCHOLOGIST),
        (Agency.POLICE, POLICE, Seat.SOCIAL_WORKER),
    ):
        event = AssessmentProposed.model_validate({**when, "assessment_id": uuid4(), "seat": seat})
        async with four.benches[sender].work(whom) as work:
            assert (await emit(work, Outgoing(event, whom, HOSPITAL, grounds, event.assessment_id))).event_id
    await four.exchange()
    assert (await four.workers[Agency.HEALTH].get("/assessments")).json()["items"] == []


@pytest.mark.parametrize("quorum", [None, (), (Seat.OFFICER, Seat.PSYCHOLOGIST)])
async def test_an_outcome_without_the_signatures_of_the_quorum_is_taken_in_nowhere(
    four: Four, quorum: tuple[Seat, ...] | None
) -> None:
    assessment = await four.held()
    async with four.police.work(POLICE) as work:
        row = await store.get(work.session, organisation_id=POLICE, assessment_id=UUID(assessment))
        assert row is not None
        said = {"assessment_id": assessment, "round": 1, "seat": Seat.OFFICER, "held_on": "2026-03-27"}
        event = AssessmentSigned.model_validate({**said, "signed_at": HELD, "challenging": True, "quorum": quorum})
        for _, letter in await to_invited(work, row):
            assert (await emit(work, letter.saying(event))).event_id is not None
    await four.exchange()
    for agency in (Agency.HEALTH, Agency.SOCIAL):
        assert (await four.at(agency, assessment))["outcome"] is None
