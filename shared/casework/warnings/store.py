"""SQL for warnings and what they rest on. Every function names the organisation."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging
from shared.adapters.rows import one
from shared.casework.warnings.tables import FactRow, WarningRow
from shared.contract.repetition import Fact
from shared.contract.vocabulary import Pattern


async def keep_fact(session: AsyncSession, fact: Fact, *, organisation_id: str, person_id: UUID) -> bool:
    """Keep that something happened to a person; whether that is new here."""
    values = {"id": fact.id, "pattern": fact.pattern, "organisation_id": organisation_id}
    row = insert(FactRow).values(**values, person_id=person_id, at=fact.at).on_conflict_do_nothing()
    return (await session.exec(row.returning(col(FactRow.id)))).first() is not None


async def facts(session: AsyncSession, *, organisation_id: str, person_id: UUID, pattern: Pattern) -> list[Fact]:
    """What of a kind happened to a person."""
    query = select(FactRow).where(
        FactRow.organisation_id == organisation_id, FactRow.person_id == person_id, FactRow.pattern == pattern
    )
    return [Fact(row.id, pattern, row.at) for row in (await session.exec(query)).all()]


async def forget_fact(session: AsyncSession, *, organisation_id: str, fact_id: UUID, pattern: Pattern) -> None:
    """It did not happen after all: a record was corrected."""
    mine = (col(FactRow.organisation_id) == organisation_id, col(FactRow.id) == fact_id)
    await session.exec(delete(FactRow).where(*mine, col(FactRow.pattern) == pattern))


async def get(
    session: AsyncSession, *, organisation_id: str, warning_id: UUID, for_update: bool = False
) -> WarningRow | None:
    """One warning; locked if it will be changed."""
    return await one(session, WarningRow, organisation_id=organisation_id, id_=warning_id, for_update=for_update)


async def unread(
    session: AsyncSession, *, organisation_id: str, person_id: UUID, pattern: Pattern
) -> WarningRow | None:
    """The warning of a kind about a person that nobody has acknowledged yet, locked."""
    query = select(WarningRow).where(
        WarningRow.organisation_id == organisation_id,
        WarningRow.person_id == person_id,
        WarningRow.pattern == pattern,
        col(WarningRow.acknowledged_at).is_(None),
        col(WarningRow.counterpart_id).is_(None),
    )
    return (await session.exec(query.order_by(col(WarningRow.created_at)).with_for_update())).first()


async def add(session: AsyncSession, row: WarningRow) -> bool:
    """Keep a warning; whether it is new here."""
    values = insert(WarningRow).values(**row.model_dump()).on_conflict_do_nothing()
    return (await session.exec(values.returning(col(WarningRow.id)))).first() is not None


async def page(
    session: AsyncSession, *, organisation_id: str, unread_only: bool, cursor: str | None, limit: int
) -> Sequence[WarningRow]:
    """Up to limit + 1 warnings, newest first."""
    at, row_id = col(WarningRow.created_at), col(WarningRow.id)
    query = select(WarningRow).where(WarningRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    if unread_only:
        query = query.where(col(WarningRow.acknowledged_at).is_(None))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def forget(
    session: AsyncSession, *, organisation_id: str, person_id: UUID, referral_ids: Collection[UUID]
) -> None:
    """A person is erased: neither what happened to them nor a warning about it stays."""
    facts_of = (col(FactRow.organisation_id) == organisation_id, col(FactRow.person_id) == person_id)
    await session.exec(delete(FactRow).where(*facts_of))
    whom = or_(col(WarningRow.person_id) == person_id, col(WarningRow.referral_id).in_(referral_ids))
    await session.exec(delete(WarningRow).where(col(WarningRow.organisation_id) == organisation_id, whom))
