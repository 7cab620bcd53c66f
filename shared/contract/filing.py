"""An agency's cumulative case file (F17; report, 2.2, no. 15): what an entry tells, and how long each kind is kept.

The file is the agency's own (`R-F17-OWN-CASE-FILE`): no event has a field for it. Rows are dated: what is over is
decided by the row that is in force on the day on which it is looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from shared.contract.calendar import end_of, local_day, start_of
from shared.contract.span import Span


class Way(StrEnum):
    """What an entry of a file is to the agency whose file it is."""

    SENT = "sent"
    RECEIVED = "received"
    DUE = "due"  # it has to be done, or will be
    DONE = "done"
    WITHHELD = "withheld"  # a rule kept it, or some of it, here


class Noun(StrEnum):
    """What entries are about: the kinds for which it is said how long they are kept."""

    PERSONS = "persons"
    CONSENTS = "consents"
    EMERGENCIES = "emergencies"
    REFERRALS = "referrals"
    MESSAGES = "messages"
    PROGRESS = "progress"
    REPORTS = "reports"
    DISCLOSURES = "disclosures"
    ORDERS = "orders"
    WARNINGS = "warnings"
    APPOINTMENTS = "appointments"
    DEADLINES = "deadlines"
    STAYS = "stays"
    PROGRAMMES = "programmes"
    INCIDENTS = "incidents"
    REFUSALS = "refusals"
    EXAMINATIONS = "examinations"
    ADMISSIONS = "admissions"
    PLANS = "plans"
    ASSESSMENTS = "assessments"
    CONVERSATIONS = "conversations"
    INQUIRIES = "inquiries"
    LETTERS = "letters"
    REGISTERS = "registers"
    TREATMENT = "treatment"  # compulsory
    VOLUNTARY = "voluntary"  # treatment
    GUARDIANSHIP = "guardianship"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Entries of these nouns are kept for `span` after what they are about ended; None: for good."""

    id: str
    nouns: frozenset[Noun]
    span: Span | None
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


SINCE = datetime(2010, 1, 1, tzinfo=UTC)
OWN_LIMIT = (
    "Law on Personal Data of 21 May 2013, art. 12: no longer than the purpose needs; the number is the project's own"
)
KEEPING: tuple[Keeping, ...] = (
    Keeping("K-TIMES", frozenset({Noun.APPOINTMENTS}), Span(months=12), OWN_LIMIT, SINCE),
    Keeping(
        "K-CASE",
        frozenset(
            {
                Noun.CONSENTS,
                Noun.EMERGENCIES,
                Noun.REFERRALS,
                Noun.MESSAGES,
                Noun.PROGRESS,
                Noun.WARNINGS,
                Noun.STAYS,
                Noun.PROGRAMMES,
                Noun.REFUSALS,
                Noun.PLANS,
                Noun.ASSESSMENTS,
                Noun.CONVERSATIONS,
                Noun.INQUIRIES,
                Noun.LETTERS,
                Noun.REGISTERS,
                Noun.GUARDIANSHIP,
            }
        ),
        Span(months=60),
        OWN_LIMIT,
        SINCE,
    ),
    Keeping(
        "K-PROCEEDINGS", frozenset({Noun.INCIDENTS, Noun.ORDERS, Noun.REPORTS}), Span(months=120), OWN_LIMIT, SINCE
    ),
    Keeping(
        "K-TREATMENT",
        frozenset({Noun.TREATMENT}),
        Span(months=120),
        "report, 1.4, art. 17, para. 5: what counts as a repeat is known for three years after the end; "
        "that it is longer is the project's own",
        SINCE,
    ),
    Keeping(
        "K-MEDICAL",
        frozenset({Noun.EXAMINATIONS, Noun.ADMISSIONS, Noun.VOLUNTARY}),
        Span(months=300),
        OWN_LIMIT,
        SINCE,
    ),
    Keeping(
        "K-ACCOUNTING",
        frozenset({Noun.DISCLOSURES}),
        None,
        "Law on Personal Data of 21 May 2013, art. 24: what was told of somebody can be told to them",
        SINCE,
    ),
    Keeping(
        "K-PERSON",
        frozenset({Noun.PERSONS}),
        None,
        "Law on Personal Data of 21 May 2013, art. 18: until a supervisor erases the person",
        SINCE,
    ),
)


def keeping_of(noun: Noun, at: datetime, *, rows: Iterable[Keeping] = KEEPING) -> Keeping | None:
    """The row for a noun that is in force at a time. None: nothing is said, so nothing is removed."""
    return next((row for row in rows if noun in row.nouns and _is_valid(row, at)), None)


def kept_until(keeping: Keeping | None, ended: datetime | None) -> datetime | None:
    """Up to when what ended then is kept; None while it has not ended, or for good."""
    if keeping is None or keeping.span is None or ended is None:
        return None
    return end_of(keeping.span.after(local_day(ended)))


def over_before(keeping: Keeping | None, now: datetime) -> datetime | None:
    """What ended before this moment is kept no longer; None where nothing of the kind is ever over."""
    if keeping is None or keeping.span is None:
        return None
    today = local_day(now)
    last = keeping.span.before(today)
    return start_of(last if keeping.span.after(last) >= today else _day_after(last))


def _day_after(day: date) -> date:
    return Span(days=1).after(day)


def _is_valid(row: Keeping, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_until is None or at < row.valid_until)
