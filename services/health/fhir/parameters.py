"""Search parameters as FHIR R4 writes them (http://hl7.org/fhir/R4/search.html): tokens, references, dates. Pure.

A parameter that is not known here is refused: a search that silently left it out would find too much.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shared.adapters.http import invalid
from shared.contract.calendar import start_of

DATE = re.compile(r"^(eq|gt|ge|lt|le)?(\d{4}-\d{2}-\d{2})(T.+)?$")
COUNT = re.compile(r"[0-9]{1,6}")
MOST_VALUES = 50
MOST_AT_ONCE = 200
AT_ONCE = 50
PAGING = frozenset({"_count", "_cursor", "_format"})
ALL_AT_ONCE = frozenset({"_format"})  # what is found is one page


@dataclass(frozen=True)
class Span:
    """From which moment on, and before which; either may be open."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """The parameters of a search, each with its values: those of one are alternatives, those of several all hold."""

    values: dict[str, list[str]]

    def one(self, name: str) -> str | None:
        """The value of a parameter that has one."""
        found = self.values.get(name)
        if found is None:
            return None
        if len(found) > 1:
            raise invalid("%(name)s is given once, with one value", name=name)
        return found[0]

    def tokens(self, name: str, *, systems: Collection[str]) -> list[str] | None:
        """Codes, without their system where that is one of ours; of another system, none."""
        found = self.values.get(name)
        return None if found is None else [code for one in found for code in _token(one, systems)]

    def ids(self, name: str, *kinds: str) -> list[str] | None:
        """Ids of references or of resources: `Task/1`, an address that ends so, or `1` alone."""
        found = self.values.get(name)
        return None if found is None else [_id(one, kinds) for one in found]

    def uuids(self, name: str, *kinds: str) -> list[UUID] | None:
        """The same, of rows here. What is no id of a row finds nothing."""
        found = self.ids(name, *kinds)
        return None if found is None else [row for one in found for row in _uuid(one)]

    def spans(self, name: str) -> list[Span]:
        """Times, all of which hold."""
        return [_span(one, name) for one in self.values.get(name, [])]

    @property
    def count(self) -> int:
        """How many on a page: no more than we give."""
        given = self.one("_count") or str(AT_ONCE)
        if not COUNT.fullmatch(given) or int(given) < 1:
            raise invalid("_count is a number from 1 on")
        return min(int(given), MOST_AT_ONCE)

    @property
    def cursor(self) -> str | None:
        """Behind which row the page begins."""
        return self.one("_cursor")


def parameters(given: Iterable[tuple[str, str]], *, known: Collection[str], paging: Collection[str] = PAGING) -> Asked:
    """The parameters of a search; dates may be given twice. Problem 422 for an unknown one, without naming it."""
    found: dict[str, list[str]] = {}
    for name, value in given:
        if name == "_format" and "json" not in value:
            raise invalid("resources are given as JSON alone")
        if "\x00" in value:
            raise invalid("a search parameter has a character that no text here has")
        if name not in known and name not in paging:
            raise invalid("a search parameter, or its modifier, that is not supported here: see metadata")
        if name in found and name not in DATES:
            raise invalid("%(name)s is given twice: give alternatives with commas", name=name)
        found.setdefault(name, []).extend(value.split(","))
    if any(len(values) > MOST_VALUES for values in found.values()):
        raise invalid("a search parameter has too many values")
    return Asked(found)


DATES = frozenset({"_lastUpdated", "authored-on", "authored", "date", "sent"})


def _token(value: str, systems: Collection[str]) -> list[str]:
    system, bar, code = value.rpartition("|")
    if not code:
        raise invalid("a code is needed, not its system alone")
    return [] if bar and system not in systems else [code]


def _id(value: str, kinds: tuple[str, ...]) -> str:
    kind, _, row_id = value.rpartition("/")
    return "" if kind and kind.rpartition("/")[2] not in kinds else row_id


def _uuid(value: str) -> list[UUID]:
    try:
        return [UUID(value)]
    except ValueError:
        return []


def _span(value: str, name: str) -> Span:
    """A day is one of Kazakhstan's; a time without fractions is a whole second."""
    match = DATE.match(value.replace(" ", "+"))  # a plus sign that nobody encoded
    if match is None:
        raise invalid("%(name)s is a day or a moment with its zone, after eq, gt, ge, lt or le", name=name)
    prefix, day, time = match.groups()
    start, end = _of_day(day, name) if time is None else _of_moment(f"{day}{time}", name)
    spans = {"gt": Span(end, None), "ge": Span(start, None), "lt": Span(None, start), "le": Span(None, end)}
    return spans.get(prefix or "eq", Span(start, end))


def _of_day(day: str, name: str) -> tuple[datetime, datetime]:
    try:
        found = date.fromisoformat(day)
        return start_of(found), start_of(found + timedelta(days=1))
    except (ValueError, OverflowError):
        raise invalid("%(name)s names a day that there is not", name=name) from None


def _of_moment(text: str, name: str) -> tuple[datetime, datetime]:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("a moment has a zone")
        precision = timedelta(microseconds=1) if "." in text else timedelta(seconds=1)
        return moment.astimezone(UTC), (moment + precision).astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid("%(name)s is a day or a moment with its zone, after eq, gt, ge, lt or le", name=name) from None
