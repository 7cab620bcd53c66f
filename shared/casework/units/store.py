"""SQL for own places. Holds are counted from live rows, never added and subtracted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, ScalarSelect
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.database import unwalled
from shared.casework.referrals.tables import ReferralRow
from shared.casework.units.tables import HoldRow, StayRow, UnitRow
from shared.contract.vocabulary import ReferralState

GOING_ON = col(StayRow.ended_at).is_(None)
# What a unit's last count does not know of: who came since, and who left since and had been counted.
CAME_SINCE = (col(StayRow.started_at) > col(UnitRow.counted_at)) & GOING_ON
LEFT_SINCE = (col(StayRow.started_at) <= col(UnitRow.counted_at)) & (col(StayRow.ended_at) > col(UnitRow.counted_at))
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


class Counted(NamedTuple):
    """A unit as everybody is told of it. Plain values: all are looked at every second, and they may be thousands."""

    organisation_id: str
    unit: str
    kind: str
    counted_at: datetime
    serves: list[str] | None
    capacity: int
    free: int


_UNITS = SQLModel.metadata.tables[str(UnitRow.__tablename__)].c
TOLD = (_UNITS.organisation_id, _UNITS.unit, _UNITS.kind, _UNITS.counted_at, _UNITS.serves, _UNITS.capacity)


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
    this = UnitRow.organisation_id == unit.organisation_id, UnitRow.unit == unit.unit
    return (await _places(session, *this, now=now))[0]


async def places_of(session: AsyncSession, *, organisation_id: str, now: datetime) -> list[Places]:
    """The same of an organisation's units, in the order of their names."""
    return await _places(session, UnitRow.organisation_id == organisation_id, now=now)


async def counts(session: AsyncSession, *, now: datetime) -> list[Counted]:
    """The same of every organisation here, as everybody is told of it."""
    query = sa.select(*TOLD, _UNITS.occupied, *_at(now)).order_by(_UNITS.organisation_id, _UNITS.unit)
    async with unwalled(session):
        rows = (await session.exec(query)).all()  # type: ignore[call-overload]  # of so many columns
    return [
        Counted._make((*told, capacity, max(0, capacity - max(occupied + more, going_on, 0) - held)))
        for *told, capacity, occupied, more, going_on, held in rows
    ]


async def _places(session: AsyncSession, *such: ColumnElement[bool] | bool, now: datetime) -> list[Places]:
    """One question for however many units. A place is held, whoever counts."""
    query = select(UnitRow, *_at(now)).where(*such)
    async with unwalled(session):
        rows = (await session.exec(query.order_by(UnitRow.organisation_id, UnitRow.unit))).all()
    return [Places(unit, max(unit.occupied + more, going_on, 0), held) for unit, more, going_on, held in rows]


def _at(now: datetime) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Of a unit at a time: how many more than were counted, how many stays go on, how many places are held."""
    return _stays(CAME_SINCE) - _stays(LEFT_SINCE), _stays(GOING_ON), _held(now)


def _stays(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many stays of a unit are such."""
    there = (StayRow.organisation_id == UnitRow.organisation_id, StayRow.unit == UnitRow.unit)
    return select(func.count()).select_from(StayRow).where(*there, which).correlate(UnitRow).scalar_subquery()


def _held(now: datetime) -> ScalarSelect[int]:
    """Holds whose referral is open, whose time has not run out, and whose person has not moved in."""
    query = (
        select(func.count())
        .select_from(HoldRow)
        .where(HoldRow.organisation_id == UnitRow.organisation_id, HoldRow.unit == UnitRow.unit, HoldRow.until > now)
        .where(ReferralRow.id == HoldRow.referral_id, ReferralRow.organisation_id == HoldRow.organisation_id)
        .where(col(ReferralRow.state).in_(HOLDING))
        .where(~exists().where(col(StayRow.referral_id) == col(HoldRow.referral_id)))
    )
    return query.correlate(UnitRow).scalar_subquery()


async def stay(session: AsyncSession, *, organisation_id: str, stay_id: UUID, lock: bool = False) -> StayRow | None:
    """One stay."""
    query = select(StayRow).where(StayRow.id == stay_id, StayRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()
