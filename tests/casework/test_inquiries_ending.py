"""How questions between agencies end (F14): taken back, answered at once, with her consent, or with the person."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlmodel import select

from shared.adapters.outbox import Outgoing, emit
from shared.casework.deadlines.tables import DeadlineRow
from shared.casework.loops import end_what_ran_out
from shared.contract.events import InformationAnswered
from shared.contract.grounds import Grounds
from tests.asking import BY_COURT, COURT, HOSPITAL, NAME, SOCIAL, TOLD, Case, deliver, grounds_at, refused_by
from tests.courier import carry, collect, exchange
from tests.pair import made


@pytest.fixture
def case(social_asks_health: Case) -> Case:
    return social_asks_health


async def test_a_question_that_was_taken_back_is_forgotten_there(case: Case) -> None:
    inquiry = await case.asked()
    await case.does(case.asker, inquiry, "cancel")
    await exchange(case.asking, case.answering)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["state"], theirs["state"], theirs["asked"]) == ("cancelled", "cancelled", None)
    assert (await case.clerk.get("/deadlines")).json()["items"] == []
    assert (await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})).status_code == 409


async def test_what_was_taken_back_before_it_left_was_never_asked(case: Case) -> None:
    inquiry = await made(await case.asks())
    await case.does(case.asker, inquiry, "cancel")
    await exchange(case.asking, case.answering)
    assert (await case.clerk.get(f"/inquiries/{inquiry}")).status_code == 404


async def test_a_question_that_comes_after_it_was_taken_back_opens_nothing(case: Case) -> None:
    inquiry = await made(await case.asks())
    question = await collect(case.asking)
    await case.does(case.asker, inquiry, "cancel")
    await deliver(case.answering, await collect(case.asking))
    await deliver(case.answering, question)
    _, theirs = await case.at_both(inquiry)
    assert (theirs["state"], theirs["asked"], theirs["allowed"]) == ("cancelled", None, [])
    assert (await case.clerk.get("/deadlines")).json()["items"] == []


async def test_where_it_is_taken_back_and_answered_at_once_both_sides_say_taken_back(case: Case) -> None:
    inquiry = await case.asked()
    await case.does(case.clerk, inquiry, "answer", {"text": TOLD})
    answer = await collect(case.answering)
    await case.does(case.asker, inquiry, "cancel")
    await deliver(case.asking, answer)
    await exchange(case.asking, case.answering)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["state"], ours["answer"]) == ("cancelled", None)
    assert (theirs["state"], theirs["answer"], theirs["asked"]) == ("cancelled", None, None)


async def test_the_same_events_twice_change_nothing(case: Case) -> None:
    inquiry = await made(await case.asks())
    question = await collect(case.asking)
    for _ in range(2):
        await deliver(case.answering, question)
    await case.does(case.clerk, inquiry, "answer", {"text": TOLD})
    answer = await collect(case.answering)
    for _ in range(2):
        await deliver(case.asking, answer)
        await deliver(case.answering, question)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["answer"], theirs["state"]) == ({"health": TOLD}, "answered")
    async with case.answering.work() as work:
        assert len((await work.session.exec(select(DeadlineRow))).all()) == 1


async def restated(case: Case, inquiry: str, text: str, at: str) -> None:
    """What a restored service would say that does not know that it answered."""
    async with case.answering.work(HOSPITAL) as work:
        moment = datetime.fromisoformat(at).astimezone(UTC)
        event = InformationAnswered(inquiry_id=UUID(inquiry), at=moment, health=text)
        grounds = await grounds_at(case.answering, HOSPITAL, inquiry)
        await emit(work, Outgoing(event, HOSPITAL, SOCIAL, grounds, UUID(inquiry)))
    await carry(case.answering, case.asking)


@pytest.mark.parametrize("order", [("12:05", "12:10"), ("12:10", "12:05")])
async def test_of_two_answers_the_later_one_stays_whichever_comes_last(case: Case, order: tuple[str, str]) -> None:
    inquiry = await case.asked()
    for hour in order:
        await restated(case, inquiry, hour, f"2026-03-20T{hour}:00+05:00")
    ours, _ = await case.at_both(inquiry)
    assert ours["answer"] == {"health": "12:10"}


async def test_an_answer_from_anybody_else_or_on_another_basis_is_not_taken(case: Case) -> None:
    inquiry = await case.asked()
    grounds = await grounds_at(case.answering, HOSPITAL, inquiry)
    court = Grounds.model_validate({"basis": "court_decision", "purpose": "information_request", "court": COURT})
    event = InformationAnswered(inquiry_id=UUID(inquiry), at=case.answering.clock(), health=TOLD)
    for sender, on in (("hospital-23", court), (HOSPITAL, court), ("hospital-23", grounds)):
        async with case.answering.work(sender) as work:
            await emit(work, Outgoing(event, sender, SOCIAL, on, UUID(inquiry)))
    await carry(case.answering, case.asking)
    assert (await case.at_both(inquiry))[0]["state"] == "asked"


async def test_when_she_takes_her_consent_back_question_and_answer_are_erased_on_both_sides(case: Case) -> None:
    inquiry = await case.asked()
    await case.answered(inquiry)
    await case.withdraws()
    for side in await case.at_both(inquiry):
        assert (side["state"], side["asked"], side["answer"]) == ("ended", None, None)
        assert side["erased_at"] is not None
    told = (await case.asker.get(f"/consents/{case.consent}")).json()["told"]
    assert [(one["organisation"], one["confirmed_at"] is not None) for one in told] == [(HOSPITAL, True)]


async def test_an_open_question_ends_with_her_consent_and_nobody_is_reminded_of_it(case: Case) -> None:
    inquiry = await case.asked()
    await case.withdraws()
    assert await case.states(inquiry) == {"ended"}
    for client in (case.asker, case.clerk):
        assert (await client.get("/deadlines")).json()["items"] == []
    assert (await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})).status_code == 409


async def test_an_answer_that_was_on_its_way_when_she_took_her_consent_back_is_not_kept(case: Case) -> None:
    inquiry = await case.asked()
    await case.does(case.clerk, inquiry, "answer", {"text": TOLD})
    answer = await collect(case.answering)
    await case.withdraws()
    await deliver(case.asking, answer)
    await exchange(case.asking, case.answering)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["state"], theirs["state"]) == ("ended", "ended")
    assert (ours["answer"], theirs["answer"]) == (None, None)


async def test_a_question_that_was_on_its_way_then_is_not_taken_in(case: Case) -> None:
    inquiry = await made(await case.asks())
    question = await collect(case.asking)
    assert (await case.asker.post(f"/consents/{case.consent}/withdraw")).is_success
    await exchange(case.asking, case.answering)
    await deliver(case.answering, question)
    assert (await case.clerk.get(f"/inquiries/{inquiry}")).status_code == 404


async def test_the_relay_keeps_back_a_question_whose_consent_ended_a_moment_ago(case: Case) -> None:
    await made(await case.asks())
    case.turn_to("2026-06-01T05:00:00+05:00")
    assert (await collect(case.asking)).letters == []


async def test_between_the_end_of_her_consent_and_its_erasure_a_question_can_still_be_refused(case: Case) -> None:
    inquiry = await case.asked()
    case.turn_to("2026-06-01T05:00:00+05:00")
    assert refused_by(await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})) == "F-NO-LIVE-CONSENT"
    assert (await case.at_both(inquiry))[1]["asked"] == {}
    await case.does(case.clerk, inquiry, "refuse", {"ground": "no_basis"})
    await exchange(case.asking, case.answering)
    assert await case.states(inquiry) == {"refused"}


@pytest.mark.parametrize("basis", ["consent", "court"])
async def test_what_runs_out_by_itself_is_erased_on_both_sides_without_a_word(case: Case, basis: str) -> None:
    inquiry = await case.asked(**({"basis": BY_COURT} if basis == "court" else {}))
    await case.answered(inquiry)
    case.turn_to("2026-06-01T05:00:00+05:00")
    for service in (case.asking, case.answering):
        async with service.work() as work:
            await end_what_ran_out(work)
    for side in await case.at_both(inquiry):
        assert (side["state"], side["asked"], side["answer"]) == ("ended", None, None)


async def test_an_answer_kept_for_a_key_is_erased_with_the_consent(case: Case) -> None:
    inquiry = await case.asked()
    once = {"Idempotency-Key": "answer-2"}
    assert (await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD}, headers=once)).is_success
    await case.withdraws()
    again = await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD}, headers=once)
    assert (again.status_code, TOLD in again.text) == (409, False)


async def test_when_the_asker_erases_her_the_open_question_is_taken_back(case: Case) -> None:
    inquiry = await case.asked(basis=BY_COURT)
    assert (await case.asker.delete(f"/persons/{case.her}")).is_success
    await exchange(case.asking, case.answering)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["state"], ours["asked"]) == ("cancelled", None)
    assert (theirs["state"], theirs["asked"]) == ("cancelled", None)


async def test_when_the_answering_side_erases_her_its_copy_of_the_answer_goes(case: Case) -> None:
    whom = await made(await case.clerk.post("/persons", json={"role": "victim", "family_name": NAME}))
    inquiry = await case.asked()
    await case.answered(inquiry, text=TOLD, person_id=whom)
    assert (await case.clerk.delete(f"/persons/{whom}")).is_success
    ours, theirs = await case.at_both(inquiry)
    assert (theirs["answer"], theirs["asked"]) == (None, None)
    assert ours["answer"] == {"health": TOLD}  # her consent to that holds
