"""Registers that prevention actors keep (F11): who keeps which, why somebody is in one, when that is reviewed.

All of it is dated rows. A reason counts for an entry that began while its row was valid: a later law does not undo it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.contract.capacity import age
from shared.contract.span import Span
from shared.contract.vocabulary import Agency, DataCategory
from shared.contract.vocabulary import RegisterKind as R

REVIEW = "register_review"  # the deadline by which it is looked at whether somebody is still to be in a register
SINCE = date(2010, 1, 1)
ORDER_432 = date(2014, 7, 15)


class EntryCode(StrEnum):
    """Why somebody is in a register. It never leaves: what crosses in a comparison has no field for it."""

    PROTECTIVE_ORDER = "protective_order"
    BEHAVIOUR_REQUIREMENTS = "behaviour_requirements"
    PAROLE = "parole"
    ADMINISTRATIVE_OVERSIGHT = "administrative_oversight"
    SENTENCE_WITHOUT_ISOLATION = "sentence_without_isolation"
    RELEASED_AFTER_GRAVE_CRIME = "released_after_grave_crime"
    MINOR_BELOW_LIABLE_AGE = "minor_below_liable_age"
    MINOR_ACCUSED = "minor_accused"
    MINOR_RELEASED = "minor_released"
    MINOR_FROM_SPECIAL_SCHOOL = "minor_from_special_school"
    DUTIES_NOT_PERFORMED = "duties_not_performed"  # of upbringing, by parents or who acts in their stead
    ACTS_AGAINST_CHILDREN = "acts_against_children"
    MINOR_SUFFERED = "minor_suffered"
    ALCOHOL = "alcohol"
    DRUGS = "drugs"
    INHALANTS = "inhalants"


class RemovalReason(StrEnum):
    """Why somebody is in a register no more."""

    GROUND_ENDED = "ground_ended"  # the order, the term or the treatment is over
    IMPROVED = "improved"
    CAME_OF_AGE = "came_of_age"
    MOVED = "moved"
    DIED = "died"
    BY_COURT = "by_court"
    BY_MISTAKE = "by_mistake"  # the entry should not have been made
    ERASED = "erased"  # with the person's record


BY_STAFF = frozenset(RemovalReason) - {RemovalReason.ERASED}
MINORS = frozenset(
    {
        EntryCode.MINOR_BELOW_LIABLE_AGE,
        EntryCode.MINOR_ACCUSED,
        EntryCode.MINOR_RELEASED,
        EntryCode.MINOR_FROM_SPECIAL_SCHOOL,
        EntryCode.MINOR_SUFFERED,
    }
)
PARENTS = frozenset({EntryCode.DUTIES_NOT_PERFORMED, EntryCode.ACTS_AGAINST_CHILDREN})
OF_AGE = 18


@dataclass(frozen=True, slots=True)
class KeptRow:
    """An agency keeps a register. `tells`: what somebody who learns that a person is in it learns of that person."""

    kind: R
    agency: Agency
    tells: frozenset[DataCategory]
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A reason for which somebody is in a register."""

    code: EntryCode
    kind: R
    agency: Agency
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """How soon it is looked at again whether an entry still stands, and how long before that a reminder comes."""

    kinds: frozenset[R]
    within: Span
    reminder: timedelta
    source: str
    valid_from: date
    valid_until: date | None = None


LAW_214 = "Law of 4 December 2009 No. 214-IV, art. 7 (2) 4); report, 1.3, para. 5"
LAW_591 = "Law of 9 July 2004 No. 591, art. 15; report, 1.3, para. 5"
HAPPENED = frozenset({DataCategory.OCCURRENCE})
# That a hospital keeps an entry tells that somebody was seen there.
SEEN = HAPPENED | {DataCategory.HEALTH}
KEPT: tuple[KeptRow, ...] = (
    KeptRow(
        R.PREVENTIVE_MONITORING,
        Agency.POLICE,
        HAPPENED,
        "Law of 29 April 2010 No. 271-IV, art. 28; Law No. 214-IV, art. 10, 5); report, 1.3, para. 5",
        SINCE,
    ),
    KeptRow(R.MINORS_WHO_SUFFERED, Agency.SOCIAL, HAPPENED, LAW_214, SINCE),
    KeptRow(R.TROUBLED_FAMILIES, Agency.SOCIAL, HAPPENED, LAW_214, SINCE),
    KeptRow(R.MINORS_WHO_SUFFERED, Agency.HEALTH, SEEN, LAW_591, SINCE),
    KeptRow(R.TROUBLED_FAMILIES, Agency.HEALTH, SEEN, LAW_591, SINCE),
    KeptRow(
        R.DISPENSARY,
        Agency.HEALTH,
        frozenset({DataCategory.HEALTH, DataCategory.ADDICTION}),
        "Law of 7 April 1995 No. 2184; report, 1.4, art. 17, para. 5",
        SINCE,
    ),
)


def _rows(kind: R, agency: Agency, *codes: tuple[EntryCode, str, date]) -> tuple[CodeRow, ...]:
    return tuple(CodeRow(code, kind, agency, source, since) for code, source, since in codes)


