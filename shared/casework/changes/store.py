"""SQL for what happened. Rows are read in the order in which the record was chained, and never change."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.changes import ChangeRow
from shared.adapters.database import unwalled

BEGINNING = 0
SCANNED = 2000
# Beside what PostgreSQL's policies keep. While both parties of a case are at one organisation, chiefs alone are told
# of what names neither person nor referral: it may be the other party's. And of who was erased chiefs alone are told
# more than that: their wall went with them.
NOT_OVER_A_WALL = text(
    "(coalesce(current_setting('qorgau.chief', true), '') = 'yes' or ("
    " (changes.type = 'erased.person'"
    " or coalesce((select p.erased_at is null from persons p where p.id = changes.person_id), true))"  # row by row
    " and (changes.person_id is not null or changes.referral_id is not null"
    " or changes.type = 'changed.webhook' or changes.type like '%.agreement%'"
    " or not exists (select from walls w where w.organisation_id = changes.organisation_id))))"
)


class Batch(NamedTuple):
    """Rows, oldest first; up to which position, and change, this was all; and whether that is for now the last."""

    rows: Sequence[ChangeRow]
    position: int
    last: UUID | None
    is_all: bool


async def position_of(session: AsyncSession, *, organisation_id: str, change_id: UUID) -> int | None:
    """Where a change stands, whoever asks; None for one that is not known here."""
    ours = (ChangeRow.organisation_id == organisation_id, ChangeRow.id == change_id)
    async with unwalled(session):
        return (await session.exec(select(ChangeRow.position).where(*ours))).first()


async def newest(session: AsyncSession, *, organisation_id: str, until: int | None = None) -> tuple[int, UUID | None]:
    """The last change, whoever asks, and its position: `BEGINNING` and None where nothing happened. `until`: none that
    stands behind that position, which may have been added since somebody looked."""
    ours = select(ChangeRow.position, ChangeRow.id).where(ChangeRow.organisation_id == organisation_id)
    ours = ours if until is None else ours.where(ChangeRow.position <= until)
    async with unwalled(session):
        found = (await session.exec(ours.order_by(col(ChangeRow.position).desc()).limit(1))).first()
    return found or (BEGINNING, None)


async def after(
    session: AsyncSession, *, organisation_id: str, position: int, types: Sequence[str], limit: int
) -> Batch:
    """The changes behind a position that the caller may know of. `types`: those, and all that begin with one and a dot;
    none: all. However rare a type is, so many are looked at, and the next batch goes on behind them."""
    behind = (ChangeRow.organisation_id == organisation_id, ChangeRow.position > position)
    reached = await _reach(session, *behind)
    if reached is None:
        last = (await newest(session, organisation_id=organisation_id, until=position))[1]
        return Batch([], position, last, is_all=True)
    asked = select(ChangeRow).where(
        *behind,
        ChangeRow.position <= reached.position,
        NOT_OVER_A_WALL,
        *([or_(*(_is(kind) for kind in types))] if types else []),
    )
    rows = (await session.exec(asked.order_by(col(ChangeRow.position)).limit(limit))).all()
    if len(rows) == limit:
        return Batch(rows, rows[-1].position, rows[-1].id, is_all=False)
    return Batch(rows, reached.position, reached.id, is_all=reached.looked_at < SCANNED)


async def _reach(session: AsyncSession, *behind: Any) -> Any:
    """Up to which change one batch looks, whoever asks: position, id, how many these are. None where there are none."""
    near = select(ChangeRow.position, ChangeRow.id).where(*behind).order_by(col(ChangeRow.position)).limit(SCANNED)
    each = near.subquery()
    last = select(each.c.position, each.c.id, func.count().over().label("looked_at")).order_by(each.c.position.desc())
    async with unwalled(session):
        return (await session.exec(last.limit(1))).first()


def _is(kind: str) -> Any:
    return or_(col(ChangeRow.type) == kind, func.starts_with(ChangeRow.type, f"{kind}."))
