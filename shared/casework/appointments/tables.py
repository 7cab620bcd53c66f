"""Appointments. Only times: of whom they are is in the record or the referral."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class AppointmentRow(SQLModel, table=True):
    """Somebody is expected from when to when."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("appointments_page", "organisation_id", "starts_at", "id"),
        Index("appointments_over", "ends_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    person_id: UUID | None = Field(default=None, index=True)
    referral_id: UUID | None = Field(default=None, index=True)
    starts_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    cancelled_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (AppointmentRow,)
