"""SQL for notifications."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.notifications.tables import TargetRow, ToldRow
from shared.casework.notifications.waiting import Thing


async def claim(session: AsyncSession, *, organisation_id: str, target: str, now: datetime) -> TargetRow | None:
    """The target's row, locked; None while another process of this service tells it."""
    row = insert(TargetRow).values(organisation_id=organisation_id, target=target, attempts=0, not_before=now)
    await session.exec(row.on_conflict_do_nothing())
    mine = (col(TargetRow.organisation_id) == organisation_id, col(TargetRow.target) == target)
    return (await session.exec(select(TargetRow).where(*mine).with_for_update(skip_locked=True))).first()


async def told(session: AsyncSession, *, row: TargetRow) -> set[Thing]:
    """What the target was told of."""
    mine = (col(ToldRow.organisation_id) == row.organisation_id, col(ToldRow.target) == row.target)
    return {Thing(*one) for one in (await session.exec(select(ToldRow.kind, ToldRow.concerning).where(*mine))).all()}


async def add_told(session: AsyncSession, *, row: TargetRow, things: Collection[Thing], at: datetime) -> None:
    """The target was told of these."""
    ours, target = row.organisation_id, row.target
    session.add_all(
        [ToldRow(organisation_id=ours, target=target, kind=one.kind, concerning=one.id, at=at) for one in things]
    )
    await session.flush()


async def forget(session: AsyncSession, *, row: TargetRow, things: Collection[Thing]) -> None:
    """These don't wait any more: should they again, that is new."""
    mine = (col(ToldRow.organisation_id) == row.organisation_id, col(ToldRow.target) == row.target)
    these = tuple_(col(ToldRow.kind), col(ToldRow.concerning)).in_(list(things))
    await session.exec(delete(ToldRow).where(*mine, these))


async def keep_only(session: AsyncSession, *, targets: Collection[str]) -> None:
    """Forget targets that are named no longer."""
    await session.exec(delete(ToldRow).where(col(ToldRow.target).not_in(targets)))
    await session.exec(delete(TargetRow).where(col(TargetRow.target).not_in(targets)))


async def failing_since(session: AsyncSession) -> datetime | None:
    """Since when the target that has failed longest does; None where all can be told."""
    return (await session.exec(select(func.min(TargetRow.failing_since)))).one()
