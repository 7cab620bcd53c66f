"""SQL for orders that were told here. Every function names the organisation: another one's order does not exist."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.casework.orders.tables import ReceivedBreachRow, ReceivedOrderRow

BATCH = 100


async def get(
    session: AsyncSession, *, organisation_id: str, order_id: UUID, for_update: bool = False
) -> ReceivedOrderRow | None:
    """The organisation's copy, or None; locked if it will be changed."""
    return await one(session, ReceivedOrderRow, organisation_id=organisation_id, id_=order_id, for_update=for_update)


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[ReceivedOrderRow]:
    """Up to limit + 1 orders, newest first."""
    at, row_id = col(ReceivedOrderRow.received_at), col(ReceivedOrderRow.id)
    query = select(ReceivedOrderRow).where(
        ReceivedOrderRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def seal(session: AsyncSession, row: ReceivedOrderRow, content: dict[str, Any]) -> None:
    """What it says, under a key of its own."""
    row.sealed = await vault.close(session, place=_place(row), subject=subject(row), value=content)


async def contents(session: AsyncSession, rows: Sequence[ReceivedOrderRow]) -> list[dict[str, Any]]:
    """What each says: empty where it was erased."""
    return [one or {} for one in await vault.open_all(session, [(_place(row), row.sealed) for row in rows])]


def subject(row: ReceivedOrderRow) -> vault.Subject:
    """Whose key seals it: the order stands for itself."""
    return vault.Subject(row.organisation_id, row.id)


def _place(row: ReceivedOrderRow) -> vault.Place:
    return vault.Place("received_orders", f"{row.organisation_id}/{row.id}")


async def keep_breach(session: AsyncSession, row: ReceivedBreachRow) -> bool:
    """Keep that an order was broken; whether that is new here."""
    values = insert(ReceivedBreachRow).values(**row.model_dump()).on_conflict_do_nothing()
    return (await session.exec(values.returning(col(ReceivedBreachRow.id)))).first() is not None


async def breaches(
    session: AsyncSession, *, organisation_id: str, order_ids: Collection[UUID]
) -> Sequence[ReceivedBreachRow]:
    """When these orders were broken, the first breach first."""
    query = select(ReceivedBreachRow).where(
        ReceivedBreachRow.organisation_id == organisation_id, col(ReceivedBreachRow.order_id).in_(order_ids)
    )
    return (await session.exec(query.order_by(col(ReceivedBreachRow.breached_at)))).all()


async def of_referrals(
    session: AsyncSession, *, organisation_id: str, referral_ids: Collection[UUID]
) -> Sequence[ReceivedOrderRow]:
    """The orders that protect whom these referrals are about, locked."""
    query = select(ReceivedOrderRow).where(
        ReceivedOrderRow.organisation_id == organisation_id, col(ReceivedOrderRow.referral_id).in_(referral_ids)
    )
    return (await session.exec(query.order_by(col(ReceivedOrderRow.id)).with_for_update())).all()


async def run_out(session: AsyncSession, *, today: date) -> Sequence[ReceivedOrderRow]:
    """Orders whose last day is over and that have not ended here, locked; another worker's are left to it."""
    query = select(ReceivedOrderRow).where(
        col(ReceivedOrderRow.ended_at).is_(None), col(ReceivedOrderRow.last_day) < today
    )
    first = query.order_by(col(ReceivedOrderRow.last_day)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


def ended(row: ReceivedOrderRow, *, end: str, at: datetime) -> None:
    """It protects nobody any more. Once: the first word of that counts."""
    row.ended_at, row.end = row.ended_at or at, row.end or end
