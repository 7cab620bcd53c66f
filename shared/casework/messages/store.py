"""SQL for messages."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.messages.tables import MessageRow


async def add(session: AsyncSession, message: MessageRow) -> None:
    """Keep a message; one that is here already stays as it is."""
    await session.exec(insert(MessageRow).values(**message.model_dump()).on_conflict_do_nothing())


async def of_referral(
    session: AsyncSession, *, organisation_id: str, referral_id: UUID, parties: Sequence[str]
) -> Sequence[MessageRow]:
    """The conversation between two parties, oldest first."""
    query = select(MessageRow).where(
        MessageRow.organisation_id == organisation_id,
        MessageRow.referral_id == referral_id,
        col(MessageRow.author_id).in_(parties),
    )
    return (await session.exec(query.order_by(col(MessageRow.at), col(MessageRow.id)))).all()


async def mark_read(
    session: AsyncSession, *, organisation_id: str, referral_id: UUID, author_id: str, at: datetime
) -> list[UUID]:
    """What that author wrote and nobody here had read before; now it is read."""
    unread = (
        col(MessageRow.organisation_id) == organisation_id,
        col(MessageRow.referral_id) == referral_id,
        col(MessageRow.author_id) == author_id,
        col(MessageRow.read_at).is_(None),
    )
    rows = await session.exec(update(MessageRow).where(*unread).values(read_at=at).returning(col(MessageRow.id)))
    return list(rows.scalars())


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
