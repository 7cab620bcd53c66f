"""Refusal notices as the police keep them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class RefusalNoticeRow(SQLModel, table=True):
    """A notice that somebody at a lodging organisation refused to report. Not who."""

    __tablename__ = "refusal_notices"
    __table_args__ = (Index("refusal_notices_page", "organisation_id", "received_at", "id"),)
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    shelter_id: str
    refused_on: date
    due_on: date
    police_may: list[str] = Field(sa_type=Json)
    received_at: datetime = Field(sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (RefusalNoticeRow,)
