"""Business days of Kazakhstan, and the deadlines made of them.

Days are those of `Asia/Almaty`. The day on which something happened is day 0. A deadline of n business days runs to
the end of the n-th working day after it, public holidays, observed days and moved working days counted as decreed.
The package `holidays` knows what was decreed when it was made; what was decreed since is passed in as amendments.
A deadline keeps the version of the calendar that made it, so that a later change of the calendar does not move it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Asia/Almaty")
VERSION = f"KZ holidays-{version('holidays')}"
_CALENDAR = holidays.country_holidays("KZ")


@dataclass(frozen=True, slots=True, order=True)
class Amendment:
    """A day decreed to be a working day, or not to be one: where that stands, and from which day on it was known."""

    day: date
    known_from: date
    working: bool
    source: str


@dataclass(frozen=True)
class Calendar:
    """The published calendar with what was decreed since. Of two amendments of a day the one known later counts."""

    amendments: tuple[Amendment, ...] = ()

    def known_on(self, day: date) -> "Calendar":
        """The calendar as it was known on a day: with no amendment that became known later."""
        return Calendar(tuple(one for one in self.amendments if one.known_from <= day))

    @cached_property
    def version(self) -> str:
        """The same for whoever counts alike: of the package, and a mark of the amendments, in whichever order."""
        if not self.amendments:
            return VERSION
        said = "\n".join(f"{one.day} {one.known_from} {one.working}" for one in sorted(self.amendments))
        return f"{VERSION}+{len(self.amendments)}.{sha256(said.encode()).hexdigest()[:8]}"

    @cached_property
    def _amended(self) -> Mapping[date, bool]:
        return {one.day: one.working for one in sorted(self.amendments)}

    def is_business_day(self, day: date) -> bool:
        """Whether offices are open on `day`."""
        decreed = self._amended.get(day)
        return bool(_CALENDAR.is_working_day(day)) if decreed is None else decreed

    def business_days_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (day 0). Raises OverflowError at the calendar's end."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_business_day(day)
        return day


PUBLISHED = Calendar()


def local_day(moment: datetime) -> date:
    """The day in Kazakhstan on which a moment with a time zone lies."""
    return moment.astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """The first moment (UTC) that no longer belongs to `day` in Kazakhstan."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The first moment (UTC) of `day` in Kazakhstan."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
