"""One organisation's copy of a joint assessment; at who proposed it also who is invited, and who has signed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class AssessmentRow(SQLModel, table=True):
    """A copy, under the id that all have. `sealed`: where the officer is met, and by which number; `outcome`: what it
    came to, and whose it is. Both, and what was signed, have one key, which goes when the assessment ends."""

    __tablename__ = "assessments"
    __table_args__ = (
        Index("assessments_page", "organisation_id", "created_at", "id"),
        Index("assessments_over", text("greatest(concluded_at, ended_at)")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    side: str  # sender: it was proposed here
    counterpart_id: str | None = None  # who proposed it, where that was not here
    seat: str | None = None  # ours; null until a proposal says which
    person_id: UUID | None = Field(default=None, index=True)
    referral_id: UUID | None = Field(default=None, index=True)
    basis: str
    consent_id: UUID | None = Field(default=None, index=True)
    proof: dict[str, Any] | None = Field(default=None, sa_type=Json)  # receipt, anonymous
    round: int
    meets_at: datetime | None = Field(default=None, sa_type=Moment)
    place: str | None = None
    answer_by: date | None = None
    answer: str | None = None  # ours, to this round
    agreed_at: datetime | None = Field(default=None, sa_type=Moment)
    sealed: bytes | None = None
    outcome: bytes | None = None
    concluded_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    end: str | None = None
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class InvitationRow(SQLModel, table=True):
    """Who is invited to which seat, and what they said to the round of now. `sealed`: their number."""

    __tablename__ = "assessment_invitations"
    assessment_id: UUID = Field(primary_key=True)
    invited_id: str = Field(primary_key=True)
    organisation_id: str
    seat: str
    referral_id: UUID | None = None
    answer: str | None = None
    suggests: datetime | None = Field(default=None, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    sealed: bytes | None = None


class SignatureRow(SQLModel, table=True):
    """Who has signed a round. `sealed`: what."""

    __tablename__ = "assessment_signatures"
    assessment_id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    round: int = Field(primary_key=True)
    seat: str = Field(primary_key=True)
    signer_id: str
    signed_at: datetime = Field(sa_type=Moment)
    sealed: bytes | None = None


TABLES = (AssessmentRow, InvitationRow, SignatureRow)
