"""On what an event relies: its lawful basis with what proves it, and how what came with it may be handled."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.contract.calendar import end_of
from shared.contract.consent import Consent
from shared.contract.plain import Day
from shared.contract.sets import SortedSet
from shared.contract.vocabulary import Basis, DataCategory, Purpose, SubjectRole

LONGEST_RECEIPT = 8000


@dataclass(frozen=True, slots=True)
class LongestRow:
    """How long a danger to life counts for at most, once it was declared, and since when."""

    longest: timedelta
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


LONGEST_EMERGENCIES: tuple[LongestRow, ...] = (
    LongestRow(timedelta(hours=72), "the project's own limit: no law names one", datetime(1995, 1, 1, tzinfo=UTC)),
)


def longest_emergency(declared_at: datetime, *, rows: tuple[LongestRow, ...] = LONGEST_EMERGENCIES) -> timedelta:
    """By the row of the moment when it was declared; nothing where there is none."""
    valid = (r for r in rows if r.valid_from <= declared_at and (r.valid_until is None or declared_at < r.valid_until))
    return min((row.longest for row in valid), default=timedelta())


class Emergency(BaseModel):
    """A danger to life that was declared, for a time. Who declared it and why stays with who declared it.

    Whatever `until` says, it counts for no longer than `longest_emergency()`: for its sender, and for who receives it.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    id: UUID
    declared_by: str
    declared_at: AwareDatetime
    until: AwareDatetime

    @property
    def ends(self) -> datetime:
        """When it counts for nothing any more."""
        longest = longest_emergency(self.declared_at)
        return self.until if self.until - self.declared_at <= longest else self.declared_at + longest

    def is_live(self, at: datetime) -> bool:
        """Whether it has begun and not ended."""
        return self.declared_at <= at < self.ends


class CourtDecision(BaseModel):
    """A court's decision: its register number, its day, and until when it binds."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    number: str = Field(min_length=1, max_length=50, pattern=r"^[0-9A-Za-zА-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі /.-]+$")
    decided_on: Day = Field(ge=date(1900, 1, 1))  # so that both have a first and a last moment in any time zone
    until: Day = Field(le=date(2999, 12, 31))

    @model_validator(mode="after")
    def _binds_after_it_was_made(self) -> Self:
        if self.until < self.decided_on:
            raise ValueError("a decision binds from the day it was made")
        return self

    def is_live(self, on: date) -> bool:
        """Whether it binds on a day."""
        return self.decided_on <= on <= self.until

    @property
    def over_at(self) -> datetime:
        """The first moment (UTC) at which it binds no more: its last day is included."""
        return end_of(self.until)


class Grounds(BaseModel):
    """Written on every directed event, and checked by the receiver again.

    `receipt` is the consent as its recorder signed it, without identity (a compact JWS); `anonymous` says that the
    person asked not to be named anywhere (F8).
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    basis: Basis
    purpose: Purpose | None = None
    subject: SubjectRole = SubjectRole.VICTIM
    consent: Consent | None = None
    receipt: str | None = Field(default=None, max_length=LONGEST_RECEIPT)
    emergency: Emergency | None = None
    court: CourtDecision | None = None
    anonymous: bool = False

    @property
    def until(self) -> datetime | None:
        """When what it relies on ends by itself, if it does."""
        if self.consent is not None:
            return self.consent.valid_until
        if self.emergency is not None:
            return self.emergency.ends
        return self.court.over_at if self.court is not None else None


NO_PERSONAL_DATA = Grounds(basis=Basis.NO_PERSONAL_DATA)  # what announcements rely on


class Handling(BaseModel):
    """The label of what came from another organisation: on which basis, for what, until when.

    It goes no further than that basis: back to where it came from, or on a consent that the person gives here.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    origin: str
    basis: Basis
    purpose: Purpose | None
    consent_id: UUID | None = None
    categories: SortedSet[DataCategory]
    until: AwareDatetime | None = None


def label(*, origin: str, grounds: Grounds, categories: frozenset[DataCategory]) -> Handling:
    """The label that an event carries."""
    return Handling(
        origin=origin,
        basis=grounds.basis,
        purpose=grounds.purpose,
        consent_id=grounds.consent.id if grounds.consent else None,
        categories=categories,
        until=grounds.until,
    )
