"""SQL for messages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging
from shared.casework.messages.tables import MessageRow


async def add(session: AsyncSession, message: MessageRow) -> None:
    """Keep a message; one that is here already stays as it is."""
    await session.exec(insert(MessageRow).values(**message.model_dump()).on_conflict_do_nothing())


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
    await session.exec(update(MessageRow).where(*mine).values(body=None))
