"""SQL for deadlines."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, exists, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.deadlines.tables import DeadlineRow, ReminderRow

BATCH = 200
DUE_SOON, OVERDUE = "due_soon", "overdue"


async def meet(session: AsyncSession, *, organisation_id: str, concerning: UUID, at: datetime) -> None:
    """It was done: no more reminders."""
    mine = (col(DeadlineRow.organisation_id) == organisation_id, col(DeadlineRow.concerning) == concerning)
    await session.exec(update(DeadlineRow).where(*mine, col(DeadlineRow.met_at).is_(None)).values(met_at=at))


async def open_of(session: AsyncSession, *, organisation_id: str) -> Sequence[DeadlineRow]:
    """What an organisation still has to do, the most urgent first."""
    query = select(DeadlineRow).where(DeadlineRow.organisation_id == organisation_id, col(DeadlineRow.met_at).is_(None))
    return (await session.exec(query.order_by(col(DeadlineRow.due_at)).limit(BATCH))).all()


async def overdue_by_kind(session: AsyncSession, *, now: datetime) -> dict[str, int]:
    """How many deadlines of the whole node have passed unmet, by kind."""
    late = (col(DeadlineRow.met_at).is_(None), col(DeadlineRow.due_at) <= now)
    query = select(DeadlineRow.kind, func.count()).where(*late).group_by(DeadlineRow.kind)
    return dict((await session.exec(query)).all())


async def reminders_of(session: AsyncSession, *, organisation_id: str) -> Sequence[tuple[ReminderRow, DeadlineRow]]:
    """The reminders that fired for an organisation, newest first."""
    query = select(ReminderRow, DeadlineRow).where(
        ReminderRow.organisation_id == organisation_id, DeadlineRow.id == ReminderRow.deadline_id
    )
    return (await session.exec(query.order_by(col(ReminderRow.fired_at).desc()).limit(BATCH))).all()


async def fire(session: AsyncSession, *, kind: str, now: datetime) -> list[DeadlineRow]:
    """Record the reminders of a kind that are due and have not fired; each fires once, whoever asks."""
    when = DeadlineRow.remind_at if kind == DUE_SOON else DeadlineRow.due_at
    fired = exists().where(col(ReminderRow.deadline_id) == col(DeadlineRow.id), col(ReminderRow.kind) == kind)
    query = select(DeadlineRow).where(col(DeadlineRow.met_at).is_(None), col(when) <= now, ~fired).limit(BATCH)
    new = []
    for deadline in (await session.exec(query)).all():
        row = insert(ReminderRow).values(
            deadline_id=deadline.id, kind=kind, organisation_id=deadline.organisation_id, fired_at=now
        )
        done = await session.exec(row.on_conflict_do_nothing().returning(col(ReminderRow.kind)))
        if done.first() is not None:
            new.append(deadline)
    return new
