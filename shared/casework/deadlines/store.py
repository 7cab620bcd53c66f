"""SQL for deadlines."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, exists, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.deadlines.tables import DeadlineRow, ReminderRow
from shared.contract.calendar import local_day

BATCH = 200
DUE_SOON, OVERDUE = "due_soon", "overdue"


async def meet(
    session: AsyncSession, *, organisation_id: str, concerning: UUID, at: datetime, kinds: Collection[str] | None = None
) -> None:
    """It was done: no more reminders, of these kinds or of any."""
    mine = [col(DeadlineRow.organisation_id) == organisation_id, col(DeadlineRow.concerning) == concerning]
    mine += [col(DeadlineRow.kind).in_(kinds)] if kinds is not None else []
    await session.exec(update(DeadlineRow).where(*mine, col(DeadlineRow.met_at).is_(None)).values(met_at=at))


async def bring_forward(
    session: AsyncSession, *, organisation_id: str, concerning: UUID, kind: str, to: datetime
) -> None:
    """It turned out sooner that it will not be met: it is late from that moment on."""
    mine = (
        col(DeadlineRow.organisation_id) == organisation_id,
        col(DeadlineRow.concerning) == concerning,
        col(DeadlineRow.kind) == kind,
        col(DeadlineRow.met_at).is_(None),
        col(DeadlineRow.due_at) > to,
    )
    await session.exec(update(DeadlineRow).where(*mine).values(due_at=to, due_on=local_day(to)))


async def open_of(session: AsyncSession, *, organisation_id: str, but: Collection[str] = ()) -> Sequence[DeadlineRow]:
    """What an organisation still has to do, the most urgent first, but for some kinds."""
    query = select(DeadlineRow).where(DeadlineRow.organisation_id == organisation_id, col(DeadlineRow.met_at).is_(None))
    query = query.where(col(DeadlineRow.kind).not_in(but)) if but else query
    return (await session.exec(query.order_by(col(DeadlineRow.due_at)).limit(BATCH))).all()


async def overdue_by_kind(session: AsyncSession, *, now: datetime) -> dict[str, int]:
    """How many deadlines of the whole node have passed unmet, by kind."""
    late = (col(DeadlineRow.met_at).is_(None), col(DeadlineRow.due_at) <= now)
    query = select(DeadlineRow.kind, func.count()).where(*late).group_by(DeadlineRow.kind)
    return dict((await session.exec(query)).all())


async def reminders_of(
    session: AsyncSession, *, organisation_id: str, but: Collection[str] = ()
) -> Sequence[tuple[ReminderRow, DeadlineRow]]:
    """The reminders that fired for an organisation, newest first, but for some kinds."""
    query = select(ReminderRow, DeadlineRow).where(
        ReminderRow.organisation_id == organisation_id, DeadlineRow.id == ReminderRow.deadline_id
    )
    query = query.where(col(DeadlineRow.kind).not_in(but)) if but else query
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


async def forget(session: AsyncSession, *, organisation_id: str, concerning: UUID) -> None:
    """What they were of is removed: so are they, and their reminders."""
    mine = (col(DeadlineRow.organisation_id) == organisation_id, col(DeadlineRow.concerning) == concerning)
    theirs = select(DeadlineRow.id).where(*mine)
    await session.exec(delete(ReminderRow).where(col(ReminderRow.deadline_id).in_(theirs)))
    await session.exec(delete(DeadlineRow).where(*mine))
