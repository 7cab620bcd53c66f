"""REST calls for own places: count beds, begin and end stays."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import (
    BedCounter,
    Desk,
    IfMatch,
    OnceKey,
    Reader,
    TransactionalRoute,
    Writer,
    etag,
    found,
    note,
)
from shared.casework.persons import store as persons
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.casework.units import store
from shared.casework.units.counting import UNIT_PATTERN, Count, count
from shared.casework.units.moving import move_in, move_out
from shared.casework.units.tables import UnitRow
from shared.contract.errors import Problem
from shared.contract.vocabulary import BedKind, Need, ReferralAction, ReferralState, Side

router = APIRouter(tags=["beds"], route_class=TransactionalRoute)
UnitName = Annotated[str, Path(pattern=UNIT_PATTERN, description="a name of your own, such as family-rooms")]
MAY_MOVE_IN = (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS)


class Unit(BaseModel):
    """Places now; `free` is what the board shows. `serves`: null where that is what the organisation serves."""

    unit: str
    kind: BedKind
    capacity: int
    occupied: int
    held: int
    free: int
    serves: list[Need] | None
    counted_at: datetime


class Units(BaseModel):
    """An organisation's units."""

    items: list[Unit]


class NewStay(BaseModel):
    """Someone moves in: by a referral, whose held place is used, or without one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"unit": "family-rooms"}]})
    unit: str = Field(pattern=UNIT_PATTERN)
    person_id: UUID | None = None
    referral_id: UUID | None = None


class Stay(BaseModel):
    """A stay."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    unit: str
    person_id: UUID | None
    referral_id: UUID | None
    started_at: datetime
    ended_at: datetime | None


@router.put("/beds/{unit}", responses=problems(409))
async def count_beds(
    unit: UnitName, body: Count, desk: BedCounter, response: Response, if_match: IfMatch = None
) -> Unit:
    """Post a count. A unit that exists needs If-Match (`*` says: whatever it was). Everyone sees it at once."""
    places = await count(desk, organisation_id=desk.organisation, unit=unit, counted=body, if_match=if_match)
    response.headers["ETag"] = etag(places.unit.revision)
    return _unit(places)


@router.get("/units")
async def list_units(desk: Reader) -> Units:
    """Our own places, with what is held."""
    places = await store.places_of(desk.session, organisation_id=desk.organisation, now=desk.now)
    return Units(items=[_unit(one) for one in places])


@router.get("/units/{unit}")
async def read_unit(unit: UnitName, desk: BedCounter, response: Response) -> Unit:
    """One unit, with the ETag that the next count needs."""
    row: UnitRow = found(await store.get(desk.session, organisation_id=desk.organisation, unit=unit), "unit")
    response.headers["ETag"] = etag(row.revision)
    return _unit(await store.places(desk.session, unit=row, now=desk.now))


def _unit(places: store.Places) -> Unit:
    row = places.unit
    return Unit(
        unit=row.unit,
        kind=BedKind(row.kind),
        capacity=row.capacity,
        occupied=places.occupied,
        held=places.held,
        free=places.free,
        serves=None if row.serves is None else [Need(need) for need in row.serves],
        counted_at=row.counted_at,
    )


@router.post("/stays", status_code=201, responses=problems(404))
async def begin_stay(body: NewStay, desk: Writer, _: OnceKey = None) -> Stay:
    """Someone moves in. A referral is started by it, and its held place becomes the occupied one."""
    await _check_person(desk, body.person_id)
    await _start_referral(desk, body.referral_id)
    stay = await move_in(desk, **body.model_dump())
    await note(desk, Action.RECORDED, stay.id, person_id=stay.person_id, what="stay")
    return Stay.model_validate(stay)


async def _check_person(desk: Desk, person_id: UUID | None) -> None:
    if person_id is not None:
        found(await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id), "person")


async def _start_referral(desk: Desk, referral_id: UUID | None) -> None:
    """Problem 404 or 409 if it was not accepted here, or somebody moved in by it already."""
    if referral_id is None:
        return
    mine = desk.organisation
    row = await referrals.get(desk.session, organisation_id=mine, referral_id=referral_id, for_update=True)
    referral = found(row, "referral")
    if referral.side != Side.RECEIVER or referral.state not in MAY_MOVE_IN:
        raise Problem(409, "not-now", "a stay begins with a referral that was accepted here")
    if await store.stay_of(desk.session, organisation_id=mine, referral_id=referral_id) is not None:
        raise Problem(409, "not-now", "a stay has begun by this referral already")
    if referral.state == ReferralState.ACCEPTED:
        await moves.act(desk, referral, ReferralAction.START)


@router.get("/stays/{stay_id}")
async def read_stay(stay_id: UUID, desk: Reader) -> Stay:
    """Read a stay."""
    row = await store.stay(desk.session, organisation_id=desk.organisation, stay_id=stay_id)
    shown = Stay.model_validate(found(row, "stay"))
    await _check_person(desk, shown.person_id)  # of whom is on the other side of a wall, the stay is not shown either
    await note(desk, Action.READ_STAY, shown.id, person_id=shown.person_id)
    return shown


@router.post("/stays/{stay_id}/end")
async def end_stay(stay_id: UUID, desk: Writer, _: OnceKey = None) -> Stay:
    """Someone moves out: the place is free again. Ending an ended stay changes nothing."""
    row = await store.stay(desk.session, organisation_id=desk.organisation, stay_id=stay_id, lock=True)
    stay = found(row, "stay")
    if stay.ended_at is not None:
        return await read_stay(stay_id, desk)
    await move_out(desk, stay)
    await note(desk, Action.CHANGED, stay.id, person_id=stay.person_id, what="stay")
    return Stay.model_validate(stay)
