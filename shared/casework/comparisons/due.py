"""Each register that is compared at all is compared once a year: a deadline with a reminder, and an alarm once late."""

from datetime import date
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select

from shared.adapters.outbox import Work
from shared.casework.comparisons.tables import ReconciliationRow
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.registers import store as registers
from shared.contract.calendar import local_day
from shared.contract.comparisons import RECONCILED, is_compared, next_due
from shared.contract.vocabulary import RegisterKind

BATCH = 100


async def will_be_due(work: Work, *, organisation_id: str, kind: str) -> None:
    """A register has entries: it is to be compared by the next day that the table names. Once for each day."""
    today = local_day(work.now)
    due = next_due(today)
    if due is None or not is_compared(work.node.agency, RegisterKind(kind), today):
        return
    due_on, remind_on = due
    row = insert(ReconciliationRow).values(organisation_id=organisation_id, kind=kind, due_on=due_on, id=uuid4())
    new = (await work.session.exec(row.on_conflict_do_nothing().returning(col(ReconciliationRow.id)))).first()
    if new is not None:
        about = {"organisation_id": organisation_id, "concerning": new[0], "kind": RECONCILED}
        work.session.add(day_deadline(work, **about, due_on=due_on, remind_on=remind_on))


async def was_compared(work: Work, *, organisation_id: str, kind: str) -> None:
    """It was compared: nothing more is due for it until the day after the next."""
    query = select(ReconciliationRow.id).where(
        ReconciliationRow.organisation_id == organisation_id, ReconciliationRow.kind == kind
    )
    for one in (await work.session.exec(query)).all():
        await deadlines.meet(work.session, organisation_id=organisation_id, concerning=one, at=work.now)


async def begin_next_year(work: Work) -> int:
    """Set the next day for registers whose last one is over and that have entries; how many were looked at."""
    last = func.max(ReconciliationRow.due_on)
    query = select(ReconciliationRow.organisation_id, ReconciliationRow.kind).group_by(
        col(ReconciliationRow.organisation_id), col(ReconciliationRow.kind)
    )
    over = (await work.session.exec(query.having(last < _today(work)).limit(BATCH))).all()
    for organisation_id, kind in over:
        if await registers.any_standing(work.session, organisation_id=organisation_id, kind=kind):
            await will_be_due(work, organisation_id=organisation_id, kind=kind)
    return len(over)


def _today(work: Work) -> date:
    return local_day(work.now)
