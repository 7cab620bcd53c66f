"""Where an assessment is held: never where she is, nor where that could be found out."""

from shared.adapters.http import Desk, invalid
from shared.casework.assessments.models import When
from shared.casework.directory import store as directory
from shared.casework.persons.details import Known
from shared.contract.assessment import tells_of
from shared.contract.errors import Problem
from shared.contract.vocabulary import Agency


async def check_place(desk: Desk, body: When, known: Known | None) -> None:
    """Problem 422 or 409 for a place that is protected: a shelter, where she lives, or where he would look for her."""
    there = await directory.get(desk.session, organisation_id=body.place)
    if there is None:
        raise invalid("the network knows no such organisation")
    if there.agency == Agency.SHELTER:
        raise Problem(409, "protected-place", "nobody is asked to come to a shelter")
    if known is not None and there.id in known.places_known_to_offender:
        raise Problem(409, "known-to-offender", "the alleged offender is known to know this place")
    if body.room is not None and tells_of(body.room, await _protected(desk, known)):
        raise Problem(409, "protected-place", "this says where a shelter is, or where somebody stays")


async def _protected(desk: Desk, known: Known | None) -> list[str]:
    """All shelters by their names and numbers, and where she is known to be."""
    shelters = await directory.listed(desk.session, agency=Agency.SHELTER, purpose=None)
    names = [name for one in shelters for name in (one.id, one.name_kk, one.name_ru, one.name_en, one.phone) if name]
    return [*names, known.address] if known is not None and known.address else names
