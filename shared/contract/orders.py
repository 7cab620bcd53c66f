"""Orders that protect somebody (F10): who makes which, for how long, and what it may ask, as dated rows.

A row counts for an order that begins while the row is valid: a later law does not move an order that was made before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.contract.plain import Day
from shared.contract.span import Span
from shared.contract.vocabulary import Agency, OrderKind, OrderRequirement, Purpose
from shared.contract.vocabulary import OrderKind as K
from shared.contract.vocabulary import OrderRequirement as R

ORDER_ENDS = "order_ends"  # the deadline before which its end is reminded of
PROTECTORS = frozenset({Agency.SHELTER, Agency.SOCIAL})  # who protect her, and are told of orders and of repetition


@dataclass(frozen=True, slots=True)
class TermRow:
    """An order of a kind lasts from `shortest` to `longest`, extensions included; None: as long as the court says.

    `reports`: how often a month one may have to report to the police, at least and at most; None: not at all.
    `from_home`: for how long one may be barred from the home.
    """

    kind: OrderKind
    by_court: bool
    shortest: Span | None
    longest: Span | None
    reports: tuple[int, int] | None
    from_home: Span | None
    asks: frozenset[OrderRequirement]
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class TreatmentRow:
    """A requirement that is met at a health organisation, which is told of it for this purpose."""

    requirement: OrderRequirement
    purpose: Purpose
    source: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """How long before its last day somebody is reminded that an order ends."""

    before: Span
    source: str
    valid_from: date
    valid_until: date | None = None


TERMS: tuple[TermRow, ...] = (
    TermRow(
        kind=K.PROTECTIVE,
        by_court=False,
        shortest=None,
        longest=Span(days=10),
        reports=None,
        from_home=None,
        asks=frozenset({R.NO_VIOLENCE, R.NO_CONTACT}),
        source="Law of 4 December 2009 No. 214-IV, art. 20, as it was before Law No. 175-V (report, 1.4: 10 days)",
        valid_from=date(2010, 1, 1),
        valid_until=date(2014, 2, 18),
    ),
    TermRow(
        kind=K.PROTECTIVE,
        by_court=False,
        shortest=None,
        longest=Span(days=30),
        reports=None,
        from_home=None,
        asks=frozenset({R.NO_VIOLENCE, R.NO_CONTACT}),
        source="report, 1.4; Law of 18 February 2014 No. 175-V: 30 days; nobody can lengthen that",
        valid_from=date(2014, 2, 18),
    ),
    TermRow(
        kind=K.BEHAVIOUR_REQUIREMENTS,
        by_court=True,
        shortest=Span(months=3),
        longest=Span(months=12),
        reports=(1, 4),
        from_home=Span(days=30),
        asks=frozenset(OrderRequirement),
        source="report, 1.3 and 1.4; Code on Administrative Offences, art. 54",
        valid_from=date(2010, 1, 1),
    ),
    TermRow(
        kind=K.BARRING,
        by_court=True,
        shortest=None,
        longest=None,
        reports=None,
        from_home=None,
        asks=frozenset({R.NO_VIOLENCE, R.NO_CONTACT}),
        source="report, 1.1; Criminal Procedure Code, art. 165: the court says until when",
        valid_from=date(2015, 1, 1),
    ),
)
TREATMENTS: tuple[TreatmentRow, ...] = (
    TreatmentRow(R.ADDICTION_TREATMENT, Purpose.COMPULSORY_TREATMENT, "report, 1.3 and 1.4"),
    TreatmentRow(R.PSYCHO_CORRECTION, Purpose.PSYCHO_CORRECTION, "report, 1.2, problems 2 and 7; 2.2, no. 38"),
)
REMINDERS: tuple[ReminderRow, ...] = (
    ReminderRow(Span(days=3), "the project's own: time to ask for an extension or another order", date(2010, 1, 1)),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order says of itself. Both days are included; `home_until` is the last day away from the home."""

    kind: OrderKind
    from_day: Day
    last_day: Day
    by_court: bool
    asks: frozenset[OrderRequirement]
    reports_a_month: int | None = None
    home_until: Day | None = None


def term_row(kind: OrderKind, on: date, *, rows: tuple[TermRow, ...] = TERMS) -> TermRow | None:
    """The row that counts for an order of a kind that begins on a day; None: there was no such order then."""
    valid = (row for row in rows if row.valid_from <= on and (row.valid_until is None or on < row.valid_until))
    return next((row for row in valid if row.kind is kind), None)


def why_not(terms: Terms, *, rows: tuple[TermRow, ...] = TERMS) -> str | None:
    """None if there can be such an order, else why not, with the source of the limit."""
    row = term_row(terms.kind, terms.from_day, rows=rows)
    if row is None:
        return "there was no such order on that day"
    faults = (*_why_not_then(terms, row), *_why_not_asked(terms, row))
    return next((f"{fault} ({row.source})" for fault in faults if fault is not None), None)


def _why_not_then(terms: Terms, row: TermRow) -> Iterator[str | None]:
    first, last = terms.from_day, terms.last_day
    yield "an order ends after it begins" if last < first else None
    yield "it lasts longer than that" if row.shortest and last < row.shortest.after(first) else None
    yield "it does not last so long" if row.longest and last > row.longest.after(first) else None
    home, limit = terms.home_until, row.from_home
    if (home is not None) != (R.LEAVE_HOME in terms.asks):
        yield "who has to leave the home is told until when, and nobody else"
    if home is not None and limit is not None:
        yield "nobody is barred from the home for so long" if home > min(last, limit.after(first)) else None
        yield "nobody is barred from the home before that" if home < first else None


def _why_not_asked(terms: Terms, row: TermRow) -> Iterator[str | None]:
    yield "it does not ask that" if terms.asks - row.asks else None
    yield "it is a court's, and names its decision" if row.by_court and not terms.by_court else None
    yield "it is not a court's" if terms.by_court and not row.by_court else None
    often, limits = terms.reports_a_month, row.reports
    if (often is not None) != (R.REPORT_TO_POLICE in terms.asks):
        yield "who has to report to the police is told how often, and nobody else"
    if often is not None and limits is not None:
        yield "it does not ask to report so often, or so seldom" if not limits[0] <= often <= limits[1] else None


def longest_day(kind: OrderKind, from_day: date, *, rows: tuple[TermRow, ...] = TERMS) -> date | None:
    """The last day that an order of a kind can have; None where the court alone says that."""
    row = term_row(kind, from_day, rows=rows)
    return row.longest.after(from_day) if row is not None and row.longest is not None else None


def remind_on(last_day: date, made_on: date, *, rows: tuple[ReminderRow, ...] = REMINDERS) -> date:
    """The day on which its end is reminded of: not before the day it was made on."""
    valid = (r for r in rows if r.valid_from <= made_on and (r.valid_until is None or made_on < r.valid_until))
    return max(min((row.before.before(last_day) for row in valid), default=last_day), made_on)


def treatment_of(asks: frozenset[OrderRequirement]) -> tuple[TreatmentRow, ...]:
    """What of it is met at a health organisation."""
    return tuple(row for row in TREATMENTS if row.requirement in asks)
