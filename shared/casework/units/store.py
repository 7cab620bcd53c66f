"""SQL for own places. Holds are counted from live rows, never added and subtracted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.database import unwalled
from shared.casework.referrals.tables import ReferralRow
from shared.casework.units.tables import HoldRow, StayRow, UnitRow
from shared.contract.vocabulary import ReferralState

HOLDING = (ReferralState.REQUESTED, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS)


@dataclass(frozen=True)
class Places:
    """A unit now. A place is given away only if `balance` is not below zero afterwards."""

    unit: UnitRow
    occupied: int
    held: int

    @property
    def balance(self) -> int:
        """capacity - occupied - held."""
        return self.unit.capacity - self.occupied - self.held

    @property
    def free(self) -> int:
        """Places that can be given away."""
        return max(0, self.balance)


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


async def all_units(session: AsyncSession) -> Sequence[UnitRow]:
    """The units of every organisation here."""
    return (await session.exec(select(UnitRow).order_by(UnitRow.organisation_id, UnitRow.unit))).all()


async def ensure(session: AsyncSession, *, organisation_id: str, unit: str, now: datetime) -> bool:
    """Make a unit that holds nothing, if there is none of this name yet. Whether it is new."""
    empty = {"kind": "", "capacity": 0, "occupied": 0, "revision": 0, "counted_at": now}
    row = insert(UnitRow).values(organisation_id=organisation_id, unit=unit, **empty)
    made = await session.exec(row.on_conflict_do_nothing().returning(col(UnitRow.unit)))
    return made.first() is not None


async def how_many(session: AsyncSession, *, organisation_id: str) -> int:
    """How many units an organisation has."""
    mine = UnitRow.organisation_id == organisation_id
    return (await session.exec(select(func.count()).select_from(UnitRow).where(mine))).one()


async def stay_of(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> StayRow | None:
    """The stay that a referral led to."""
    query = select(StayRow).where(StayRow.referral_id == referral_id, StayRow.organisation_id == organisation_id)
    return (await session.exec(query)).first()


async def places(session: AsyncSession, *, unit: UnitRow, now: datetime) -> Places:
    """How many places of a unit are taken, held and free at a time."""
    stays = await _stays(session, unit=unit)
    since = sum(1 for s in stays if s.started_at > unit.counted_at and s.ended_at is None)
    gone = sum(1 for s in stays if s.started_at <= unit.counted_at and s.ended_at and s.ended_at > unit.counted_at)
    held = await live_holds(session, unit=unit, now=now)
    going_on = sum(1 for s in stays if s.ended_at is None)
    return Places(unit, max(unit.occupied + since - gone, going_on, 0), len(held))


async def live_holds(session: AsyncSession, *, unit: UnitRow, now: datetime) -> Sequence[HoldRow]:
    """Holds whose referral is open, whose time has not run out, and whose person has not moved in."""
    query = (
        select(HoldRow)
        .where(HoldRow.organisation_id == unit.organisation_id, HoldRow.unit == unit.unit, HoldRow.until > now)
        .where(ReferralRow.id == HoldRow.referral_id, ReferralRow.organisation_id == HoldRow.organisation_id)
        .where(col(ReferralRow.state).in_(HOLDING))
        .where(~exists().where(col(StayRow.referral_id) == col(HoldRow.referral_id)))
    )
    async with unwalled(session):  # a place is held, whoever counts
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
