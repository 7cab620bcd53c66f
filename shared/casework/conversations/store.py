"""SQL for preventive conversations. Every function names the organisation: another one's does not exist."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.casework.conversations.tables import ConversationRow


async def get(session: AsyncSession, *, organisation_id: str, conversation_id: UUID) -> ConversationRow | None:
    """One conversation."""
    query = select(ConversationRow).where(
        ConversationRow.id == conversation_id, ConversationRow.organisation_id == organisation_id
    )
    return (await session.exec(query)).first()


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[ConversationRow]:
    """Up to limit + 1 conversations, newest first."""
    at, row_id = col(ConversationRow.created_at), col(ConversationRow.id)
    query = select(ConversationRow).where(
        ConversationRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def seal(session: AsyncSession, row: ConversationRow, person_id: UUID, words: dict[str, Any]) -> None:
    """Under the key of whom it was held with."""
    subject = vault.Subject(row.organisation_id, person_id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=words)


async def words_of(session: AsyncSession, rows: Sequence[ConversationRow]) -> list[dict[str, Any]]:
    """What each says: empty where it was erased, or was held elsewhere."""
    return [one or {} for one in await vault.open_all(session, [(_place(row), row.sealed) for row in rows])]


async def keep(session: AsyncSession, row: ConversationRow) -> None:
    """Keep what we were told, once."""
    await session.exec(insert(ConversationRow).values(**row.model_dump()).on_conflict_do_nothing())


def _place(row: ConversationRow) -> vault.Place:
    return vault.Place("conversations", f"{row.organisation_id}/{row.id}")
