"""Admissions as health keeps them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class AdmissionRow(SQLModel, table=True):
    """Somebody was admitted to the trauma room. `sealed`: with what, and which facts; `report_id`: that it was told."""

    __tablename__ = "admissions"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    person_id: UUID | None = None
    report_id: UUID | None = None
    sealed: bytes | None = None
    admitted_at: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)


TABLES = (AdmissionRow,)
