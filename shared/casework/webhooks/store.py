"""SQL for webhooks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.retention import Kept
from shared.adapters.rows import one
from shared.casework.webhooks.tables import WebhookDeliveryRow, WebhookRow
from shared.contract.errors import VaultError

LOG = Kept(
    WebhookDeliveryRow,
    col(WebhookDeliveryRow.at),
    timedelta(days=30),
    "long enough to find out why a system was not told; it holds ids and kinds",
)


class Words(BaseModel):
    """What is sealed: where to call, and the secret that calls are signed with, as its receiver was given it."""

    url: str
    secret: str


async def seal(session: AsyncSession, row: WebhookRow, words: Words) -> None:
    """Under the organisation's own key: it is about nobody."""
    subject = vault.Subject(row.organisation_id, vault.NOBODY)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=words.model_dump())


async def words_of(session: AsyncSession, rows: Sequence[WebhookRow]) -> list[Words | None]:
    """What each row says; None of one that can't be opened, so that the others still can."""
    return [await _opened(session, row) for row in rows]


async def _opened(session: AsyncSession, row: WebhookRow) -> Words | None:
    try:
        return Words.model_validate(await vault.open_(session, place=_place(row), sealed=row.sealed))
    except (VaultError, ValidationError):
        return None


def _place(row: WebhookRow) -> vault.Place:
    return vault.Place("webhooks", str(row.id))


async def get(
    session: AsyncSession, *, organisation_id: str, webhook_id: UUID, for_update: bool = False
) -> WebhookRow | None:
    """One of this organisation's."""
    return await one(session, WebhookRow, organisation_id=organisation_id, id_=webhook_id, for_update=for_update)


async def of_organisation(session: AsyncSession, *, organisation_id: str) -> Sequence[WebhookRow]:
    """All of them, oldest first."""
    query = select(WebhookRow).where(WebhookRow.organisation_id == organisation_id)
    return (await session.exec(query.order_by(col(WebhookRow.created_at), col(WebhookRow.id)))).all()


async def remove(session: AsyncSession, row: WebhookRow) -> None:
    """With the log of its calls."""
    await session.exec(delete(WebhookDeliveryRow).where(col(WebhookDeliveryRow.webhook_id) == row.id))
    await session.delete(row)


async def subscribed(session: AsyncSession) -> Sequence[tuple[str, UUID, datetime]]:
    """(organisation, webhook, not before when) of those that were not given up, of the whole node."""
    query = select(WebhookRow.organisation_id, WebhookRow.id, WebhookRow.not_before)
    return (await session.exec(query.where(col(WebhookRow.disabled_at).is_(None)).order_by(col(WebhookRow.id)))).all()


async def claim(session: AsyncSession, *, webhook_id: UUID, now: datetime) -> WebhookRow | None:
    """One that may be called now, locked; None while another process of this service calls it."""
    query = select(WebhookRow).where(
        WebhookRow.id == webhook_id, col(WebhookRow.disabled_at).is_(None), WebhookRow.not_before <= now
    )
    return (await session.exec(query.with_for_update(skip_locked=True))).first()


async def failing_since(session: AsyncSession) -> datetime | None:
    """Since when the one that has failed longest does; None where all can be called, or were given up."""
    query = select(func.min(WebhookRow.failing_since)).where(col(WebhookRow.disabled_at).is_(None))
    return (await session.exec(query)).one()


async def deliveries(
    session: AsyncSession, *, webhook_id: UUID, cursor: str | None, limit: int
) -> Sequence[WebhookDeliveryRow]:
    """Up to limit + 1 calls of a webhook, newest first."""
    at, row_id = col(WebhookDeliveryRow.at), col(WebhookDeliveryRow.id)
    query = select(WebhookDeliveryRow).where(
        WebhookDeliveryRow.webhook_id == webhook_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()
