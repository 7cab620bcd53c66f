"""Questions between agencies (F14): asked on her consent, answered by a day, late or not at all."""

import httpx
import pytest
from sqlmodel import select

from shared.adapters.outbox import Outgoing, emit
from shared.casework.deadlines.tables import DeadlineRow
from shared.casework.loops import watch_deadlines
from tests.asking import DUE, HOSPITAL, NAME, REMINDED, SOCIAL, TOLD, Case, Json, another, grounds_at
from tests.courier import carry, exchange
from tests.pair import made
from tests.workbench import Bench


@pytest.fixture
def case(social_asks_health: Case) -> Case:
    return social_asks_health


async def look(service: Bench, client: httpx.AsyncClient) -> list[tuple[str, str]]:
    """What fired so far, once all clocks have run: (kind of the reminder, of the deadline)."""
    async with service.work() as work:
        await watch_deadlines(work, service.app.state.parts.clocks)
    return [(r["kind"], r["deadline"]["kind"]) for r in (await client.get("/reminders")).json()["items"]]


async def test_a_question_is_asked_and_answered_on_her_consent(case: Case) -> None:
    inquiry = await case.asked()
    _, came = await case.at_both(inquiry)
    assert (came["state"], came["kind"], came["counterpart_id"]) == ("asked", "medical_certificate", SOCIAL)
    assert came["asked"] == {"family_name": NAME, "call_back": "+7 727 000 00 04"}
    assert came["allowed"] == ["answer", "refuse"]
    await case.answered(inquiry)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["state"], ours["answer"], ours["late"]) == ("answered", {"health": TOLD}, False)
    assert (theirs["answer"], theirs["delivery"], theirs["allowed"]) == ({"health": TOLD}, "received", [])


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "prior_convictions"},  # which health does not make out
        {"to": SOCIAL},
        {"to": "hospital-unknown"},
        {"subject": "alleged_offender"},
        {"call_back": "звоните Айгүл"},
        {"kind": "gossip"},
    ],
)
async def test_what_can_not_be_asked_is_refused_before_anything_leaves(case: Case, more: Json) -> None:
    assert (await case.asks(**more)).status_code == 422
    assert await case.asking.waiting() == []


async def test_another_organisations_person_consent_and_question_do_not_exist(case: Case) -> None:
    inquiry = await case.asked()
    async with case.asking.client("social-23") as other:
        body = {"to": HOSPITAL, "kind": "medical_certificate", "person_id": case.her, "call_back": "+7 727 000 00 04"}
        basis = {"kind": "consent", "consent_id": case.consent}
        assert (await other.post("/inquiries", json={**body, "basis": basis})).status_code == 404
        assert (await other.get(f"/inquiries/{inquiry}")).status_code == 404
        assert (await other.post(f"/inquiries/{inquiry}/cancel")).status_code == 404
    async with case.answering.client("hospital-23") as other:
        assert (await other.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})).status_code == 404
        assert (await other.post(f"/inquiries/{inquiry}/refuse", json={"ground": "no_basis"})).status_code == 404
        assert (await other.get("/inquiries", params={"box": "incoming"})).json()["items"] == []


async def test_who_only_counts_beds_neither_asks_nor_answers_nor_reads(case: Case) -> None:
    inquiry = await case.asked()
    async with case.answering.client(HOSPITAL, "bed-counter") as counter:
        assert (await counter.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})).status_code == 403
        assert (await counter.get(f"/inquiries/{inquiry}")).status_code == 403


async def test_each_side_does_only_what_is_its_own(case: Case) -> None:
    inquiry = await case.asked()
    assert (await case.asker.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD})).status_code == 409
    assert (await case.clerk.post(f"/inquiries/{inquiry}/cancel")).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": TOLD, "handed_to": "court"},
        {"convictions": []},  # not what was asked for
        {"text": ""},
        {"handed_to": "neighbour"},
    ],
)
async def test_an_answer_is_what_was_asked_for_and_one_thing(case: Case, body: Json) -> None:
    inquiry = await case.asked()
    assert (await case.clerk.post(f"/inquiries/{inquiry}/answer", json=body)).status_code == 422
    assert await case.states(inquiry) == {"asked"}


async def test_an_answered_question_is_not_answered_twice(case: Case) -> None:
    inquiry = await case.asked()
    once = {"Idempotency-Key": "answer-1"}
    same = [await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": TOLD}, headers=once) for _ in range(2)]
    assert [one.status_code for one in same] == [200, 200]
    again = await case.clerk.post(f"/inquiries/{inquiry}/answer", json={"text": "Нет сведений."})
    late = await case.clerk.post(f"/inquiries/{inquiry}/refuse", json={"ground": "not_held"})
    assert (again.status_code, late.status_code) == (409, 409)
    await exchange(case.asking, case.answering)
    ours, _ = await case.at_both(inquiry)
    assert ours["answer"] == {"health": TOLD}
    sent = [e for e in await case.answering.waiting() if e is not None]
    assert sent == []


@pytest.mark.parametrize("ground", ["no_basis", "not_this_kind", "not_held", "wrong_person", "not_told_here"])
async def test_a_refusal_says_on_which_ground(case: Case, ground: str) -> None:
    inquiry = await case.asked()
    await case.does(case.clerk, inquiry, "refuse", {"ground": ground})
    await exchange(case.asking, case.answering)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["state"], ours["ground"], ours["answer"]) == ("refused", ground, None)
    assert (theirs["state"], theirs["ground"]) == ("refused", ground)


