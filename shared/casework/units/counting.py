"""Set the count of a unit: the one way, whether a person calls or a file is imported."""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.adapters.database import STATE_CHANNEL, notify
from shared.adapters.http import check_match
from shared.adapters.outbox import Work
from shared.casework.units import store
from shared.casework.units.tables import UnitRow
from shared.contract.errors import Problem
from shared.contract.events import MOST_PLACES, MOST_UNITS
from shared.contract.plain import Whole
from shared.contract.vocabulary import BedKind, Need

UNIT_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"
COUNT: JsonDict = {"for": "women_with_children", "capacity": 6, "occupied": 4}


class Count(BaseModel):
    """A count of places as it is now. `serves`: what these places can serve; what is not sent stays as it was."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [COUNT]})
    kind: BedKind = Field(alias="for")
    capacity: Whole = Field(ge=0, le=MOST_PLACES)
    occupied: Whole = Field(ge=0, le=MOST_PLACES)
    serves: list[Need] | None = Field(default=None, max_length=len(Need))


async def count(
    work: Work, *, organisation_id: str, unit: str, counted: Count, if_match: str | None = None
) -> store.Places:
    """Post a count. A unit that exists needs If-Match (`*` says: whatever it was).

    Problem 409, 412 or 428: too many units, more than the capacity, or a count that is based on another.
    """
    mine = {"organisation_id": organisation_id, "unit": unit}
    is_new = if_match is None and await store.ensure(work.session, **mine, now=work.now)
    row = await store.get(work.session, **mine, lock=True)
    if row is None:
        raise Problem(412, "precondition-failed", "there is no such unit yet")
    if is_new and await store.how_many(work.session, organisation_id=organisation_id) > MOST_UNITS:
        raise Problem(409, "too-many-units", "an organisation has at most %(most)s units", {"most": MOST_UNITS})
    check_match(if_match, row.revision, needed=not is_new)
    row.kind, row.capacity, row.occupied = counted.kind, counted.capacity, counted.occupied
    row.serves = row.serves if counted.serves is None else [need.value for need in dict.fromkeys(counted.serves)]
    row.counted_at = max(work.now, row.counted_at)
    places = await changed(work, row)
    if places.balance < 0:
        held: dict[str, object] = {"held": places.held}
        raise Problem(409, "more-than-capacity", "occupied places and live holds are more than the capacity", held)
    return places


async def changed(work: Work, unit: UnitRow) -> store.Places:
    """A locked unit's places changed: counts based on what it was before are refused, and everyone is told."""
    unit.revision += 1
    await work.session.flush()
    notify(work.session, STATE_CHANNEL)
    return await store.places(work.session, unit=unit, now=work.now)
