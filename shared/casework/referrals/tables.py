"""One side's copy of a referral, and the moves of both sides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class ReferralRow(SQLModel, table=True):
    """A copy. `sealed` is what crossed, after redaction; when the person withdraws, only what retention keeps."""

    __tablename__ = "referrals"
    __table_args__ = (
        Index("referrals_page", "organisation_id", "side", "created_at", "id"),
        Index("referrals_page_of_state", "organisation_id", "side", "state", "created_at", "id"),
        Index(
            "referrals_on_emergency",
            "proof",
            postgresql_using="gin",
            postgresql_ops={"proof": "jsonb_path_ops"},
            postgresql_where=text("erased_at is null"),
        ),
        Index("referrals_held", "organisation_id", "held_until", postgresql_where=text("held_until is not null")),
        Index("referrals_running", "basis_until", postgresql_where=text("erased_at is null")),
        Index("referrals_over", "updated_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    side: str
    counterpart_id: str
    person_id: UUID | None = Field(default=None, index=True)
    replaces: UUID | None = None
    purpose: str
    subject: str
    basis: str
    consent_id: UUID | None = Field(default=None, index=True)
    proof: dict[str, Any] | None = Field(default=None, sa_type=Json)  # receipt, emergency, anonymous
    handling: dict[str, Any] | None = Field(default=None, sa_type=Json)  # the label that what we received carries
    wish: bytes | None = None  # at its sender: where the person was, and which places to avoid, sealed
    court: bytes | None = None  # the court's decision that it rests on, sealed
    basis_until: datetime | None = Field(default=None, sa_type=Moment)  # of an emergency or a court's decision
    sealed: bytes | None = None
    state: str = "requested"
    version: int = 0
    revision: int = 1
    suggested: str | None = None
    hold: str | None = None
    hold_state: str | None = None  # asked, held, refused
    held_until: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    erased_at: datetime | None = Field(default=None, sa_type=Moment)


class MoveRow(SQLModel, table=True):
    """A move of either side. It may be here before its referral is. `sealed` is its free text."""

    __tablename__ = "referral_moves"
    organisation_id: str = Field(primary_key=True)
    referral_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    side: str = Field(primary_key=True)
    author_id: str = Field(primary_key=True)
    action: str
    reason: str | None = None
    sealed: bytes | None = None
    suggested: str | None = None
    at: datetime = Field(sa_type=Moment)


TABLES = (ReferralRow, MoveRow)
