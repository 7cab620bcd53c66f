"""Business days of Kazakhstan, and the deadlines made of them.

Days are those of `Asia/Almaty`. The day on which something happened is day 0. A deadline of n business days runs to
the end of the n-th working day after it, public holidays, observed days and moved working days counted as decreed.
A deadline keeps `VERSION`, so that a later change of the calendar does not move it.
"""

from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Asia/Almaty")
VERSION = f"KZ holidays-{version('holidays')}"
_CALENDAR = holidays.country_holidays("KZ")


def local_day(moment: datetime) -> date:
    """The day in Kazakhstan on which a moment with a time zone lies."""
    return moment.astimezone(ZONE).date()


def is_business_day(day: date) -> bool:
    """Whether offices are open on `day`."""
    return bool(_CALENDAR.is_working_day(day))


def business_days_after(day: date, count: int) -> date:
    """The `count`-th working day after `day` (day 0)."""
    return _CALENDAR.get_nth_working_day(day, count)


def end_of(day: date) -> datetime:
    """The first moment (UTC) that no longer belongs to `day` in Kazakhstan."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The first moment (UTC) of `day` in Kazakhstan."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
