"""What our organisations with beds tell everyone."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from shared.adapters.announcer import Announcement
from shared.adapters.outbox import Work
from shared.casework.units import store
from shared.contract.events import BedsCounted, UnitCount
from shared.contract.vocabulary import BedKind, Need


async def counts(work: Work) -> list[Announcement]:
    """The places of each organisation here that has any, now. A hold that ran out is news by itself."""
    counted = groupby(await store.counts(work.session, now=work.now), key=attrgetter("organisation_id"))
    return [_announcement(work, organisation, tuple(units)) for organisation, units in counted]


def _announcement(work: Work, organisation: str, units: Sequence[store.Counted]) -> Announcement:
    told = BedsCounted(organisation=organisation, units=tuple(_count(unit) for unit in units), at=work.now)
    return Announcement(organisation, told, repr(units))


def _count(unit: store.Counted) -> UnitCount:
    return UnitCount(
        unit=unit.unit,
        kind=BedKind(unit.kind),
        capacity=unit.capacity,
        free=unit.free,
        counted_at=unit.counted_at,
        serves=None if unit.serves is None else tuple(Need(need) for need in unit.serves),
    )
