"""Examinations as health keeps them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class ExaminationRow(SQLModel, table=True):
    """An examination. Never leaves: no event has a field for it. `sealed`: what was examined, and what was found."""

    __tablename__ = "examinations"
    __table_args__ = (
        Index("examinations_over", "examined_at"),
        Index("examinations_page", "organisation_id", "examined_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    referral_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = Field(default=None, index=True)
    sealed: bytes | None = None
    examined_at: datetime = Field(sa_type=Moment)


TABLES = (ExaminationRow,)
