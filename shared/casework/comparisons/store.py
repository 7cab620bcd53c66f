"""SQL for comparisons of registers. Every function names the organisation, but for the clock's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.casework.comparisons.tables import ComparisonRow
from shared.contract.vocabulary import Side

BATCH = 20
MATERIAL = "material"


class Material(BaseModel):
    """What the next step needs. `places`: the entries that each token stands for; None: nobody.

    `secret`: the opener's, until the answer came. `theirs`: the opener's tokens at the answerer, as they came; once it
    has answered, blinded twice.
    """

    secret: str | None = None
    places: list[list[UUID] | None] = []
    theirs: str | None = None


async def get(
    session: AsyncSession, *, organisation_id: str, comparison_id: UUID, for_update: bool = False
) -> ComparisonRow | None:
    """One comparison; locked if it will be changed."""
    return await one(session, ComparisonRow, organisation_id=organisation_id, id_=comparison_id, for_update=for_update)


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[ComparisonRow]:
    """Up to limit + 1 comparisons, newest first."""
    at, row_id = col(ComparisonRow.opened_at), col(ComparisonRow.id)
    query = select(ComparisonRow).where(
        ComparisonRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def of_pair(session: AsyncSession, row: ComparisonRow, *, answered_since: datetime | None = None) -> int:
    """How many comparisons of the same two registers with the same organisation there are beside this one: those that
    are under way, or were answered since then. Of two that ask at once, the second waits for the first."""
    pair = f"{row.organisation_id} {row.kind} {row.counterpart_id} {row.their_kind}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtextextended(f"comparisons {pair}", 0))))
    query = (
        select(func.count())
        .select_from(ComparisonRow)
        .where(
            ComparisonRow.organisation_id == row.organisation_id,
            ComparisonRow.counterpart_id == row.counterpart_id,
            ComparisonRow.kind == row.kind,
            ComparisonRow.their_kind == row.their_kind,
            ComparisonRow.id != row.id,
        )
    )
    answered, ended = col(ComparisonRow.answered_at), col(ComparisonRow.ended_at)
    counted = ended.is_(None) if answered_since is None else answered > answered_since
    return (await session.exec(query.where(counted))).one()


async def lapsed(session: AsyncSession, *, side: Side, before: datetime) -> Sequence[ComparisonRow]:
    """Where a side of a comparison has heard nothing since then; locked, another worker's are left to it."""
    heard = func.coalesce(ComparisonRow.answered_at, ComparisonRow.opened_at)
    query = select(ComparisonRow).where(
        col(ComparisonRow.ended_at).is_(None), ComparisonRow.side == side, heard < before
    )
    first = query.order_by(col(ComparisonRow.opened_at)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


async def keep(session: AsyncSession, row: ComparisonRow, material: Material) -> None:
    """What the next step needs, under a key of its own."""
    value = material.model_dump(mode="json")
    row.sealed = await vault.close(session, place=_place(row), subject=_subject(row), value=value)


async def material(session: AsyncSession, row: ComparisonRow) -> Material:
    """What was kept for the next step."""
    return Material.model_validate(await vault.open_(session, place=_place(row), sealed=row.sealed) or {})


async def destroy(session: AsyncSession, row: ComparisonRow, *, at: datetime) -> None:
    """The comparison is over: its secret is gone, from backups of the cases, too."""
    row.sealed = None
    await vault.destroy(session, subject=_subject(row), at=at)


def _subject(row: ComparisonRow) -> vault.Subject:
    """Not the comparison's own: under that what is still to be sent waits in the outbox."""
    return vault.Subject(row.organisation_id, uuid5(row.id, MATERIAL))


def _place(row: ComparisonRow) -> vault.Place:
    return vault.Place("comparisons", f"{row.organisation_id}/{row.id}")
