"""Consents: given here (with the person), or received as the terms that an event relied on (without)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class ConsentRow(SQLModel, table=True):
    """One organisation's knowledge of one consent."""

    __tablename__ = "consents"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    recorded_by: str
    person_id: UUID | None = Field(default=None, index=True)
    purposes: list[str] = Field(sa_type=Json)
    recipients: list[str] = Field(sa_type=Json)
    categories: list[str] = Field(sa_type=Json)
    granted_by: str | None = None
    given_at: datetime = Field(sa_type=Moment)
    valid_until: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (ConsentRow,)
