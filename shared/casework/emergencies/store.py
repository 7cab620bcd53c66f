"""SQL for declared emergencies."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.casework.emergencies.tables import EmergencyRow
from shared.contract.grounds import Emergency


async def get(
    session: AsyncSession, *, organisation_id: str, emergency_id: UUID, for_update: bool = False
) -> EmergencyRow | None:
    """One that was declared here."""
    return await one(session, EmergencyRow, organisation_id=organisation_id, id_=emergency_id, for_update=for_update)


async def page(
    session: AsyncSession, *, organisation_id: str, to_review: bool, cursor: str | None, limit: int
) -> Sequence[EmergencyRow]:
    """Up to limit + 1, newest first: all, or those that nobody has reviewed."""
    at, row_id = col(EmergencyRow.declared_at), col(EmergencyRow.id)
    query = select(EmergencyRow).where(
        EmergencyRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    if to_review:
        query = query.where(col(EmergencyRow.reviewed_at).is_(None))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


class Words(BaseModel):
    """What was written: why, and what the review noted. Nothing, where the person was erased."""

    why: str | None = None
    note: str | None = None


async def seal(session: AsyncSession, row: EmergencyRow, words: Words) -> None:
    """Under the person's key: who declared, when, and the review outlive the words."""
    subject = vault.Subject(row.organisation_id, row.person_id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=words.model_dump())


async def words_of(session: AsyncSession, rows: Sequence[EmergencyRow]) -> list[Words]:
    """What was written with each."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [Words.model_validate(one or {}) for one in opened]


def _place(row: EmergencyRow) -> vault.Place:
    return vault.Place("emergencies", str(row.id))


def terms(row: EmergencyRow) -> Emergency:
    """The contract's value of a row: not who, and not why."""
    return Emergency(id=row.id, declared_by=row.organisation_id, declared_at=row.declared_at, until=row.until)
