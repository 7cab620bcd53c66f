"""What our organisations with beds tell everyone."""

from shared.adapters.announcer import Announcement
from shared.adapters.outbox import Work
from shared.casework.directory import store as directory
from shared.casework.units import store
from shared.contract.events import BedsCounted, UnitCount
from shared.contract.vocabulary import BedKind


async def counts(work: Work) -> list[Announcement]:
    """The places of each hosted organisation now. A hold that ran out is news by itself."""
    found = []
    for organisation in await directory.hosted(work.session):
        units = [
            await store.places(work.session, unit=unit, now=work.now)
            for unit in await store.units_of(work.session, organisation_id=organisation.id)
        ]
        event = BedsCounted(organisation=organisation.id, units=tuple(map(_count, units)), at=work.now)
        if units:
            found.append(Announcement(organisation.id, event, repr(event.units)))
    return found


def _count(places: store.Places) -> UnitCount:
    unit = places.unit
    return UnitCount(
        unit=unit.unit,
        kind=BedKind(unit.kind),
        capacity=unit.capacity,
        free=places.free,
        counted_at=unit.counted_at,
    )
