"""How soon a report must be received, and registered (F6, F15): the law says immediately; here is what that means."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

RECEIVED, REGISTERED = "report_received", "report_registered"


@dataclass(frozen=True, slots=True)
class LimitRow:
    """Within what time something must be done, after which an alarm is given, and since when that counts."""

    deadline: str
    within: timedelta
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


IMMEDIATELY = "1.4, art. 19 (2): immediately; how long that is, no law says: the project's own limit"
LIMITS: tuple[LimitRow, ...] = (
    LimitRow(RECEIVED, timedelta(minutes=15), IMMEDIATELY, datetime(2010, 1, 1, tzinfo=UTC)),
    LimitRow(REGISTERED, timedelta(minutes=15), IMMEDIATELY, datetime(2010, 1, 1, tzinfo=UTC)),
)


def limit(deadline: str, at: datetime, *, rows: tuple[LimitRow, ...] = LIMITS) -> timedelta:
    """By the row of the moment from which it runs; no time at all where there is none."""
    valid = (r for r in rows if r.valid_from <= at and (r.valid_until is None or at < r.valid_until))
    return min((row.within for row in valid if row.deadline == deadline), default=timedelta())
