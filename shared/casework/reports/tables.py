"""One side's copy of a report to the police."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class ReportRow(SQLModel, table=True):
    """A copy. `told` is what the duty opens, sealed: it stays. `sealed` is what a consent, or a declared danger to
    life, opened beyond that: it goes with it."""

    __tablename__ = "violence_reports"
    __table_args__ = (
        Index("violence_reports_page", "organisation_id", "created_at", "id"),
        Index("violence_reports_running", "basis_until", postgresql_where=text("basis_until is not null")),
        Index("violence_reports_to_register", "organisation_id", postgresql_where=text("registered_at is null")),
        Index("violence_reports_on_their_way", "id", postgresql_where=text("received_at is null")),
        Index("violence_reports_over", text("greatest(registered_at, refused_at)")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    side: str
    kind: str  # violence, admission
    counterpart_id: str
    person_id: UUID | None = Field(default=None, index=True)
    subject: str
    purpose: str
    basis: str
    consent_id: UUID | None = Field(default=None, index=True)
    proof: dict[str, Any] | None = Field(default=None, sa_type=Json)  # receipt, emergency, anonymous
    basis_until: datetime | None = Field(default=None, sa_type=Moment)  # of an emergency, while it runs
    told: bytes | None = None
    sealed: bytes | None = None
    created_at: datetime = Field(sa_type=Moment)
    received_at: datetime | None = Field(default=None, sa_type=Moment)
    refused_at: datetime | None = Field(default=None, sa_type=Moment)  # at its sender: the receiver did not take it
    refused_by: str | None = None  # the rule
    registered_at: datetime | None = Field(default=None, sa_type=Moment)
    erased_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (ReportRow,)
