"""SQL for own places. Holds are counted from live rows, never added and subtracted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.referrals.tables import ReferralRow
from shared.casework.units.tables import HoldRow, StayRow, UnitRow
from shared.contract.vocabulary import ReferralState

HOLDING = (ReferralState.REQUESTED, ReferralState.ACCEPTED)


@dataclass(frozen=True)
class Places:
    """A unit now: `capacity - occupied - held = free`, and free is never below zero when a place is given away."""

    unit: UnitRow
    occupied: int
    held: int

    @property
    def free(self) -> int:
        """Places that can be given away."""
        return max(0, self.unit.capacity - self.occupied - self.held)


async def get(session: AsyncSession, *, organisation_id: str, unit: str, lock: bool = False) -> UnitRow | None:
    """One unit; locked, so that nobody else gives a place of it away at the same time."""
    query = select(UnitRow).where(UnitRow.organisation_id == organisation_id, UnitRow.unit == unit)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def units_of(
    session: AsyncSession, *, organisation_id: str, kind: str | None = None, lock: bool = False
) -> Sequence[UnitRow]:
    """An organisation's units in the order of their names."""
    query = select(UnitRow).where(UnitRow.organisation_id == organisation_id).order_by(UnitRow.unit)
    if kind is not None:
        query = query.where(UnitRow.kind == kind)
    return (await session.exec(query.with_for_update() if lock else query)).all()


async def places(session: AsyncSession, *, unit: UnitRow, now: datetime) -> Places:
    """How many places of a unit are taken, held and free at a time."""
    stays = await _stays(session, unit=unit)
    since = sum(1 for s in stays if s.started_at > unit.counted_at and s.ended_at is None)
    gone = sum(1 for s in stays if s.started_at <= unit.counted_at and s.ended_at and s.ended_at > unit.counted_at)
    held = await live_holds(session, unit=unit, now=now)
    return Places(unit, max(0, unit.occupied + since - gone), len(held))


async def live_holds(session: AsyncSession, *, unit: UnitRow, now: datetime) -> Sequence[HoldRow]:
    """Holds whose referral waits and whose time has not run out. A stay starts the referral: that ends its hold."""
    query = (
        select(HoldRow)
        .where(HoldRow.organisation_id == unit.organisation_id, HoldRow.unit == unit.unit, HoldRow.until > now)
        .where(ReferralRow.id == HoldRow.referral_id, ReferralRow.organisation_id == HoldRow.organisation_id)
        .where(col(ReferralRow.state).in_(HOLDING))
    )
    return (await session.exec(query)).all()


async def stay(session: AsyncSession, *, organisation_id: str, stay_id: UUID, lock: bool = False) -> StayRow | None:
    """One stay."""
    query = select(StayRow).where(StayRow.id == stay_id, StayRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def _stays(session: AsyncSession, *, unit: UnitRow) -> Sequence[StayRow]:
    """The stays that the last count may not know of, and those that are going on."""
    query = select(StayRow).where(StayRow.organisation_id == unit.organisation_id, StayRow.unit == unit.unit)
    query = query.where((col(StayRow.ended_at).is_(None)) | (col(StayRow.ended_at) > unit.counted_at))
    return (await session.exec(query)).all()
