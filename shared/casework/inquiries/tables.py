"""One side's copy of a question and of its answer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class InquiryRow(SQLModel, table=True):
    """A copy. `sealed` is what was asked, `answer` what was told, `court` the decision that both rest on: all three are
    erased with the basis. At who is asked, `person_id` is the record here that the answer was about."""

    __tablename__ = "inquiries"
    __table_args__ = (
        Index("inquiries_page", "organisation_id", "side", "created_at", "id"),
        Index("inquiries_over", text("greatest(settled_at, erased_at)")),
        Index("inquiries_running", "basis_until", postgresql_where=text("erased_at is null")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    side: str
    counterpart_id: str
    person_id: UUID | None = Field(default=None, index=True)
    kind: str
    subject: str
    basis: str
    consent_id: UUID | None = Field(default=None, index=True)
    proof: dict[str, Any] | None = Field(default=None, sa_type=Json)  # receipt, anonymous
    basis_until: datetime | None = Field(default=None, sa_type=Moment)  # of a court's decision
    court: bytes | None = None
    sealed: bytes | None = None
    answer: bytes | None = None
    state: str
    ground: str | None = None
    handed_to: str | None = None
    due_on: date | None = None  # none: it was taken back before it was here
    calendar_version: str | None = None
    created_at: datetime = Field(sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)  # answered, refused or taken back
    erased_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (InquiryRow,)
