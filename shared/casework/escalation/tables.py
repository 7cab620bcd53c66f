"""The steps that are taken about unanswered referrals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class StepRow(SQLModel, table=True):
    """A step: at its sender planned when the referral was sent, and taken once; at its receiver as it came."""

    __tablename__ = "escalation_steps"
    __table_args__ = (
        Index("escalation_steps_due", "due_at", postgresql_where=text("done_at is null and moot_at is null")),
    )
    organisation_id: str = Field(primary_key=True)
    referral_id: UUID = Field(primary_key=True)
    step: str = Field(primary_key=True)  # reminder, chief, back
    side: str
    row: str  # the row of the policy that planned it
    calendar_version: str
    due_at: datetime = Field(sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    moot_at: datetime | None = Field(default=None, sa_type=Moment)  # it was answered, or taken back, before
    told: bool | None = None  # of a reminder: whether it left; it does not if the request itself never arrived
    next_organisation: str | None = None  # of the last step: the next suitable place, if there is any


TABLES = (StepRow,)
