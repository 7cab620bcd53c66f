"""Consent as a value: who allowed what, for what, to whom, until when.

Source: report, 1.3 and 1.4 (consent of the person or the representative; the right to refuse); the Law on Personal Data
and Their Protection of 21 May 2013, art. 8 (consent and its withdrawal).
"""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.contract.vocabulary import Agency, DataCategory, Grantor, Purpose

AGE_OF_CONSENT = 18

# What a consent can open. The rest of the vocabulary needs no consent, or can't be had by one.
CONSENTABLE = frozenset(
    {
        DataCategory.IDENTITY,
        DataCategory.CONTACT,
        DataCategory.DEPENDANTS,
        DataCategory.HEALTH,
        DataCategory.ADDICTION,
        DataCategory.NARRATIVE,
    }
)


class Consent(BaseModel):
    """The terms of one consent. `recipients` names agencies or single organisations; either is enough."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: UUID
    recorded_by: str
    purposes: frozenset[Purpose] = Field(min_length=1)
    recipients: frozenset[Agency | str] = Field(min_length=1)
    categories: frozenset[DataCategory]
    given_at: AwareDatetime
    valid_until: AwareDatetime
    withdrawn_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until <= self.given_at:
            raise ValueError("a consent ends after it was given")
        return self

    def is_live(self, at: datetime) -> bool:
        """Whether it has begun, has not ended and was not withdrawn."""
        withdrawn = self.withdrawn_at is not None and self.withdrawn_at <= at
        return self.given_at <= at < self.valid_until and not withdrawn

    def names(self, agency: Agency, organisation: str) -> bool:
        """Whether it names this recipient, as an organisation or by its agency; an answer may go to who recorded it."""
        return organisation == self.recorded_by or agency in self.recipients or organisation in self.recipients


def may_grant(
    *, grantor: Grantor, birth_date: date | None, representative_is_alleged_offender: bool, on: date
) -> str | None:
    """None if `grantor` can consent for the person, else why not.

    Whose age is unknown counts as an adult: some people have no documents. A minor's representative consents unless he
    or she is the alleged offender: then the guardianship authority does.
    """
    if grantor is Grantor.SELF and birth_date is not None and age(birth_date, on) < AGE_OF_CONSENT:
        return "a person under 18 consents through a legal representative or the guardianship authority"
    if grantor is Grantor.LEGAL_REPRESENTATIVE and representative_is_alleged_offender:
        return "a representative who is the alleged offender can't consent: the guardianship authority does"
    return None


def age(birth_date: date, on: date) -> int:
    """Full years on a day."""
    before_birthday = (on.month, on.day) < (birth_date.month, birth_date.day)
    return on.year - birth_date.year - before_birthday
