"""A referral that nobody answers is never just silent: reminder, chief, and back with the next suitable place."""

from typing import Any

import pytest
from sqlmodel import select, update

from shared.adapters.outcomes import settle
from shared.adapters.tables import OutboxRow
from shared.casework.escalation.clock import escalate
from shared.casework.loops import watch_deadlines
from shared.casework.referrals.tables import ReferralRow
from tests.courier import carry, exchange
from tests.pair import GIVEN, POLICE, SHELTER, SPOKEN, Two, made, person
from tests.workbench import Bench

CALL = "+7 727 000 00 01"
OPAQUE: dict[str, Any] = {"purpose": "lodging", "basis": {"kind": "no_personal_data"}, "call_back": CALL}
ON_THE_SPOT: dict[str, Any] = {**OPAQUE, "to": {"organisation": SHELTER}, "urgency": "stat"}
Fired = list[tuple[str, str]]


async def sent(two: Two, **more: Any) -> str:
    return await made(await two.officer.post("/referrals", json={**ON_THE_SPOT, **more}))


async def at(two: Two, moment: str) -> None:
    """The time comes, every clock ticks, and what is said is carried."""
    two.turn_to(f"2026-03-20T{moment}+05:00" if "T" not in moment else moment)
    for service in (two.police, two.shelter):
        await tick(service)
    await exchange(two.police, two.shelter)
    for service in (two.police, two.shelter):
        await tick(service)


async def tick(service: Bench) -> None:
    async with service.work() as work:
        await watch_deadlines(work)


async def fired(service: Bench, organisation: str, *roles: str) -> Fired:
    async with service.client(organisation, *roles) as worker:
        items = (await worker.get("/reminders")).json()["items"]
    return [(one["kind"], one["deadline"]["kind"]) for one in items]


async def steps(two: Two, referral: str, *, at_shelter: bool = False) -> dict[str, dict[str, Any]]:
    client = two.warden if at_shelter else two.officer
    return {one["step"]: one for one in (await client.get(f"/referrals/{referral}")).json()["escalation"]}


async def test_the_receiver_is_reminded_then_its_chief_then_it_is_back_with_the_next_place(two: Two) -> None:
    referral = await sent(two)
    await at(two, "12:14:59")
    assert await fired(two.shelter, SHELTER, "supervisor") == []
    await at(two, "12:15:00")
    assert await fired(two.shelter, SHELTER) == [("overdue", "referral_answered")]
    assert await fired(two.police, POLICE) == [("due_soon", "referral_answered")]
    await at(two, "12:30:00")
    assert await fired(two.shelter, SHELTER) == [("overdue", "referral_answered")]
    chief = await fired(two.shelter, SHELTER, "supervisor")
    assert sorted(chief) == [("overdue", "referral_answered"), ("overdue", "referral_seen_to")]
    await at(two, "12:45:00")
    assert await fired(two.police, POLICE) == [("overdue", "referral_answered"), ("due_soon", "referral_answered")]
    timeline = await steps(two, referral)
    assert [(name, one["row"], one["told"]) for name, one in timeline.items()] == [
        ("reminder", "E-STAT-1", True),
        ("chief", "E-STAT-2", True),
        ("back", "E-STAT-3", None),
    ]
    assert timeline["back"]["next_organisation"] == "shelter-near-19"
    assert set(await steps(two, referral, at_shelter=True)) == {"reminder", "chief"}


async def test_each_step_is_taken_once_however_often_the_clock_ticks_and_whatever_restarts(two: Two) -> None:
    await sent(two)
    await exchange(two.police, two.shelter)
    two.turn_to("2026-03-20T12:30:00+05:00")
    async with two.police.work() as one, two.police.work() as other:
        assert [await escalate(one), await escalate(other)] == [2, 0]  # the other finds them locked
    for _ in range(3):
        await at(two, "12:30:00")
    async with two.police.work() as work:
        query = select(OutboxRow).where(OutboxRow.event_type == "referral.reminded")
        assert len((await work.session.exec(query)).all()) == 2
    assert len(await fired(two.shelter, SHELTER, "supervisor")) == 2


async def killed_before_the_commit(service: Bench) -> None:
    async with service.work() as work:
        assert await escalate(work) == 1
        raise RuntimeError("killed")


async def test_a_step_that_was_not_committed_is_taken_again(two: Two) -> None:
    await sent(two)
    await exchange(two.police, two.shelter)
    two.turn_to("2026-03-20T12:15:00+05:00")
    with pytest.raises(RuntimeError, match="killed"):
        await killed_before_the_commit(two.police)
    await at(two, "12:15:00")
    assert await fired(two.shelter, SHELTER) == [("overdue", "referral_answered")]


@pytest.mark.parametrize("answer", ["accept", "decline", "redirect"])
async def test_whoever_answers_in_time_is_not_reminded(two: Two, answer: str) -> None:
    referral = await sent(two)
    await exchange(two.police, two.shelter)
    why = None if answer == "accept" else {"reason": "no_room"}
    assert (await two.warden.post(f"/referrals/{referral}/{answer}", json=why)).status_code == 200
    await exchange(two.police, two.shelter)
    await at(two, "13:30:00")
    assert [await fired(two.shelter, SHELTER, "supervisor"), await fired(two.police, POLICE)] == [[], []]
    assert all(one["moot_at"] for one in (await steps(two, referral)).values())
    assert (await two.officer.get("/deadlines")).json()["items"] == []


