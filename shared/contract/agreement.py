"""A local agreement of the prevention actors (F16): who exchanges what, with whom, on which basis. It only narrows.

Source: report, 2.1, question 11. The text is a file signed by the network's operator; this is what it says.
"""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contract.calendar import local_day
from shared.contract.identifiers import OrganisationId
from shared.contract.sets import SortedSet
from shared.contract.vocabulary import Agency, Basis, DataCategory, Recipient


class Exchange(BaseModel):
    """One line: under this permit, these agencies may tell those these categories, on these bases.

    A permit is named without its version: the agreement goes on when the law changes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    permit: str = Field(pattern=r"^P-[A-Z0-9-]+$")
    senders: SortedSet[Agency] = Field(min_length=1)
    recipients: SortedSet[Recipient] = Field(min_length=1)
    bases: SortedSet[Basis] = Field(min_length=1)
    categories: SortedSet[DataCategory] = Field(min_length=1)


class Agreement(BaseModel):
    """What the organisations of a region agreed on. `region` is the first two digits of its KATO code."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern=r"^A-[A-Z0-9-]{1,60}$")
    region: str = Field(pattern=r"^[0-9]{2}$")
    parties: SortedSet[OrganisationId] = Field(min_length=2)
    exchanges: tuple[Exchange, ...]
    valid_from: date
    valid_until: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("an agreement ends after it begins")
        return self

    def binds(self, organisation: str, at: datetime) -> bool:
        """Whether an organisation is a party to it at a time."""
        day = local_day(at)
        in_force = self.valid_from <= day and (self.valid_until is None or day < self.valid_until)
        return in_force and organisation in self.parties

    def opens(self, *, permit: str, sender: Recipient, recipient: Recipient, basis: Basis) -> frozenset[DataCategory]:
        """The categories that it leaves open of what a permit opens."""
        lines = (
            line.categories
            for line in self.exchanges
            if line.permit == permit and sender in line.senders and recipient in line.recipients and basis in line.bases
        )
        return frozenset[DataCategory]().union(*lines)
