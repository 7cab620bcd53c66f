"""Declared dangers to life."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class EmergencyRow(SQLModel, table=True):
    """Who declared that a life is in danger, for how long, and the review. `sealed`: why, and the review's note."""

    __tablename__ = "emergencies"
    __table_args__ = (
        Index("emergencies_page", "organisation_id", "declared_at", "id"),
        Index(
            "emergencies_to_review",
            "organisation_id",
            "declared_at",
            "id",
            postgresql_where=text("reviewed_at is null"),
        ),
        Index(
            "emergencies_over", text("greatest(until, reviewed_at)"), postgresql_where=text("reviewed_at is not null")
        ),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    person_id: UUID = Field(index=True)
    declared_by: str
    sealed: bytes | None = None
    declared_at: datetime = Field(sa_type=Moment)
    until: datetime = Field(sa_type=Moment)
    reviewed_by: str | None = None
    reviewed_at: datetime | None = Field(default=None, sa_type=Moment)
    justified: bool | None = None


TABLES = (EmergencyRow,)
