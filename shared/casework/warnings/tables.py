"""What may repeat, and the warnings that it does."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class FactRow(SQLModel, table=True):
    """Something of a kind happened to a person: its id is that of the incident, the refusal, the report."""

    __tablename__ = "repetition_facts"
    __table_args__ = (
        Index("repetition_facts_of_person", "organisation_id", "person_id", "pattern"),
        Index("repetition_facts_over", "at"),
    )
    id: UUID = Field(primary_key=True)
    pattern: str = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    person_id: UUID
    at: datetime = Field(sa_type=Moment)


class WarningRow(SQLModel, table=True):
    """It repeats. `facts` names what; of a warning that came from elsewhere only how often and when is known."""

    __tablename__ = "warnings"
    __table_args__ = (
        UniqueConstraint("organisation_id", "pattern", "trigger_id"),
        Index("warnings_page", "organisation_id", "created_at", "id"),
        Index("warnings_of_person", "organisation_id", "person_id"),
        Index("warnings_over", "acknowledged_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    counterpart_id: str | None = None  # who warned us; none: what we hold ourselves
    pattern: str
    person_id: UUID | None = None
    referral_id: UUID | None = Field(default=None, index=True)
    trigger_id: UUID  # the fact by which it became a warning, or the id of the one that came
    facts: list[dict[str, Any]] = Field(default=[], sa_type=Json)
    times: int
    first_on: date | None = None
    last_on: date | None = None
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)
    shared_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (FactRow, WarningRow)
