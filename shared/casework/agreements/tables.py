"""Local agreements as each of their parties keeps them. Nothing here is about a person."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class AgreementRow(SQLModel, table=True):
    """A version of an agreement. `ends_on`: the first day on which it does not hold, by its text or by a notice."""

    __tablename__ = "agreements"
    __table_args__ = (
        Index("agreements_page", "organisation_id", "created_at", "id"),
        Index("agreements_ending", "ends_on", postgresql_where=text("ended_at is null")),
    )
    organisation_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    name: str  # by which decisions and the trust list name it
    drafter_id: str
    terms: dict[str, Any] = Field(sa_type=Json)
    sha256: str
    ends_on: date | None = None
    created_at: datetime = Field(sa_type=Moment)
    concluded_at: datetime | None = Field(default=None, sa_type=Moment)
    declined_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class AnswerRow(SQLModel, table=True):
    """A party signed a version, or declined it: the first answer counts. It may be here before the draft is."""

    __tablename__ = "agreement_answers"
    organisation_id: str = Field(primary_key=True)
    agreement_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    party_id: str = Field(primary_key=True)
    signature: str | None = None
    sha256: str | None = None  # of the text that was signed
    reason: str | None = None
    lines: list[int] = Field(default=[], sa_type=Json)
    answered_at: datetime = Field(sa_type=Moment)


class NoticeRow(SQLModel, table=True):
    """A party ends a version for all from a day on."""

    __tablename__ = "agreement_notices"
    organisation_id: str = Field(primary_key=True)
    agreement_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    party_id: str = Field(primary_key=True)
    notice: str
    sha256: str
    ends_on: date
    given_at: datetime = Field(sa_type=Moment)


TABLES = (AgreementRow, AnswerRow, NoticeRow)