async def test_both_sides_are_reminded_before_the_day_and_alarmed_after_it(case: Case) -> None:
    inquiry = await case.asked()
    (ours,), (theirs,) = [(await client.get("/deadlines")).json()["items"] for client in (case.asker, case.clerk)]
    assert (ours["kind"], theirs["kind"]) == ("inquiry_awaited", "inquiry_answer")
    assert (ours["due_on"], ours["calendar_version"]) == (theirs["due_on"], theirs["calendar_version"])
    assert (await case.at_both(inquiry))[0]["due_on"] == ours["due_on"] == DUE
    case.turn_to(f"{REMINDED}T00:00:01+05:00")
    assert await look(case.asking, case.asker) == [("due_soon", "inquiry_awaited")]
    assert await look(case.answering, case.clerk) == [("due_soon", "inquiry_answer")]
    case.turn_to("2026-03-31T00:00:00+05:00")
    assert ("overdue", "inquiry_awaited") in await look(case.asking, case.asker)
    assert ("overdue", "inquiry_answer") in await look(case.answering, case.clerk)


async def test_a_late_answer_is_taken_and_says_that_it_is_late(case: Case) -> None:
    inquiry = await case.asked()
    case.turn_to("2026-04-14T12:00:00+05:00")
    assert [one["late"] for one in await case.at_both(inquiry)] == [True, True]
    await case.answered(inquiry)
    ours, theirs = await case.at_both(inquiry)
    assert (ours["answer"], ours["late"], theirs["late"]) == ({"health": TOLD}, True, True)
    assert (await case.asker.get("/deadlines")).json()["items"] == []


async def test_when_an_answer_is_due_is_frozen_with_the_calendar_that_said_so(case: Case) -> None:
    inquiry = await made(await case.asks())
    async with case.asking.work() as work:
        (deadline,) = (await work.session.exec(select(DeadlineRow))).all()
        event = another(deadline.due_on)
    grounds = await grounds_at(case.asking, SOCIAL, inquiry)
    async with case.asking.work(SOCIAL) as work:
        await emit(work, Outgoing(event, SOCIAL, HOSPITAL, grounds, event.inquiry_id))
    await carry(case.asking, case.answering)
    theirs = {one["concerning"]: one for one in (await case.clerk.get("/deadlines")).json()["items"]}
    assert theirs[str(event.inquiry_id)]["calendar_version"] == "KZ holidays-0"


async def test_the_accounting_shows_the_question_there_and_the_answer_here_and_that_both_were_erased(
    case: Case,
) -> None:
    whom = await made(await case.clerk.post("/persons", json={"role": "victim", "family_name": NAME}))
    inquiry = await case.asked()
    await case.answered(inquiry, text=TOLD, person_id=whom)
    (asked,) = (await case.asker.get(f"/persons/{case.her}/disclosures")).json()["items"]
    (told,) = (await case.clerk.get(f"/persons/{whom}/disclosures")).json()["items"]
    assert (asked["event_type"], asked["categories"]) == (
        "information.requested",
        ["identity", "routing", "worker_contact"],
    )
    assert (told["event_type"], told["categories"]) == ("information.answered", ["health", "routing"])
    assert [one["concerning"] for one in (asked, told)] == [inquiry, inquiry]
    assert [one["recipient"]["id"] for one in (asked, told)] == [HOSPITAL, SOCIAL]
    await case.withdraws()
    items = (await case.asker.get(f"/persons/{case.her}/disclosures")).json()["items"]
    asked = next(one for one in items if one["event_type"] == "information.requested")
    (told,) = (await case.clerk.get(f"/persons/{whom}/disclosures")).json()["items"]
    assert asked["erased_at"] is not None
    assert told["erased_at"] is not None


async def test_a_box_is_read_by_its_state_and_as_csv_with_one_entry_each(case: Case) -> None:
    first, second = await case.asked(), await case.asked()
    await case.answered(first)
    box = {"box": "incoming", "state": "asked"}
    listed = (await case.clerk.get("/inquiries", params=box)).json()["items"]
    assert [one["id"] for one in listed] == [second]
    as_csv = await case.clerk.get("/inquiries", params=box, headers={"Accept": "text/csv"})
    assert second in as_csv.text
    assert first not in as_csv.text
