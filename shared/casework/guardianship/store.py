"""SQL of requests to the guardianship authority, and what they say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.casework.guardianship.tables import GuardianRequestRow as Row
from shared.contract.treatment_words import GuardianAnswer


async def get(session: AsyncSession, *, organisation_id: str, request_id: UUID, lock: bool = False) -> Row | None:
    """One request, locked if it will be changed."""
    query = select(Row).where(Row.id == request_id, Row.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page(session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int) -> Sequence[Row]:
    """Up to limit + 1 requests, newest first."""
    at, row_id = col(Row.asked_at), col(Row.id)
    query = select(Row).where(Row.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def has_consented(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> bool:
    """Whether the last answer of the guardianship authority for a person is that it consents."""
    mine = (Row.organisation_id == organisation_id, Row.person_id == person_id, col(Row.answer).is_not(None))
    newest = select(Row.answer).where(*mine).order_by(col(Row.answered_at).desc()).limit(1)
    return (await session.exec(newest)).first() == GuardianAnswer.CONSENTS


async def seal(session: AsyncSession, row: Row, content: dict[str, Any]) -> None:
    """Under the key of whom it is about, where that is known here; else it stands for itself."""
    subject = vault.Subject(row.organisation_id, row.person_id or row.id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=content)


async def contents(session: AsyncSession, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What each says: empty where it was erased."""
    return [one or {} for one in await vault.open_all(session, [(_place(row), row.sealed) for row in rows])]


def _place(row: Row) -> vault.Place:
    return vault.Place("guardian_requests", f"{row.organisation_id}/{row.id}")
