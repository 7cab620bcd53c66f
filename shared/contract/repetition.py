"""When what repeats is a warning (F18), as dated rows, and whether it has.

Each agency looks at what it holds itself. A row is met by a new fact if enough facts of its kind lie, with the new one,
within its span; the warning names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.contract.calendar import local_day
from shared.contract.policy.rows import Reason
from shared.contract.span import Span
from shared.contract.vocabulary import Pattern


@dataclass(frozen=True, slots=True)
class PatternRow:
    """`times` facts of a kind within a span (None: ever) are a warning, for what happens while the row is valid."""

    pattern: Pattern
    times: int
    within: Span | None
    reason: Reason
    source: str
    valid_from: date
    valid_until: date | None = None


SINCE = date(2010, 1, 1)
OWN = "the number and the time are the project's own"
PATTERNS: tuple[PatternRow, ...] = (
    PatternRow(
        pattern=Pattern.INCIDENTS,
        times=3,
        within=Span(months=6),
        reason=Reason(
            kk="Алты айда үш немесе одан көп зорлық оқиғасы.",
            ru="Три или более случая насилия за шесть месяцев.",
            en="Three or more incidents of violence within six months.",
        ),
        source=f"report, 2.1, question 30; {OWN}",
        valid_from=SINCE,
    ),
    PatternRow(
        pattern=Pattern.REFUSALS_TO_REPORT,
        times=2,
        within=None,
        reason=Reason(
            kk="Арызданудан екінші рет бас тартты.",
            ru="Повторный отказ заявлять о насилии.",
            en="A second refusal to report the violence.",
        ),
        source=f"report, 2.1, question 30; {OWN}",
        valid_from=SINCE,
    ),
    PatternRow(
        pattern=Pattern.CONCILIATIONS,
        times=2,
        within=None,
        reason=Reason(
            kk="Екінші рет татуласу.",
            ru="Повторное примирение.",
            en="A second conciliation.",
        ),
        source="report, 2.1, questions 16 and 17",
        valid_from=SINCE,
    ),
    PatternRow(
        pattern=Pattern.ORDERS_BREACHED,
        times=1,
        within=None,
        reason=Reason(
            kk="Қорғау нұсқамасы бұзылды.",
            ru="Нарушено предписание, которое защищает.",
            en="An order that protects was broken.",
        ),
        source=f"report, 2.1, question 30; {OWN}",
        valid_from=SINCE,
    ),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that may repeat: of which kind, when it happened, and by which id it is found."""

    id: UUID
    pattern: Pattern
    at: datetime


def row_for(pattern: Pattern, on: date, *, rows: tuple[PatternRow, ...] = PATTERNS) -> PatternRow | None:
    """The row that counts for what happens on a day."""
    valid = (row for row in rows if row.valid_from <= on and (row.valid_until is None or on < row.valid_until))
    return next((row for row in valid if row.pattern is pattern), None)


def repeated(new: Fact, known: Sequence[Fact], *, rows: tuple[PatternRow, ...] = PATTERNS) -> tuple[Fact, ...]:
    """The facts that make a warning of a new one, in the order in which they happened; empty where they don't.

    `known`: the other facts of its kind about the same person. The new one may lie anywhere among them: things are
    recorded late. All facts that share a span of the rule's length with it and enough others are named.
    """
    row = row_for(new.pattern, local_day(new.at), rows=rows)
    if row is None:
        return ()
    others = [fact for fact in known if fact.pattern is new.pattern and fact.id != new.id]
    facts = sorted([new, *others], key=lambda fact: (fact.at, fact.id))
    named = set[Fact]()
    for first in facts:
        here = [fact for fact in facts if fact.at >= first.at and _within(row, first, fact)]
        if new in here and len(here) >= row.times:
            named.update(here)
    return tuple(fact for fact in facts if fact in named)


def _within(row: PatternRow, first: Fact, fact: Fact) -> bool:
    return row.within is None or local_day(fact.at) <= row.within.after(local_day(first.at))
