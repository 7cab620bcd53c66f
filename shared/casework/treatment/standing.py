"""How a path stands once a step is known: its state, what is due, and when it is over. The same at both sides."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shared.adapters.outbox import Work
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.treatment import store
from shared.casework.treatment.beds import leave_bed_if_over
from shared.casework.treatment.tables import PathRow, StepRow
from shared.contract.calendar import local_day
from shared.contract.treatment import OVER, SINCE, Standing, Taken, standing
from shared.contract.treatment_terms import COURT_DECIDES, TREATMENT_ENDS, decides_by, remind_of_end
from shared.contract.treatment_words import TreatmentState as S
from shared.contract.treatment_words import TreatmentStep as T


async def known_steps(work: Work, row: PathRow) -> Sequence[StepRow]:
    """The steps of one path."""
    return await store.steps(work.session, organisation_id=row.organisation_id, path_ids=[row.id])


def stands(row: PathRow, steps: Sequence[StepRow]) -> Standing:
    """The sum of these steps."""
    return standing((Taken(step.version, step.by, step.step) for step in steps), row.began_on)


async def settle(work: Work, row: PathRow) -> None:
    """Put the state into the row, as all steps together say; the bed and the deadlines follow from it."""
    steps = await known_steps(work, row)
    now, before = stands(row, steps), row.state
    row.state, row.search, row.updated_at = now.state, now.search, work.now
    row.version = max([row.version, *(step.version for step in steps)])
    said: dict[str, dict[str, Any]] = {}
    for step in steps:
        said.setdefault(step.step, step.details)  # what was said first, at both sides
    row.decide_by = _day(said.get(T.REFER_TO_COURT, {}).get("decide_by"))
    row.last_day = _day(said.get(T.ORDER_TREATMENT, {}).get("last_day"))
    row.ended_on = _ended_on(steps) if now.state == S.ENDED else None
    if now.state in OVER:
        row.closed_at = row.closed_at or work.now
    await leave_bed_if_over(work, row)
    work.session.add(row)
    await work.session.flush()
    if now.state != before:
        referred = next((step.on for step in steps if step.step == T.REFER_TO_COURT), None)
        await _make_deadlines(work, row, before=before, referred_on=referred)


async def _make_deadlines(work: Work, row: PathRow, *, before: str | None, referred_on: date | None) -> None:
    """The court's while it is to decide, the treatment's while it is ordered or under way; else none."""
    if (before, row.state) == (S.ORDERED, S.IN_TREATMENT):
        return  # the same deadline goes on
    mine: dict[str, Any] = {"organisation_id": row.organisation_id, "concerning": row.id}
    await deadlines.meet(work.session, **mine, at=work.now)
    today = local_day(work.now)
    if row.state == S.AT_COURT and row.decide_by is not None:
        received_on = min(max(referred_on or today, SINCE), today)  # whatever the other side said
        soon = max(decides_by(received_on)[1], today)
        work.session.add(day_deadline(work, **mine, kind=COURT_DECIDES, due_on=row.decide_by, remind_on=soon))
    elif row.state in (S.ORDERED, S.IN_TREATMENT) and row.last_day is not None:
        soon = remind_of_end(row.last_day, today)
        work.session.add(day_deadline(work, **mine, kind=TREATMENT_ENDS, due_on=row.last_day, remind_on=soon))


def _ended_on(steps: Sequence[StepRow]) -> date | None:
    """The first day that anybody gave: what the clock says where word of an early end came late does not count."""
    return min((step.on for step in steps if step.step == T.END and step.on is not None), default=None)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
