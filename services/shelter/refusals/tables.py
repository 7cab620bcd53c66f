"""Refusals as shelters keep them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class RefusalRow(SQLModel, table=True):
    """Someone here refused to report the violence. The person is known here only."""

    __tablename__ = "refusals"
    __table_args__ = (
        Index("refusals_page", "organisation_id", "created_at", "id"),
        Index("refusals_over", text("greatest(acknowledged_at, sent_at)")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    person_id: UUID | None = Field(default=None, index=True)
    refused_at: datetime = Field(sa_type=Moment)
    refused_on: date
    due_on: date
    calendar_version: str
    agrees_to_contact: bool
    police_id: str | None = None  # known at the latest when the notice is sent
    state: str
    created_at: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (RefusalRow,)
