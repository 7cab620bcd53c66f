"""Voluntary treatment as health keeps it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class VoluntaryRow(SQLModel, table=True):
    """Treatment that was offered or is under way. `sealed`: who agreed to it, and the note of a refusal."""

    __tablename__ = "voluntary_treatments"
    __table_args__ = (
        Index("voluntary_treatments_over", "ended_at"),
        Index("voluntary_treatments_page", "organisation_id", "created_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    person_id: UUID = Field(index=True)
    referral_id: UUID | None = Field(default=None, index=True)
    state: str
    sealed: bytes | None = None
    created_at: datetime = Field(sa_type=Moment)
    began_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (VoluntaryRow,)
