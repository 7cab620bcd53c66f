"""A joint assessment (F4): who sits in it, whose signatures it needs, by when one answers; how it stands.

Source: report, 1.1; Standard of 26 December 2016 No. 1079, para. 29: the police identify whether a victim is in
challenging life circumstances, in the presence of a social worker and a psychologist. A row counts for an assessment
that is held on a day while the row is valid.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from shared.contract.vocabulary import Agency, Recipient

ANSWER_DUE = "assessment_answer"  # the deadline of an answer, at who owes it and at who waits for it
HIGHEST_ROUND = 1000


class Seat(StrEnum):
    """In which capacity somebody takes part. Each seat is taken once."""

    OFFICER = "officer"  # of the police, who propose
    SOCIAL_WORKER = "social_worker"
    PSYCHOLOGIST = "psychologist"
    HOST = "host"  # where she stays


class AssessmentAnswer(StrEnum):
    """What somebody who is invited says to a time and a place."""

    ACCEPTED = "accepted"
    OTHER_TIME = "other_time"
    DECLINED = "declined"


class AssessmentEnd(StrEnum):
    """Why there is no assessment any more."""

    CANCELLED = "cancelled"
    PERSON_DECLINED = "person_declined"  # to take part is her right, and no duty
    CONSENT_ENDED = "consent_ended"


class AssessmentState(StrEnum):
    """How an assessment stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"  # all whose signatures it needs have accepted the time and the place
    CONCLUDED = "concluded"  # they have signed, and the same
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Which agencies can fill a seat."""

    seat: Seat
    agencies: frozenset[Agency]
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class QuorumRow:
    """Without a signature from each of these seats an outcome does not stand."""

    seats: frozenset[Seat]
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Within how many business days one answers a proposal."""

    business_days: int
    source: str
    valid_from: date
    valid_until: date | None = None


PARA_29 = "report, 1.1; Standard of 26 December 2016 No. 1079, para. 29"
SINCE = date(2016, 12, 26)
SEATS: tuple[SeatRow, ...] = (
    SeatRow(Seat.OFFICER, frozenset({Agency.POLICE}), PARA_29, SINCE),
    SeatRow(Seat.SOCIAL_WORKER, frozenset({Agency.SOCIAL}), PARA_29, SINCE),
    SeatRow(Seat.PSYCHOLOGIST, frozenset({Agency.HEALTH, Agency.SOCIAL}), PARA_29, SINCE),
    SeatRow(
        Seat.HOST, frozenset({Agency.SHELTER}), "the project's own: she is not assessed without who hosts her", SINCE
    ),
)
QUORUMS: tuple[QuorumRow, ...] = (
    QuorumRow(frozenset({Seat.OFFICER, Seat.SOCIAL_WORKER, Seat.PSYCHOLOGIST}), PARA_29, SINCE),
)
ANSWERS: tuple[AnswerRow, ...] = (AnswerRow(1, "the project's own limit: no rule names one", SINCE),)


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


Row = TypeVar("Row", bound=_Dated)


def _valid(rows: Iterable[Row], on: date) -> list[Row]:
    return [row for row in rows if row.valid_from <= on and (row.valid_until is None or on < row.valid_until)]


def may_sit(seat: Seat, agency: Recipient, *, on: date, rows: tuple[SeatRow, ...] = SEATS) -> bool:
    """Whether an organisation of this agency can fill a seat."""
    return any(row.seat is seat and agency in row.agencies for row in _valid(rows, on))


def missing(seats: Collection[Seat], *, on: date, rows: tuple[QuorumRow, ...] = QUORUMS) -> frozenset[Seat]:
    """Of the quorum, who is not among these. All of them on a day on which no row says who is needed."""
    valid = _valid(rows, on)
    needed = frozenset(Seat).intersection(*(row.seats for row in valid)) if valid else frozenset(Seat)
    return needed - frozenset(seats)


def outcome(signed: Mapping[Seat, bool], *, on: date, rows: tuple[QuorumRow, ...] = QUORUMS) -> bool | None:
    """Whether she is in challenging circumstances, by who signed what. None: it does not stand.

    It stands once each seat of the quorum has signed, and the same. Who else signs adds nothing and takes nothing away.
    """
    if missing(signed.keys(), on=on, rows=rows):
        return None
    needed = missing((), on=on, rows=rows)
    said = {challenging for seat, challenging in signed.items() if seat in needed}
    return said.pop() if len(said) == 1 else None


def answer_days(on: date, *, rows: tuple[AnswerRow, ...] = ANSWERS) -> int:
    """Within how many business days a proposal of this day is answered."""
    return min((row.business_days for row in _valid(rows, on)), default=1)


def state_of(*, ended: bool, concluded: bool, agreed: bool) -> AssessmentState:
    """What beats what: the end of an assessment, above all the person's own, beats everything."""
    if ended:
        return AssessmentState.ENDED
    if concluded:
        return AssessmentState.CONCLUDED
    return AssessmentState.AGREED if agreed else AssessmentState.PROPOSED


def tells_of(text: str, protected: Iterable[str]) -> bool:
    """Whether a place is named by what must not be told: in the same words, however they are written."""
    said = _words(text)
    return any(_within(one, said) or (len(said) > 1 and _within(said, one)) for one in map(_words, protected) if one)


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
