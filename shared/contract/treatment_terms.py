"""Limits of the path of compulsory treatment, as dated rows: by when a court decides, and how long treatment lasts.

Days are counted as the calendar has them. A row counts for what began while it was valid.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from shared.contract.span import Span

COURT_DECIDES = "court_decides"  # the deadlines, and what reminders are called by
TREATMENT_ENDS = "treatment_ends"
GUARDIAN_ANSWERS = "guardian_answers"


@dataclass(frozen=True, slots=True)
class CourtRow:
    """From the receipt of the materials a court decides `within`; `remind` before that somebody looks."""

    within: Span
    remind: Span
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class LengthRow:
    """Treatment lasts at most `longest`; `on_repeat` where the last one ended less than `repeat_within` ago."""

    longest: Span
    on_repeat: Span
    repeat_within: Span
    remind: Span
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class DeclinedRow:
    """A decision that orders no treatment is told on for as long as it can be appealed against."""

    binds: Span
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """The guardianship authority answers within so many business days."""

    days: int
    source: str
    valid_from: date
    valid_until: date | None = None


COURT: tuple[CourtRow, ...] = (
    CourtRow(
        Span(days=10),
        Span(days=2),
        "1.4, art. 17, para. 5: within ten days from the day of receiving the materials; the reminder is the project's",
        date(1995, 4, 7),
    ),
)
LENGTHS: tuple[LengthRow, ...] = (
    LengthRow(
        Span(months=24),
        Span(months=36),
        Span(months=36),
        Span(days=14),
        "1.4, art. 17, para. 5: two years, three on a repeat; not a repeat once three years have passed since the last",
        date(1995, 4, 7),
    ),
)
DECLINED: tuple[DeclinedRow, ...] = (
    DeclinedRow(Span(months=1), "Civil Procedure Code of 31 October 2015, art. 403: a month", date(1995, 4, 7)),
)
GUARDIANS: tuple[GuardianRow, ...] = (
    GuardianRow(3, "the project's own: no law names a time; treatment of a minor waits for it", date(1995, 4, 7)),
)
Row = TypeVar("Row", CourtRow, LengthRow, DeclinedRow, GuardianRow)


def row_on(rows: tuple[Row, ...], on: date) -> Row:
    """The row of a day. Raises LookupError where there is none."""
    valid = [row for row in rows if row.valid_from <= on and (row.valid_until is None or on < row.valid_until)]
    if not valid:
        raise LookupError("no row is valid on that day")
    return valid[0]


def decides_by(received_on: date, *, rows: tuple[CourtRow, ...] = COURT) -> tuple[date, date]:
    """(the last day on which a court decides in time, the day on which somebody is reminded)"""
    row = row_on(rows, received_on)
    last = row.within.after(received_on)
    return last, max(row.remind.before(last), received_on)


def is_repeat(decided_on: date, last_ended_on: date | None, *, rows: tuple[LengthRow, ...] = LENGTHS) -> bool:
    """Whether treatment that is ordered on a day is a repeat: not once the time has passed since the last one ended."""
    return last_ended_on is not None and decided_on < row_on(rows, decided_on).repeat_within.after(last_ended_on)


def why_not_so_long(
    *,
    decided_on: date,
    from_day: date,
    last_day: date,
    last_ended_on: date | None,
    rows: tuple[LengthRow, ...] = LENGTHS,
) -> str | None:
    """None if treatment can be ordered for these days, both included; else why not, with the source of the limit."""
    if last_ended_on is not None and last_ended_on > decided_on:
        return "the last treatment ended before this one was ordered"
    row = row_on(rows, decided_on)
    repeat = is_repeat(decided_on, last_ended_on, rows=rows)
    longest = row.on_repeat if repeat else row.longest
    if from_day < decided_on:
        return "treatment does not begin before it is ordered"
    if last_day < from_day:
        return "treatment ends after it begins"
    return f"it does not last so long ({row.source})" if last_day > longest.after(from_day) else None


def remind_of_end(last_day: date, made_on: date, *, rows: tuple[LengthRow, ...] = LENGTHS) -> date:
    """The day on which the end of treatment is reminded of: not before the day on which it was ordered."""
    return max(row_on(rows, made_on).remind.before(last_day), made_on)
