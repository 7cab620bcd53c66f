"""Partners, and the letters to them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class PartnerRow(SQLModel, table=True):
    """A court, prosecutor, school or probation service that can be written to. The address is that of its office."""

    __tablename__ = "partners"
    id: str = Field(primary_key=True)
    kind: str
    name_kk: str
    name_ru: str
    name_en: str
    kato: str
    address: str
    phone: str | None = None
    updated_at: datetime = Field(sa_type=Moment)


class LetterRow(SQLModel, table=True):
    """A letter. `sealed`: what it says, and who signed the page that came back; nothing once that is erased."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "serial"),
        Index("letters_page", "organisation_id", "written_at", "id"),
        Index("letters_on_consent", "organisation_id", "consent_id"),
        Index("letters_over", "closed_at"),
        Index("letters_about", "organisation_id", "person_id"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    person_id: UUID
    partner_id: str
    kind: str
    year: int
    serial: int
    purpose: str
    subject: str
    basis: str
    consent_id: UUID | None = None
    order_id: UUID | None = None
    sealed: bytes | None = None
    written_at: datetime = Field(sa_type=Moment)
    due_on: date
    came_back_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    end: str | None = None
    erased_at: datetime | None = Field(default=None, sa_type=Moment)
    recalled_at: datetime | None = Field(default=None, sa_type=Moment)  # its consent ended: the partner is to erase it
    recall_due_on: date | None = None
    recall_end: str | None = None
    recall_ended_on: date | None = None

    @property
    def number(self) -> str:
        """As it stands on the letter."""
        return f"{self.year}/{self.serial}"


class LetterNumberRow(SQLModel, table=True):
    """The last number of an organisation's letters in a year: whoever writes does not see all of those before."""

    __tablename__ = "letter_numbers"
    organisation_id: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int


TABLES = (PartnerRow, LetterRow, LetterNumberRow)