LAW_271 = "Law of 29 April 2010 No. 271-IV, art. 28, {}); report, 1.3, para. 5"
ORDER = "Order of the Minister of Internal Affairs of 15 July 2014 No. 432, {}); report, 1.3, para. 5"
CODES: tuple[CodeRow, ...] = (
    *_rows(
        R.PREVENTIVE_MONITORING,
        Agency.POLICE,
        (EntryCode.PROTECTIVE_ORDER, LAW_271.format(1), SINCE),
        (EntryCode.BEHAVIOUR_REQUIREMENTS, LAW_271.format(2), SINCE),
        (EntryCode.PAROLE, LAW_271.format(3), SINCE),
        (EntryCode.ADMINISTRATIVE_OVERSIGHT, LAW_271.format(4), SINCE),
        (EntryCode.SENTENCE_WITHOUT_ISOLATION, LAW_271.format(5), SINCE),
        (EntryCode.RELEASED_AFTER_GRAVE_CRIME, LAW_271.format(6), SINCE),
        (EntryCode.MINOR_BELOW_LIABLE_AGE, ORDER.format(3), ORDER_432),
        (EntryCode.MINOR_ACCUSED, ORDER.format(4), ORDER_432),
        (EntryCode.MINOR_RELEASED, ORDER.format(5), ORDER_432),
        (EntryCode.MINOR_FROM_SPECIAL_SCHOOL, ORDER.format(6), ORDER_432),
        (EntryCode.DUTIES_NOT_PERFORMED, ORDER.format(7), ORDER_432),
    ),
    *_rows(R.MINORS_WHO_SUFFERED, Agency.SOCIAL, (EntryCode.MINOR_SUFFERED, LAW_214, SINCE)),
    *_rows(R.TROUBLED_FAMILIES, Agency.SOCIAL, *((code, LAW_214, SINCE) for code in sorted(PARENTS))),
    *_rows(R.MINORS_WHO_SUFFERED, Agency.HEALTH, (EntryCode.MINOR_SUFFERED, LAW_591, SINCE)),
    *_rows(R.TROUBLED_FAMILIES, Agency.HEALTH, *((code, LAW_591, SINCE) for code in sorted(PARENTS))),
    *_rows(
        R.DISPENSARY,
        Agency.HEALTH,
        (EntryCode.ALCOHOL, f"Order of 29 December 2015 No. 1095; {KEPT[-1].source}", SINCE),
        (EntryCode.DRUGS, f"Order of 29 December 2015 No. 1095; {KEPT[-1].source}", SINCE),
        (EntryCode.INHALANTS, KEPT[-1].source, SINCE),
    ),
)
REVIEWS: tuple[ReviewRow, ...] = (
    ReviewRow(
        frozenset(R),
        Span(months=6),
        timedelta(days=14),
        "Law No. 271-IV, art. 28: while the ground lasts; how often that is looked at is the project's own limit",
        SINCE,
    ),
)


def kept(agency: Agency, kind: R, on: date, *, rows: tuple[KeptRow, ...] = KEPT) -> KeptRow | None:
    """The row by which an agency keeps a register on a day; None: it keeps none."""
    valid = (row for row in rows if _is_valid(row, on))
    return next((row for row in valid if (row.agency, row.kind) == (agency, kind)), None)


def sources(agency: Agency, kind: R, since: date, *, rows: tuple[CodeRow, ...] = CODES) -> dict[EntryCode, str]:
    """The reasons for which somebody came into an agency's register on a day, each with its legal source."""
    valid = [row for row in rows if _is_valid(row, since)]
    return {row.code: row.source for row in valid if (row.agency, row.kind) == (agency, kind)}


def why_not(codes: frozenset[EntryCode], *, birth_date: date | None, on: date) -> str | None:
    """None if somebody of this birth date can be entered for these reasons on a day; unknown ages fit everything."""
    if birth_date is None:
        return None
    if codes & MINORS and age(birth_date, on) >= OF_AGE:
        return "this reason is for minors"
    if codes & PARENTS and age(birth_date, on) < OF_AGE:
        return "this reason is for parents and who acts in their stead"
    return None


@dataclass(frozen=True, slots=True)
class Review:
    """The day by which an entry is reviewed, and the day on which a reminder comes."""

    due_on: date
    remind_on: date


def next_review(
    kind: R, on: date, *, comes_of_age: date | None = None, rows: tuple[ReviewRow, ...] = REVIEWS
) -> Review:
    """By the rows that are valid on the day it was made or reviewed; not later than a minor comes of age."""
    valid = [row for row in rows if _is_valid(row, on) and kind in row.kinds]
    due_on = min((row.within.after(on) for row in valid), default=on)
    if comes_of_age is not None and on < comes_of_age < due_on:
        due_on = comes_of_age
    reminder = max((row.reminder for row in valid), default=timedelta())
    return Review(due_on, max(due_on - reminder, on))


def comes_of_age(codes: frozenset[EntryCode], birth_date: date | None) -> date | None:
    """The day on which a minor is one no more; None for whom that does not matter, or whose age is unknown."""
    return Span(months=12 * OF_AGE).after(birth_date) if birth_date is not None and codes & MINORS else None


def _is_valid(row: KeptRow | CodeRow | ReviewRow, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or on < row.valid_until)
