"""Consents: given here (with the person), or received as the terms that an event relied on (without)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class ConsentRow(SQLModel, table=True):
    """One organisation's knowledge of one consent."""

    __tablename__ = "consents"
    __table_args__ = (
        Index("consents_running", "valid_until", postgresql_where=text("expired_at is null and withdrawn_at is null")),
        Index("consents_over", text("least(withdrawn_at, expired_at)")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    recorded_by: str
    person_id: UUID | None = Field(default=None, index=True)
    purposes: list[str] = Field(sa_type=Json)
    recipients: list[str] = Field(sa_type=Json)
    categories: list[str] = Field(sa_type=Json)
    granted_by: str | None = None
    form: str | None = None
    document_sha256: str | None = None
    explained_in: str | None = None
    given_at: datetime = Field(sa_type=Moment)
    valid_until: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)  # or found void
    expired_at: datetime | None = Field(default=None, sa_type=Moment)  # when its run-out was acted on
    end: str | None = None  # withdrawn, expired, void


TABLES = (ConsentRow,)
