"""On what an event relies: its lawful basis with what proves it, and how what came with it may be handled."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.contract.consent import Consent
from shared.contract.vocabulary import Basis, DataCategory, Purpose, SubjectRole

LONGEST_RECEIPT = 8000


class Emergency(BaseModel):
    """A danger to life that was declared, for a time. Who declared it and why stays with who declared it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    id: UUID
    declared_by: str
    declared_at: AwareDatetime
    until: AwareDatetime

    def is_live(self, at: datetime) -> bool:
        """Whether it has begun and not ended."""
        return self.declared_at <= at < self.until


class CourtDecision(BaseModel):
    """A court's decision: its register number, its day, and until when it binds."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    number: str = Field(min_length=1, max_length=50, pattern=r"^[0-9A-Za-zА-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі /.-]+$")
    decided_on: date
    until: date

    @model_validator(mode="after")
    def _binds_after_it_was_made(self) -> Self:
        if self.until < self.decided_on:
            raise ValueError("a decision binds from the day it was made")
        return self

    def is_live(self, on: date) -> bool:
        """Whether it binds on a day."""
        return self.decided_on <= on <= self.until


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
    categories: frozenset[DataCategory]
    until: AwareDatetime | None = None


def label(*, origin: str, grounds: Grounds, categories: frozenset[DataCategory]) -> Handling:
    """The label that an event carries."""
    consent, emergency = grounds.consent, grounds.emergency
    return Handling(
        origin=origin,
        basis=grounds.basis,
        purpose=grounds.purpose,
        consent_id=consent.id if consent else None,
        categories=categories,
        until=consent.valid_until if consent else emergency.until if emergency else None,
    )
