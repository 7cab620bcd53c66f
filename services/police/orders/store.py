"""SQL of orders, and what they say."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.police.orders.tables import BreachRow, CopyRow, OrderRow
from shared.adapters import paging, vault
from shared.contract.grounds import CourtDecision
from shared.contract.sets import SortedSet
from shared.contract.vocabulary import OrderRequirement

BATCH = 100


class Words(BaseModel):
    """What an order says of whom it was made against. Nothing, where he was erased."""

    number: str | None = None
    court: CourtDecision | None = None
    asks: SortedSet[OrderRequirement] = frozenset()
    reports_a_month: int | None = None
    home_until: date | None = None
    treat_at: str | None = None


async def order(session: AsyncSession, *, organisation_id: str, order_id: UUID, lock: bool = False) -> OrderRow | None:
    """One order."""
    query = select(OrderRow).where(OrderRow.id == order_id, OrderRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def orders(session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int) -> Sequence[OrderRow]:
    """Up to limit + 1 orders, newest first."""
    at, row_id = col(OrderRow.created_at), col(OrderRow.id)
    query = select(OrderRow).where(OrderRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def in_force_for(
    session: AsyncSession, *, organisation_id: str, person_id: UUID, today: date
) -> Sequence[OrderRow]:
    """The orders that protect a person, or a dependant, now; locked."""
    protects = or_(col(OrderRow.protected_id) == person_id, col(OrderRow.dependants).contains([str(person_id)]))
    query = select(OrderRow).where(
        OrderRow.organisation_id == organisation_id,
        protects,
        col(OrderRow.ended_at).is_(None),
        OrderRow.last_day >= today,
    )
    return (await session.exec(query.order_by(col(OrderRow.id)).with_for_update())).all()


async def copies(session: AsyncSession, *, organisation_id: str, order_ids: Collection[UUID]) -> Sequence[CopyRow]:
    """Who was told of these orders."""
    query = select(CopyRow).where(CopyRow.organisation_id == organisation_id, col(CopyRow.order_id).in_(order_ids))
    return (await session.exec(query.order_by(col(CopyRow.told_at), col(CopyRow.recipient_id)))).all()


async def breaches(session: AsyncSession, *, organisation_id: str, order_ids: Collection[UUID]) -> Sequence[BreachRow]:
    """When these orders were broken, the first breach first."""
    query = select(BreachRow).where(
        BreachRow.organisation_id == organisation_id, col(BreachRow.order_id).in_(order_ids)
    )
    return (await session.exec(query.order_by(col(BreachRow.breached_at), col(BreachRow.id)))).all()


async def run_out(session: AsyncSession, *, today: date) -> Sequence[OrderRow]:
    """Orders whose last day is over and that have not ended, locked; another worker's are left to it."""
    query = select(OrderRow).where(col(OrderRow.ended_at).is_(None), col(OrderRow.last_day) < today)
    first = query.order_by(col(OrderRow.last_day)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


async def seal(session: AsyncSession, row: OrderRow, words: Words) -> None:
    """Under the key of whom it was made against."""
    subject = vault.Subject(row.organisation_id, row.alleged_offender_id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=words.model_dump(mode="json"))


async def words_of(session: AsyncSession, rows: Sequence[OrderRow]) -> list[Words]:
    """What each order says."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [Words.model_validate(one or {}) for one in opened]


def _place(row: OrderRow) -> vault.Place:
    return vault.Place("orders", str(row.id))
