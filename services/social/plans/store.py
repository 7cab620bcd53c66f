"""SQL of plans, and what they say in words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.social.plans.tables import PlanEntryRow, PlanRow
from shared.adapters import paging, vault


async def plan(session: AsyncSession, *, organisation_id: str, plan_id: UUID, lock: bool = False) -> PlanRow | None:
    """One plan."""
    query = select(PlanRow).where(PlanRow.id == plan_id, PlanRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page(session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int) -> Sequence[PlanRow]:
    """Up to limit + 1 plans, newest first."""
    at, row_id = col(PlanRow.created_at), col(PlanRow.id)
    query = select(PlanRow).where(PlanRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def open_of(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> Sequence[PlanRow]:
    """The plans for a referral that are not closed, locked."""
    query = select(PlanRow).where(
        PlanRow.referral_id == referral_id,
        PlanRow.organisation_id == organisation_id,
        col(PlanRow.closed_at).is_(None),
    )
    return (await session.exec(query.order_by(col(PlanRow.id)).with_for_update())).all()


async def entries(session: AsyncSession, *, plan: PlanRow) -> Sequence[PlanEntryRow]:
    """What was done about a plan, the oldest first."""
    query = select(PlanEntryRow).where(
        PlanEntryRow.plan_id == plan.id, PlanEntryRow.organisation_id == plan.organisation_id
    )
    return (await session.exec(query.order_by(col(PlanEntryRow.at), col(PlanEntryRow.id)))).all()


async def add(session: AsyncSession, plan: PlanRow, entry: PlanEntryRow, *, text: str | None) -> None:
    """Keep an entry, its words under the key of whom the plan is about."""
    if text is not None:
        entry.sealed = await vault.close(session, place=_entry_place(entry), subject=subject_of(plan), value=text)
    session.add(entry)
    await session.flush()


async def texts(session: AsyncSession, rows: Sequence[PlanEntryRow]) -> list[str | None]:
    """The words of entries, or None where there are none, or they were erased."""
    return await vault.open_all(session, [(_entry_place(row), row.sealed) for row in rows])


async def seal_partners(session: AsyncSession, row: PlanRow, partners: dict[str, list[dict[str, Any]]]) -> None:
    """Who helps with which goal: a named one, such as a child's school, tells where somebody is."""
    row.sealed = await vault.close(session, place=_place(row), subject=subject_of(row), value=partners)


async def partners(session: AsyncSession, rows: Sequence[PlanRow]) -> list[dict[str, list[dict[str, Any]]]]:
    """Of each plan, by goal; nothing where that was erased."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [one or {} for one in opened]


def subject_of(row: PlanRow) -> vault.Subject:
    """With whom it is erased: the person recorded here; else with the plan, when its referral is withdrawn."""
    return vault.Subject(row.organisation_id, row.person_id or row.id)


def _place(row: PlanRow) -> vault.Place:
    return vault.Place("service_plans", str(row.id))


def _entry_place(row: PlanEntryRow) -> vault.Place:
    return vault.Place("plan_entries", str(row.id))
