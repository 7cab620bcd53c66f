"""SQL for the bed board. However much is on it, a page reads its own rows.

The nearest are found place by place: how far each known place is does not change, so it goes with the question, and an
index has the units of each place in their order.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, MappingResult, RowMapping
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import SQLModel, delete, func, insert, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.asking import ask
from shared.casework.beds.tables import BoardRow
from shared.casework.directory.places import distances, nearest_known
from shared.casework.directory.tables import OrganisationRow
from shared.contract.events import BedsCounted
from shared.contract.vocabulary import BedKind

UNITS, DIRECTORY = (SQLModel.metadata.tables[str(row.__tablename__)] for row in (BoardRow, OrganisationRow))
KEY = (UNITS.c.organisation_id, UNITS.c.unit)
SHOWN = tuple(UNITS.c[name] for name in ("organisation_id", "unit", "kind", "capacity", "free", "serves", "counted_at"))
ITS = DIRECTORY.c.id == UNITS.c.organisation_id
ALL_AT_ONCE = UNITS.join(DIRECTORY, ITS)
# The organisations of a page: PostgreSQL would read the directory of a small nation whole, and so a page of it.
ONE_BY_ONE = UNITS.join(sa.select(DIRECTORY).where(ITS).limit(1).lateral(), sa.true())
# It takes each place for one of middling size, of which it would read all and sort them: those of a city are many.
IN_ORDER = "select set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)"
NOWHERE, FARTHEST = "", float("inf")  # what is at no known place is shown last


async def replace(session: AsyncSession, *, counted: BedsCounted, at: datetime) -> None:
    """The last announcement of an organisation is all there is of it; an older one changes nothing."""
    organisation = counted.organisation
    mine = select(func.max(BoardRow.announced_at)).where(UNITS.c.organisation_id == organisation).scalar_subquery()
    kato = select(OrganisationRow.kato).where(OrganisationRow.id == organisation).scalar_subquery()
    newest, lies_in = (await session.exec(select(mine, kato))).one()
    if newest is not None and newest > at:
        return
    await session.exec(delete(BoardRow).where(UNITS.c.organisation_id == organisation))
    units = {unit.unit: unit for unit in counted.units}.values()
    common = {"organisation_id": organisation, "announced_at": at, "place": _place(lies_in)}
    rows = [{**unit.model_dump(mode="json"), "counted_at": unit.counted_at, **common} for unit in units]
    if rows:
        await session.exec(insert(BoardRow), params=rows)


async def settle(session: AsyncSession, *, organisation_id: str | None = None) -> None:
    """Put the units of an organisation, or of all, at the place that the directory says now."""
    known = (
        sa.select(UNITS.c.organisation_id, UNITS.c.place, DIRECTORY.c.kato)
        .select_from(ALL_AT_ONCE)
        .where(*_of(organisation_id))
    )
    for row in await _rows(session, known.distinct()):
        if row["place"] != _place(row["kato"]):
            there = update(BoardRow).where(*_of(row["organisation_id"]))
            await session.exec(there.values(place=_place(row["kato"])))


def _of(organisation_id: str | None) -> list[ColumnElement[bool]]:
    return [] if organisation_id is None else [UNITS.c.organisation_id == organisation_id]


def _place(kato: str | None) -> str:
    place = nearest_known(kato) if kato is not None else None
    return place.kato if place is not None else NOWHERE


async def board(
    session: AsyncSession, *, kind: BedKind | None = None, organisation_id: str | None = None
) -> Sequence[RowMapping]:
    """Every unit with its organisation, for who needs all, by the organisation's id; or those of one organisation."""
    return await _rows(session, _units(ALL_AT_ONCE, kind, *_of(organisation_id)))


async def page(
    session: AsyncSession, *, kind: BedKind | None, after: tuple[str, str], limit: int
) -> Sequence[RowMapping]:
    """So many units behind one of an organisation, in the order of the organisations' ids."""
    within, bounds = _kind(kind)
    return await _rows(session, _between(within, bounds, *after).limit(limit))


