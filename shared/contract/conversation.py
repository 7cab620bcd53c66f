"""A preventive conversation (F12): how long it may last, who must be present with a minor, as dated rows.

Source: report, 1.3 and 1.4: art. 19 of the Law of 4 December 2009 No. 214-IV, and with the same limits art. 23 of the
Law of 29 April 2010 No. 271-IV and art. 19-1 of the Law of 9 July 2004 No. 591-II. A row counts for a conversation that
was held while the row was valid.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contract.capacity import age
from shared.contract.vocabulary import SubjectRole


class Representative(StrEnum):
    """In which capacity somebody is present with a minor."""

    PARENT = "parent"
    TEACHER = "teacher"
    OTHER = "other"  # another lawful representative


class ConversationPlace(StrEnum):
    """Where one can be held (para. 3)."""

    OFFICE = "office"
    HOME = "home"
    EDUCATION = "education"
    EMPLOYMENT = "employment"
    ON_THE_SPOT = "on_the_spot"  # where the offence was uncovered


@dataclass(frozen=True, slots=True)
class LengthRow:
    """How many minutes one may last at most."""

    minutes: int
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class MinorRow:
    """Below which age one of these representatives must be present."""

    below: int
    present: frozenset[Representative]
    source: str
    valid_from: date
    valid_until: date | None = None


LENGTHS: tuple[LengthRow, ...] = (
    LengthRow(60, "report, 1.4; Law of 4 December 2009 No. 214-IV, art. 19, para. 3: one hour", date(2010, 1, 1)),
)
MINORS: tuple[MinorRow, ...] = (
    MinorRow(
        18,
        frozenset(Representative),
        "report, 1.4; Law of 4 December 2009 No. 214-IV, art. 19, para. 5",
        date(2010, 1, 1),
    ),
)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is present with a minor; whether that is the alleged offender."""

    as_: Representative
    is_alleged_offender: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """What is asked about a conversation. Of a child without a known birth date it is taken that it is a minor."""

    held_on: date
    minutes: int
    role: SubjectRole
    birth_date: date | None
    present: Collection[Present]


def why_not(
    talk: Talk, *, lengths: tuple[LengthRow, ...] = LENGTHS, minors: tuple[MinorRow, ...] = MINORS
) -> str | None:
    """None if it could be held like that, else why not, with the source of the limit."""
    length = next((row for row in lengths if _is_valid(row, talk.held_on)), None)
    if length is None:
        return "there was no preventive conversation on that day"
    if talk.role is SubjectRole.VICTIM:
        return f"it is held with who did it, or may do it, and not with the victim ({length.source})"
    if talk.minutes > length.minutes:
        return f"it does not last so long ({length.source})"
    needed = next((row for row in minors if _is_valid(row, talk.held_on) and _is_below(row.below, talk)), None)
    return _why_not_with(talk, needed) if needed is not None else None


def _why_not_with(talk: Talk, needed: MinorRow) -> str | None:
    if any(one.is_alleged_offender for one in talk.present):
        return f"the alleged offender does not represent a minor ({needed.source})"
    if not any(one.as_ in needed.present for one in talk.present):
        return f"with a minor a parent, a teacher or another representative is present ({needed.source})"
    return None


def _is_below(limit: int, talk: Talk) -> bool:
    if talk.birth_date is None:
        return talk.role is SubjectRole.DEPENDANT
    return age(talk.birth_date, talk.held_on) < limit


def _is_valid(row: LengthRow | MinorRow, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or on < row.valid_until)
