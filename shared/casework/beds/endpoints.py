"""REST call for the bed board."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shared.adapters.http import Reader, TransactionalRoute
from shared.casework.beds import store
from shared.casework.beds.tables import BoardRow
from shared.casework.directory.places import distance_km, nearest_known
from shared.casework.directory.tables import OrganisationRow
from shared.contract.identifiers import KATO
from shared.contract.vocabulary import BedKind, Need

router = APIRouter(prefix="/beds", tags=["beds"], route_class=TransactionalRoute)
STALE_AFTER = timedelta(hours=12)


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
    """Who has room now: nearest first where `near` was given."""

    items: list[BoardUnit]


@router.get("")
async def read_board(
    desk: Reader,
    kind: Annotated[BedKind | None, Query(alias="for")] = None,
    near: Annotated[KATO | None, Query(description="KATO code of the place where the person is")] = None,
) -> Board:
    """The bed board, full units included: that a shelter is full is news, too."""
    rows = await store.board(desk.session, kind=kind)
    units = [unit_shown(row, organisation, near, desk.now) for row, organisation in rows]
    if near is not None:
        units.sort(key=lambda u: (u.distance_km is None, u.distance_km or 0.0, u.organisation_id, u.unit))
    return Board(items=units)


def unit_shown(row: BoardRow, organisation: OrganisationRow, near: str | None, now: datetime) -> BoardUnit:
    """A unit of the board as it is shown, with how far it is where that was asked."""
    age, place = now - row.counted_at, nearest_known(organisation.kato)
    return BoardUnit(
        organisation_id=row.organisation_id,
        name_kk=organisation.name_kk,
        name_ru=organisation.name_ru,
        name_en=organisation.name_en,
        unit=row.unit,
        kind=BedKind(row.kind),
        capacity=row.capacity,
        free=row.free,
        serves=_serves(row, organisation),
        counted_at=row.counted_at,
        age_minutes=max(0, int(age.total_seconds() // 60)),
        stale=age > STALE_AFTER,
        kato=organisation.kato,
        place=place.name_en if place else None,
        distance_km=distance_km(near, organisation.kato) if near else None,
    )


def _serves(row: BoardRow, organisation: OrganisationRow) -> list[Need] | None:
    """What the unit says, or else its organisation."""
    said = organisation.serves if row.serves is None else row.serves
    return None if said is None else [Need(need) for need in said]
