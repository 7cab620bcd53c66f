"""An organisation as an Organization, and what it offers as a HealthcareService with how much room there is. Pure.

Never an address: of where an organisation is, it tells the town or district, and no smaller place.
"""

from collections.abc import Sequence

from services.health.fhir.elements import (
    GUIDE,
    GUIDE_CODES,
    Element,
    concept,
    extension,
    filled,
    foreign,
    identifier,
    instant,
    meta,
    nested,
    part,
    reference,
)
from shared.casework.beds.endpoints import BoardUnit
from shared.casework.directory.endpoints import Organisation
from shared.casework.directory.places import nearest_known

CAPACITY = f"{GUIDE}/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus"
HAS_ROOM = {"coding": [foreign(GUIDE_CODES, "capacity", "Has Capacity")]}
IS_FULL = {"coding": [foreign(GUIDE_CODES, "no-capacity", "No Capacity")]}


def organization(one: Organisation) -> Element:
    """The Organization: its name in Kazakh, the others beside it."""
    return filled(
        resourceType="Organization",
        id=one.id,
        meta=meta(revision=None, updated_at=one.announced_at, security=()),
        extension=_place(one),
        identifier=[identifier("organization", one.id)],
        active=True,
        type=[concept(one.agency, of="agency")],
        name=one.name_kk,
        alias=_others(one),
        telecom=_telecom(one),
    )


def _place(one: Organisation) -> list[Element]:
    """Its town or district: in a village one house may be enough to find."""
    place = nearest_known(one.kato)
    return [extension("kato", valueCode=place.kato)] if place else []


def healthcare_service(one: Organisation, units: Sequence[BoardUnit]) -> Element:
    """What an organisation takes referrals for. The guide's capacity status is of all units that it has counted."""
    return filled(
        resourceType="HealthcareService",
        id=one.id,
        meta=meta(revision=None, updated_at=one.announced_at, security=()),
        extension=[*_capacity(units), *map(_unit, units), *_place(one)],
        identifier=[identifier("organization", one.id)],
        active=True,
        providedBy=reference("Organization", one.id),
        type=[concept(purpose, of="purpose") for purpose in one.purposes],
        name=one.name_kk,
        telecom=_telecom(one),
        characteristic=[concept(need, of="need") for need in one.serves or ()],
        communication=[{"coding": [foreign("urn:ietf:bcp:47", code)]} for code in one.languages or ()],
    )


def _capacity(units: Sequence[BoardUnit]) -> list[Element]:
    if not units:
        return []
    has_room = any(unit.free for unit in units)
    said = {"url": "capacityStatus", "valueCodeableConcept": HAS_ROOM if has_room else IS_FULL}
    return [{"url": CAPACITY, "extension": [said]}]


def _unit(unit: BoardUnit) -> Element:
    """The places of a unit as they were counted last, and whether that is too long ago to rely on."""
    return nested(
        "bed-capacity",
        [
            *part("unit", valueString=unit.unit),
            *part("kind", valueCode=unit.kind.value),
            *part("capacity", valueUnsignedInt=unit.capacity),
            *part("free", valueUnsignedInt=unit.free),
            *part("countedAt", valueDateTime=instant(unit.counted_at)),
            *part("stale", valueBoolean=unit.stale),
        ],
    )


def _others(one: Organisation) -> list[str]:
    return sorted({one.name_ru, one.name_en} - {one.name_kk})


def _telecom(one: Organisation) -> list[Element]:
    return [{"system": "phone", "value": one.phone}] if one.phone else []
