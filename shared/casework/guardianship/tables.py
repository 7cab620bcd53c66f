"""Requests to the guardianship authority, at who asked and at who answers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class GuardianRequestRow(SQLModel, table=True):
    """Somebody must decide for a minor. `sealed`: whom to call, and who it is where that was told; here, as it came."""

    __tablename__ = "guardian_requests"
    __table_args__ = (
        Index("guardian_requests_over", "answered_at"),
        Index("guardian_requests_page", "organisation_id", "asked_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    counterpart_id: str
    person_id: UUID | None = Field(default=None, index=True)  # at who asked
    subject: str
    answer_by: date
    answer: str | None = None
    sealed: bytes | None = None
    asked_at: datetime = Field(sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (GuardianRequestRow,)
