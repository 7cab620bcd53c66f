"""Plans as social services keep them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class PlanRow(SQLModel, table=True):
    """A plan of services for one referral or person."""

    __tablename__ = "service_plans"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    referral_id: UUID | None = None
    person_id: UUID | None = None
    services: list[dict[str, Any]] = Field(sa_type=Json)
    revision: int = 1
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


TABLES = (PlanRow,)
