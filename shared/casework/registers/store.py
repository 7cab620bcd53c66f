"""SQL for registers. Every function names the organisation: another one's entry does not exist."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.casework.registers.tables import RegisterEntryRow, RegisterMatchRow
from shared.contract.registers import EntryCode
from shared.contract.vocabulary import RegisterKind


async def get(
    session: AsyncSession, *, organisation_id: str, entry_id: UUID, for_update: bool = False
) -> RegisterEntryRow | None:
    """One entry; locked if it will be changed."""
    return await one(session, RegisterEntryRow, organisation_id=organisation_id, id_=entry_id, for_update=for_update)


async def page(
    session: AsyncSession, *, organisation_id: str, kind: RegisterKind | None, cursor: str | None, limit: int
) -> Sequence[RegisterEntryRow]:
    """Up to limit + 1 entries, of one register or of all, newest first."""
    at, row_id = col(RegisterEntryRow.created_at), col(RegisterEntryRow.id)
    query = select(RegisterEntryRow).where(
        RegisterEntryRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    query = query.where(RegisterEntryRow.kind == kind) if kind is not None else query
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def standing(
    session: AsyncSession, *, organisation_id: str, kind: str, person_id: UUID | None = None
) -> Sequence[RegisterEntryRow]:
    """The entries of a register that have not been removed; of one person, or of all."""
    query = select(RegisterEntryRow).where(
        RegisterEntryRow.organisation_id == organisation_id,
        RegisterEntryRow.kind == kind,
        col(RegisterEntryRow.removed_at).is_(None),
    )
    query = query.where(RegisterEntryRow.person_id == person_id) if person_id is not None else query
    return (await session.exec(query.order_by(col(RegisterEntryRow.created_at), col(RegisterEntryRow.id)))).all()


async def any_standing(session: AsyncSession, *, organisation_id: str, kind: str) -> bool:
    """Whether a register has any entry."""
    query = select(func.count()).select_from(RegisterEntryRow)
    mine = (RegisterEntryRow.organisation_id == organisation_id, RegisterEntryRow.kind == kind)
    return bool((await session.exec(query.where(*mine, col(RegisterEntryRow.removed_at).is_(None)))).one())


async def of_person(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> Sequence[RegisterEntryRow]:
    """Every entry of a person, locked."""
    query = select(RegisterEntryRow).where(
        RegisterEntryRow.organisation_id == organisation_id, RegisterEntryRow.person_id == person_id
    )
    return (await session.exec(query.order_by(col(RegisterEntryRow.id)).with_for_update())).all()


async def still_there(
    session: AsyncSession, *, organisation_id: str, entry_ids: Collection[UUID]
) -> Sequence[RegisterEntryRow]:
    """Of these entries those whose person was not erased meanwhile."""
    query = select(RegisterEntryRow).where(
        RegisterEntryRow.organisation_id == organisation_id,
        col(RegisterEntryRow.id).in_(entry_ids),
        col(RegisterEntryRow.sealed).is_not(None),
    )
    return (await session.exec(query.order_by(col(RegisterEntryRow.id)))).all()


async def seal(session: AsyncSession, row: RegisterEntryRow, codes: Collection[EntryCode]) -> None:
    """Why somebody is in it, under their own key."""
    subject = vault.Subject(row.organisation_id, row.person_id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=sorted(codes))


async def codes_of(session: AsyncSession, rows: Sequence[RegisterEntryRow]) -> list[frozenset[EntryCode]]:
    """Why, for each; nothing where the person was erased."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [frozenset(EntryCode(code) for code in one or ()) for one in opened]


async def matches(
    session: AsyncSession,
    *,
    organisation_id: str,
    entry_ids: Collection[UUID] | None = None,
    comparison_ids: Collection[UUID] | None = None,
) -> Sequence[RegisterMatchRow]:
    """What comparisons told of these entries, or what these comparisons told; the oldest first."""
    query = select(RegisterMatchRow).where(RegisterMatchRow.organisation_id == organisation_id)
    query = query.where(col(RegisterMatchRow.entry_id).in_(entry_ids)) if entry_ids is not None else query
    query = (
        query.where(col(RegisterMatchRow.comparison_id).in_(comparison_ids)) if comparison_ids is not None else query
    )
    return (await session.exec(query.order_by(col(RegisterMatchRow.at), col(RegisterMatchRow.entry_id)))).all()


async def forget_matches(session: AsyncSession, *, organisation_id: str, entry_ids: Collection[UUID]) -> None:
    """That others had this person, too, goes with the person."""
    mine = (col(RegisterMatchRow.organisation_id) == organisation_id, col(RegisterMatchRow.entry_id).in_(entry_ids))
    await session.exec(delete(RegisterMatchRow).where(*mine))


def _place(row: RegisterEntryRow) -> vault.Place:
    return vault.Place("register_entries", str(row.id))
