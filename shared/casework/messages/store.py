"""SQL for messages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.casework.messages.tables import MessageRow


async def add(session: AsyncSession, message: MessageRow, *, body: str | None) -> None:
    """Keep a message, its body under the referral's key; one that is here already stays as it is."""
    subject = vault.Subject(message.organisation_id, message.referral_id)
    message.sealed = await vault.close(session, place=_place(message), subject=subject, value=body)
    await session.exec(insert(MessageRow).values(**message.model_dump()).on_conflict_do_nothing())


async def get(session: AsyncSession, *, organisation_id: str, message_id: UUID) -> MessageRow | None:
    """One message, of either side."""
    query = select(MessageRow).where(MessageRow.id == message_id, MessageRow.organisation_id == organisation_id)
    return (await session.exec(query)).first()


async def bodies(session: AsyncSession, rows: Sequence[MessageRow]) -> list[str | None]:
    """What was written, or None for what was erased."""
    return await vault.open_all(session, [(_place(row), row.sealed) for row in rows])


def _place(row: MessageRow) -> vault.Place:
    return vault.Place("messages", f"{row.organisation_id}/{row.id}")


async def page(
    session: AsyncSession,
    *,
    organisation_id: str,
    referral_id: UUID,
    parties: Sequence[str],
    cursor: str | None,
    limit: int,
) -> Sequence[MessageRow]:
    """Up to limit + 1 messages between two parties, newest first."""
    at, row_id = col(MessageRow.at), col(MessageRow.id)
    query = select(MessageRow).where(
        MessageRow.organisation_id == organisation_id,
        MessageRow.referral_id == referral_id,
        col(MessageRow.author_id).in_(parties),
        *paging.behind(cursor, at, row_id),
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def mark_read(session: AsyncSession, *, organisation_id: str, message_ids: Sequence[UUID], at: datetime) -> None:
    """Somebody here has read these messages."""
    mine = (col(MessageRow.organisation_id) == organisation_id, col(MessageRow.id).in_(message_ids))
    await session.exec(update(MessageRow).where(*mine).values(read_at=at))


async def were_read(
    session: AsyncSession, *, organisation_id: str, referral_id: UUID, message_ids: Sequence[UUID], at: datetime
) -> None:
    """The other side has read these messages of ours."""
    ours = (
        col(MessageRow.organisation_id) == organisation_id,
        col(MessageRow.author_id) == organisation_id,
        col(MessageRow.referral_id) == referral_id,
        col(MessageRow.id).in_(message_ids),
    )
    await session.exec(update(MessageRow).where(*ours, col(MessageRow.read_at).is_(None)).values(read_at=at))


async def forget_bodies(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> None:
    """Empty what was written about a referral."""
    mine = (col(MessageRow.organisation_id) == organisation_id, col(MessageRow.referral_id) == referral_id)
    await session.exec(update(MessageRow).where(*mine).values(sealed=None))