async def nearest(
    session: AsyncSession, *, kind: BedKind | None, near: str, after: tuple[float, str, str], limit: int
) -> Sequence[RowMapping]:
    """So many units behind one that is so far away, the nearest first; of equally far ones by the organisations' ids.

    `km`: how far each is; FARTHEST where nobody knows.
    """
    far, organisation, unit = after
    ways = [way for way in (*distances(near), (NOWHERE, FARTHEST)) if way[1] >= far]
    given = {"places": [place for place, _ in ways], "kilometres": [km for _, km in ways], "limit": limit}
    await ask(session, IN_ORDER)
    return await _rows(session, _nearest(kind), **given, far=far, organisation=organisation, unit=unit)


@cache
def _nearest(kind: BedKind | None) -> sa.Select[Any]:
    """Made once for a kind: to make it takes longer than PostgreSQL needs to answer it."""
    limit = sa.bindparam("limit", type_=sa.Integer)
    there = _ways()
    within, bounds = _kind(kind)
    here = _between([UNITS.c.place, *within], [there.c.place, *bounds], there.c.organisation_id, there.c.unit)
    units = here.limit(limit).lateral()
    query = sa.select(units, there.c.km).select_from(there.join(units, sa.true()))
    return query.order_by(there.c.km, units.c.organisation_id, units.c.unit).limit(limit)


def _ways() -> sa.Subquery:
    """`places`, how many `kilometres` away each is, and behind which unit it is read on: `far` away, a given one."""
    given = sa.bindparam("places", type_=ARRAY(sa.Text)), sa.bindparam("kilometres", type_=ARRAY(sa.Double))
    way = func.unnest(*given).table_valued(sa.column("place", sa.Text), sa.column("km", sa.Double)).render_derived()
    begun = way.c.km == sa.bindparam("far", type_=sa.Double)
    behind = [
        sa.case((begun, sa.bindparam(name, type_=sa.Text)), else_="").label(key.name)
        for name, key in zip(("organisation", "unit"), KEY, strict=True)
    ]
    return sa.select(way.c.place, way.c.km, *behind).order_by(way.c.km).subquery()


def _kind(kind: BedKind | None) -> tuple[list[Any], list[Any]]:
    return ([], []) if kind is None else ([UNITS.c.kind], [sa.literal(kind.value)])


def _between(within: Sequence[Any], bounds: Sequence[Any], organisation: Any, unit: Any) -> sa.Select[Any]:
    """The units of a place, a kind or both, behind one of an organisation, in their order.

    By bounds, though nothing else lies between them: in this order they are in one index alone. By values the key's
    order would be another way to them, through all units of a nation for a place that has none.
    """
    behind = sa.tuple_(*within, *KEY) > sa.tuple_(*bounds, organisation, unit)
    upto = [sa.tuple_(*within) <= sa.tuple_(*bounds)] if within else []
    return _units(ONE_BY_ONE, None, behind, *upto).order_by(None).order_by(*within, *KEY)


def _units(known: sa.Join, kind: BedKind | None, *such: ColumnElement[bool]) -> sa.Select[Any]:
    """Of organisations that the directory knows."""
    its = known.right.c
    whose = (its.name_kk, its.name_ru, its.name_en, its.kato, its.serves.label("organisation_serves"))
    kinds = [] if kind is None else [UNITS.c.kind == kind]
    return sa.select(*SHOWN, *whose).select_from(known).where(*kinds, *such).order_by(*KEY)


async def _rows(session: AsyncSession, query: sa.Select[Any], **given: object) -> Sequence[RowMapping]:
    """As plain values: an object for each unit of a nation costs more than all else."""
    found: MappingResult = (await session.exec(query, params=given)).mappings()  # type: ignore[call-overload]  # of so many columns
    return found.all()
