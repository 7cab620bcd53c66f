"""Admissions as health keeps them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class AdmissionRow(SQLModel, table=True):
    """Somebody was admitted to the trauma room. `sealed`: with what, and which facts; `report_id`: that it was told."""

    __tablename__ = "admissions"
    __table_args__ = (
        Index("admissions_page", "organisation_id", "created_at", "id"),
        Index("admissions_over", "admitted_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    person_id: UUID | None = Field(default=None, index=True)
    report_id: UUID | None = None
    sealed: bytes | None = None
    admitted_at: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)


TABLES = (AdmissionRow,)
