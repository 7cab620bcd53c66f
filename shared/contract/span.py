"""Lengths of time as laws name them: so many months, so many days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """Months of the calendar, then days. A month from 31 January is the last day of February."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The last day of a span that begins on a day, which is day 0. Raises OverflowError at the calendar's end."""
        return _moved(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """The day from which a span runs to a day. Raises OverflowError at the calendar's beginning."""
        return _moved(day, -self.months) - timedelta(days=self.days)


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("there is no such month")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
