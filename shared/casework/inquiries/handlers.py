"""What events about questions do: one is kept, answered or closed. Each has the same effect twice as once."""

from datetime import date, datetime

from shared.adapters.inbox import Arrival
from shared.adapters.outbox import Work
from shared.casework.consents import store as consents
from shared.casework.deadlines.clock import day_deadline
from shared.casework.inquiries import store
from shared.casework.inquiries.settling import close, forget, settle
from shared.casework.inquiries.tables import InquiryRow
from shared.casework.inquiries.telling import says_of, tellable
from shared.casework.referrals.store import Parties
from shared.contract.decisions import redact
from shared.contract.events import Event, InformationAnswered, InformationClosed, InformationRequested
from shared.contract.information import ANSWER, ANSWERED_BY, AWAITED
from shared.contract.vocabulary import (
    Basis,
    DataCategory,
    InquiryState,
    RefusalGround,
    Side,
)

KINDS = {Side.SENDER: AWAITED, Side.RECEIVER: ANSWER}


async def on_information_requested(arrival: Arrival, event: Event) -> None:
    """Keep a question, with the consent that covers its answer, and be reminded; what we don't make out is refused."""
    assert isinstance(event, InformationRequested)
    work, mine, grounds = arrival.work, arrival.recipient, arrival.grounds
    if await store.get(work.session, organisation_id=mine, inquiry_id=event.inquiry_id) is not None:
        return
    if grounds.consent is not None:
        await consents.remember(work.session, organisation_id=mine, consent=grounds.consent)
    parties = Parties(ours=mine, theirs=arrival.sender)
    row = await store.keep(
        work.session, event=event, grounds=grounds, side=Side.RECEIVER, parties=parties, now=work.now
    )
    if work.node.agency not in ANSWERED_BY[event.kind]:
        await close(work, row, InquiryState.REFUSED, RefusalGround.NOT_THIS_KIND)
        return
    expect(work, row, remind_on=event.remind_on)


def expect(work: Work, row: InquiryRow, *, remind_on: date) -> None:
    """Remind of an answer before its day is over, and give an alarm after; by the calendar that its day was made by."""
    if row.due_on is None:
        return
    deadline = day_deadline(
        work,
        organisation_id=row.organisation_id,
        kind=KINDS[Side(row.side)],
        concerning=row.id,
        due_on=row.due_on,
        remind_on=remind_on,
    )
    deadline.calendar_version = row.calendar_version or deadline.calendar_version
    work.session.add(deadline)


async def on_information_answered(arrival: Arrival, event: Event) -> None:
    """Keep the answer to a question of ours, however late: of it what such an answer says, and nothing else."""
    assert isinstance(event, InformationAnswered)
    work, grounds = arrival.work, arrival.grounds
    row = await store.get(work.session, organisation_id=arrival.recipient, inquiry_id=event.inquiry_id, for_update=True)
    if row is None or row.side != Side.SENDER or not await _is_about(arrival, row):
        return
    if grounds.consent is not None and grounds.consent.id != row.consent_id:
        return
    says = {DataCategory.ROUTING, says_of(row)}
    if await settle(work, row, InquiryState.ANSWERED, at=event.at):
        await store.put_answer(work.session, row, redact(event, frozenset(says)))


async def _is_about(arrival: Arrival, row: InquiryRow) -> bool:
    """It comes from who was asked, about whom they were asked, on what they were asked."""
    grounds = arrival.grounds
    same = (row.counterpart_id, row.subject, row.basis) == (arrival.sender, grounds.subject, grounds.basis)
    court = await store.court_of(arrival.work.session, row)
    return same and (grounds.basis is not Basis.COURT_DECISION or grounds.court == court)


async def on_information_closed(arrival: Arrival, event: Event) -> None:
    """Who asked has taken it back, maybe before the question itself is here; or who was asked refuses."""
    assert isinstance(event, InformationClosed)
    work, mine = arrival.work, arrival.recipient
    row = await store.get(work.session, organisation_id=mine, inquiry_id=event.inquiry_id, for_update=True)
    if row is None:
        if event.state is InquiryState.CANCELLED:
            work.session.add(_taken_back(arrival, event))
        return
    closes = InquiryState.CANCELLED if row.side == Side.RECEIVER else InquiryState.REFUSED
    if row.counterpart_id != arrival.sender or event.state is not closes:
        return
    ground = event.ground
    if ground is not None and not await tellable(work, row, ground):
        ground = RefusalGround.NOT_TOLD_HERE
    if await settle(work, row, closes, at=event.at, ground=ground) and closes is InquiryState.CANCELLED:
        await forget(work, row)


def _taken_back(arrival: Arrival, event: InformationClosed) -> InquiryRow:
    """A mark, so that the question opens nothing if it comes after all."""
    now: datetime = arrival.work.now
    return InquiryRow(
        id=event.inquiry_id,
        organisation_id=arrival.recipient,
        side=Side.RECEIVER,
        counterpart_id=arrival.sender,
        kind=event.kind,
        subject=arrival.grounds.subject,
        basis=arrival.grounds.basis,
        state=InquiryState.CANCELLED,
        created_at=now,
        settled_at=event.at,
        erased_at=now,
    )
