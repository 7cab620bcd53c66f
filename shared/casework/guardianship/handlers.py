"""What a request to the guardianship authority does there, and its answer at who asked."""

from shared.adapters.inbox import Arrival
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.guardianship import store
from shared.casework.guardianship.tables import GuardianRequestRow
from shared.contract.events import Event, GuardianAnswered, GuardianAsked
from shared.contract.treatment_terms import GUARDIAN_ANSWERS

TOLD = {"request_id", "answer_by"}


async def on_guardian_asked(arrival: Arrival, event: Event) -> None:
    """Keep the request, and be reminded of it."""
    assert isinstance(event, GuardianAsked)
    work, mine = arrival.work, arrival.recipient
    if await store.get(work.session, organisation_id=mine, request_id=event.request_id) is not None:
        return
    row = GuardianRequestRow(
        id=event.request_id,
        organisation_id=mine,
        counterpart_id=arrival.sender,
        subject=arrival.grounds.subject,
        answer_by=event.answer_by,
        asked_at=work.now,
    )
    await store.seal(work.session, row, event.model_dump(mode="json", exclude_none=True, exclude=TOLD))
    due = {"due_on": event.answer_by, "remind_on": event.answer_by}
    about = {"organisation_id": mine, "kind": GUARDIAN_ANSWERS, "concerning": row.id}
    work.session.add(row)
    work.session.add(day_deadline(work, **about, **due))  # type: ignore[arg-type]  # literals


async def on_guardian_answered(arrival: Arrival, event: Event) -> None:
    """Keep the answer: the first one counts."""
    assert isinstance(event, GuardianAnswered)
    work, mine = arrival.work, arrival.recipient
    row = await store.get(work.session, organisation_id=mine, request_id=event.request_id, lock=True)
    if row is None or row.counterpart_id != arrival.sender or row.answer is not None:
        return
    row.answer, row.answered_at = event.answer, work.now
    await deadlines.meet(work.session, organisation_id=mine, concerning=row.id, at=work.now)
