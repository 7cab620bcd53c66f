"""REST call for the bed board."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import RowMapping

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, TransactionalRoute
from shared.casework.beds import store
from shared.casework.directory.places import distance_km, nearest_known
from shared.contract.identifiers import KATO
from shared.contract.vocabulary import BedKind, Need

router = APIRouter(prefix="/beds", tags=["beds"], route_class=TransactionalRoute)
STALE_AFTER = timedelta(hours=12)
Near = Annotated[KATO | None, Query(description="KATO code of the place where the person is")]
# Longer than elsewhere: it holds the name of a unit, which other services may write in any letters.
Cursor = Annotated[
    str | None, Query(max_length=1500, description="`next` of the page before, asked with the same `near`")
]


class BoardUnit(BaseModel):
    """Places of one unit. `kato` and `place` name a town or district, never an address; distance is between centres.

    `serves`: what the unit says, or else its organisation; null where nobody says.
    """

    organisation_id: str
    name_kk: str
    name_ru: str
    name_en: str
    unit: str
    kind: BedKind
    capacity: int
    free: int
    serves: list[Need] | None
    counted_at: datetime
    age_minutes: int
    stale: bool
    kato: str
    place: str | None
    distance_km: float | None


class Board(BaseModel):
    """A page of who has room now, and the cursor of the next, or null on the last one.

    The nearest first where `near` was given; equally far ones, and all where it was not, by organisation and unit.
    """

    items: list[BoardUnit]
    next: str | None = None


@router.get("")
async def read_board(
    desk: Reader,
    kind: Annotated[BedKind | None, Query(alias="for")] = None,
    near: Near = None,
    cursor: Cursor = None,
    limit: paging.Limit = 50,
) -> Board:
    """The bed board, page by page, full units included: that a shelter is full is news, too."""
    rows = await _behind(desk, kind, near, cursor, limit + 1)
    shown = rows[:limit]
    following = _cursor(shown[-1], near) if len(rows) > limit else None
    return Board(items=[unit_shown(row, near, desk.now) for row in shown], next=following)


async def _behind(
    desk: Desk, kind: BedKind | None, near: str | None, cursor: str | None, limit: int
) -> Sequence[RowMapping]:
    """Raises Problem 422 for a cursor that is not of such a page."""
    if near is None:
        organisation, unit = ("", "") if cursor is None else paging.decode_words(cursor, count=2)
        return await store.page(desk.session, kind=kind, after=(organisation, unit), limit=limit)
    far, organisation, unit = ("0", "", "") if cursor is None else paging.decode_words(cursor, count=3)
    after = _km(far), organisation, unit
    return await store.nearest(desk.session, kind=kind, near=near, after=after, limit=limit)


def _km(said: str) -> float:
    try:
        km = float(said)
    except ValueError:
        km = -1.0
    if not km >= 0:  # which a NaN is not
        raise paging.invalid_cursor()
    return km


def _cursor(last: RowMapping, near: str | None) -> str:
    key = (last["organisation_id"], last["unit"])
    return paging.encode_words(*key) if near is None else paging.encode_words(repr(last["km"]), *key)


def unit_shown(row: RowMapping, near: str | None, now: datetime) -> BoardUnit:
    """A unit of the board as it is shown, with how far it is where that was asked."""
    age, place = now - row["counted_at"], nearest_known(row["kato"])
    return BoardUnit(
        organisation_id=row["organisation_id"],
        name_kk=row["name_kk"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        unit=row["unit"],
        kind=BedKind(row["kind"]),
        capacity=row["capacity"],
        free=row["free"],
        serves=_serves(row),
        counted_at=row["counted_at"],
        age_minutes=max(0, int(age.total_seconds() // 60)),
        stale=age > STALE_AFTER,
        kato=row["kato"],
        place=place.name_en if place else None,
        distance_km=distance_km(near, row["kato"]) if near else None,
    )


def _serves(row: RowMapping) -> list[Need] | None:
    """What the unit says, or else its organisation."""
    said = row["organisation_serves"] if row["serves"] is None else row["serves"]
    return None if said is None else [Need(need) for need in said]
