"""Plans as social services keep them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class PlanRow(SQLModel, table=True):
    """A plan for one referral or person. `services`: its goals, how far each is; `sealed`: the partners of each."""

    __tablename__ = "service_plans"
    __table_args__ = (Index("service_plans_over", "closed_at"),)
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    referral_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = Field(default=None, index=True)
    services: list[dict[str, Any]] = Field(sa_type=Json)
    sealed: bytes | None = None
    review_on: date | None = None
    reviewed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    revision: int = 1
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class PlanEntryRow(SQLModel, table=True):
    """What was done about a plan, and when. `sealed`: in words."""

    __tablename__ = "plan_entries"
    id: UUID = Field(primary_key=True)
    organisation_id: str
    plan_id: UUID = Field(index=True)
    step: str  # progressed, reviewed, closed
    kind: str | None = None
    progress: str | None = None
    sealed: bytes | None = None
    at: datetime = Field(sa_type=Moment)


TABLES = (PlanRow, PlanEntryRow)
