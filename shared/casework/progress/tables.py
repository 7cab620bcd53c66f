"""What the receiver of a referral told us of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class ProgressRow(SQLModel, table=True):
    """The newest that was told of one plan or one session. `sealed` is what it says, and a court's decision that it
    rests on: erased when its basis ends, or the referral is withdrawn."""

    __tablename__ = "progress"
    __table_args__ = (Index("progress_running", "basis_until", postgresql_where=text("erased_at is null")),)
    id: UUID = Field(primary_key=True)  # of the plan, or of the attendance
    organisation_id: str = Field(primary_key=True)
    kind: str  # plan, attendance
    referral_id: UUID = Field(index=True)
    counterpart_id: str
    purpose: str
    subject: str
    basis: str
    consent_id: UUID | None = Field(default=None, index=True)
    proof: dict[str, Any] | None = Field(default=None, sa_type=Json)  # receipt, anonymous
    basis_until: datetime | None = Field(default=None, sa_type=Moment)  # of a court's decision
    revision: int
    sealed: bytes | None = None
    at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    erased_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (ProgressRow,)
