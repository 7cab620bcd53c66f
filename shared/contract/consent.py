"""Consent as a value: who allowed what, for what, to whom, until when.

Source: report, 1.3 and 1.4 (consent of the person or the representative; the right to refuse); the Law on Personal Data
and Their Protection of 21 May 2013, art. 8 (consent and its withdrawal).
"""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.contract.sets import SortedSet
from shared.contract.vocabulary import DataCategory, Grantor, Purpose, Recipient

# What a consent can open. The rest of the vocabulary needs no consent, or can't be had by one.
CONSENTABLE = frozenset(
    {
        DataCategory.IDENTITY,
        DataCategory.CONTACT,
        DataCategory.DEPENDANTS,
        DataCategory.HEALTH,
        DataCategory.ADDICTION,
        DataCategory.NARRATIVE,
        DataCategory.ASSESSMENT,
        DataCategory.CONVICTIONS,
    }
)


class Consent(BaseModel):
    """The terms of one consent. `recipients` names agencies, partners or single organisations; either is enough."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: UUID
    recorded_by: str
    purposes: SortedSet[Purpose] = Field(min_length=1)
    recipients: SortedSet[Recipient | str] = Field(min_length=1)
    categories: SortedSet[DataCategory]
    granted_by: Grantor = Grantor.SELF
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

    def names(self, agency: Recipient, organisation: str) -> bool:
        """Whether it names this recipient, as an organisation or by its agency; an answer may go to who recorded it."""
        return organisation == self.recorded_by or agency in self.recipients or organisation in self.recipients

    def covers(self, *, purpose: Purpose | None, agency: Recipient, organisation: str, at: datetime) -> bool:
        """Whether it is live, for this purpose, and names this recipient."""
        return self.is_live(at) and purpose in self.purposes and self.names(agency, organisation)

    def includes(self, narrower: "Consent") -> bool:
        """Whether these terms are the whole of which those are a part: for no more, and for no longer."""
        same = (self.id, self.recorded_by, self.given_at) == (narrower.id, narrower.recorded_by, narrower.given_at)
        fits = narrower.purposes <= self.purposes and narrower.categories <= self.categories
        return same and fits and narrower.valid_until <= self.valid_until
