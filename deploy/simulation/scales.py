"""What a region, the country and a thousand times the country need, at the worst hour of the year."""

from dataclasses import dataclass, replace

from deploy.simulation.costs import Costs
from deploy.simulation.model import Seen, Size, arriving

YEAR = 365.25 * 24 * 3600
PEAK = 10  # times the mean
# Of one report of violence, at the agency that has most to do, the police: what its staff and systems call, and what is
# told to others. Each call is taken to cost what the dearest one does (`POST /referrals`), which sends an event, too.
CALLS, EVENTS = 12, 6
CALM = 0.6  # a part that is busier than this has no room for what nobody foresaw
SOON = 1.0  # seconds within which 99 of 100 arrive
MOST_WORKERS, MOST_CORES = 4096, 4096
BUSY_SECONDS, FEWEST = 300.0, 400  # of simulated time; at least so many calls


@dataclass(frozen=True)
class Scale:
    """`reports`: of domestic violence, a year."""

    name: str
    reports: float

    @property
    def calls(self) -> float:
        """A second, at the peak."""
        return self.reports * CALLS * PEAK / YEAR


# About 100,000 reports a year in the country, which has 20 regions (and cities of that rank).
SCALES = (Scale("a region", 5_000), Scale("Kazakhstan", 100_000), Scale("a thousand times that", 100_000_000))


@dataclass(frozen=True)
class Need:
    """What a scale needs, and what it looks like then. `first`: the part that would give out first."""

    scale: Scale
    size: Size
    seen: Seen
    events: float  # a second, through the broker, at the peak; with receipts
    gigabytes: float  # the police's database after five years
    first: str


def need(costs: Costs, scale: Scale) -> Need:
    """The smallest size at which no part is busier than `CALM` and 99 of 100 arrive within `SOON`."""
    size = _calm(costs, scale)
    seconds = max(BUSY_SECONDS, FEWEST / scale.calls) if scale.calls < FEWEST else FEWEST * 50 / scale.calls
    seen = arriving(costs, size, per_second=scale.calls, seconds=seconds)
    while seen.p99 > SOON and size.senders < MOST_WORKERS:
        size = replace(size, senders=size.senders + 1, receivers=size.receivers + 1, database=size.database + 1)
        seen = arriving(costs, size, per_second=scale.calls, seconds=seconds)
    events = 2 * scale.calls * EVENTS / CALLS
    gigabytes = scale.reports * 5 * CALLS * costs.sender_bytes / 1e9
    return Need(scale, size, seen, events, gigabytes, max(seen.busy, key=lambda part: seen.busy[part]))


def _calm(costs: Costs, scale: Scale) -> Size:
    def enough(seconds: float) -> int:
        return max(1, -int(-scale.calls * seconds // CALM))

    return Size(
        senders=enough(costs.sender),
        receivers=enough(costs.receiver),
        database=enough(costs.database),
        brokers=enough(costs.broker),
    )