async def test_whoever_answers_after_a_reminder_is_not_reminded_again(two: Two) -> None:
    referral = await sent(two)
    await at(two, "12:15:00")
    await two.warden.post(f"/referrals/{referral}/accept")
    assert (await two.warden.get("/deadlines")).json()["items"] == []
    await exchange(two.police, two.shelter)
    await at(two, "13:30:00")
    assert len(await fired(two.shelter, SHELTER, "supervisor")) == 1
    timeline = await steps(two, referral)
    assert [bool(one["done_at"]) for one in timeline.values()] == [True, False, False]


@pytest.mark.parametrize("how", ["cancel", "withdraw"])
async def test_what_was_taken_back_reminds_nobody(two: Two, how: str) -> None:
    referral = await sent(two)
    await exchange(two.police, two.shelter)
    body = {"reason": "no_longer_needed"} if how == "cancel" else None
    assert (await two.officer.post(f"/referrals/{referral}/{how}", json=body)).status_code == 200
    await at(two, "13:30:00")
    assert [await fired(two.shelter, SHELTER, "supervisor"), await fired(two.police, POLICE)] == [[], []]


async def test_the_alarm_can_be_set_in_minutes_for_what_is_urgent_alone(two: Two) -> None:
    referral = await sent(two, urgency="urgent", answer_within_minutes=10)
    due = [one["due_at"] for one in (await steps(two, referral)).values()]
    assert due == ["2026-03-20T07:10:00Z", "2026-03-20T07:20:00Z", "2026-03-20T07:30:00Z"]
    for wrong in ({"urgency": "routine", "answer_within_minutes": 10}, {"answer_within_minutes": 4}):
        assert (await two.officer.post("/referrals", json={**ON_THE_SPOT, **wrong})).status_code == 422
    (envelope,) = await two.police.waiting()
    assert envelope is not None
    assert "answer_within_minutes" not in envelope.model_dump_json()


async def test_what_is_routine_waits_for_business_days(two: Two) -> None:
    referral = await sent(two, urgency="routine")
    assert (await steps(two, referral))["reminder"]["due_at"] == "2026-03-26T19:00:00Z"
    await at(two, "2026-03-26T23:59:59+05:00")
    assert await fired(two.shelter, SHELTER) == []
    await at(two, "2026-03-27T00:00:00+05:00")
    assert await fired(two.shelter, SHELTER) == [("overdue", "referral_answered")]


async def test_a_request_that_was_refused_there_is_back_at_the_first_step(two: Two) -> None:
    referral = await sent(two)
    async with two.police.work() as work:
        row = (await work.session.exec(select(OutboxRow))).one()
        await work.session.exec(update(OutboxRow).values(state="sent", recipient_node="shelter"))
        await settle(work.session, event_ids=[row.id], recipient_node="shelter", rule="NO-RULE", at=work.now)
    await at(two, "12:15:00")
    timeline = await steps(two, referral)
    assert (timeline["reminder"]["told"], timeline["chief"]["moot_at"] is not None) == (False, True)
    assert timeline["back"]["next_organisation"] == "shelter-near-19"
    assert ("overdue", "referral_answered") in await fired(two.police, POLICE)
    await at(two, "13:30:00")
    assert len(await fired(two.police, POLICE)) == 2


async def test_a_reminder_says_nothing_of_her_and_the_next_place_is_none_that_he_knows(two: Two) -> None:
    whom = await person(two.officer, places_known_to_offender=["shelter-near-19", "shelter-near-19-b"])
    given = await made(await two.officer.post("/consents", json={"person_id": whom, **GIVEN, **SPOKEN}))
    referral = await sent(two, person_id=whom, basis={"kind": "consent", "consent_id": given})
    await carry(two.police, two.shelter)
    two.turn_to("2026-03-20T12:15:00+05:00")
    await tick(two.police)
    (reminder,) = [one for one in await two.police.waiting() if one and one.data.content.type == "referral.reminded"]
    assert set(reminder.data.content.model_dump()) == {"referral_id", "step", "row", "at"}
    await at(two, "12:45:00")
    assert (await steps(two, referral))["back"]["next_organisation"] == "shelter-near-19-c"


async def test_nobody_is_proposed_twice_along_a_chain_of_referrals(two: Two) -> None:
    first = await sent(two, to={"organisation": "shelter-near-19"})
    second = await sent(two, replaces=first)
    await at(two, "12:45:00")
    assert (await steps(two, second))["back"]["next_organisation"] == "shelter-near-19-b"


async def test_a_place_that_did_not_answer_is_worth_less_the_next_time(two: Two) -> None:
    await sent(two)
    await at(two, "12:45:00")
    body = {"near": "190000000", "purpose": "lodging"}
    items = (await two.officer.post("/referrals/suggestions", json=body)).json()["items"]
    (far,) = [one for one in items if one["organisation_id"] == SHELTER]
    (history,) = [part for part in far["parts"] if part["name"] == "acceptance"]
    assert history["en"] == "Of our 1 referrals it accepted 0."


async def test_a_reminder_from_who_did_not_send_the_referral_does_nothing(two: Two) -> None:
    referral = await sent(two)
    await at(two, "12:00:00")
    async with two.police.work() as work:
        await work.session.exec(update(OutboxRow).values(next_attempt_at=None))
    async with two.shelter.work() as work:
        await work.session.exec(update(ReferralRow).values(counterpart_id="hospital-19"))
    await at(two, "12:15:00")
    assert await fired(two.shelter, SHELTER) == []
    assert await steps(two, referral, at_shelter=True) == {}
