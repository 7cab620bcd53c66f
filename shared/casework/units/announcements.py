"""What our organisations with beds tell everyone."""

from shared.adapters.announcer import Announcement
from shared.adapters.outbox import Work
from shared.casework.units import store
from shared.contract.events import BedsCounted, UnitCount
from shared.contract.vocabulary import BedKind, Need


async def counts(work: Work) -> list[Announcement]:
    """The places of each organisation here that has any, now. A hold that ran out is news by itself."""
    units: dict[str, list[UnitCount]] = {}
    for places in await store.all_places(work.session, now=work.now):
        units.setdefault(places.unit.organisation_id, []).append(_count(places))
    return [_announcement(work, organisation, tuple(counted)) for organisation, counted in units.items()]


def _announcement(work: Work, organisation: str, units: tuple[UnitCount, ...]) -> Announcement:
    return Announcement(organisation, BedsCounted(organisation=organisation, units=units, at=work.now), repr(units))


def _count(places: store.Places) -> UnitCount:
    unit = places.unit
    return UnitCount(
        unit=unit.unit,
        kind=BedKind(unit.kind),
        capacity=unit.capacity,
        free=places.free,
        counted_at=unit.counted_at,
        serves=None if unit.serves is None else tuple(Need(need) for need in unit.serves),
    )
