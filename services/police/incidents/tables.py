"""Incidents as the police keep them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment
from shared.contract.statistics import AgeGroup


class IncidentRow(SQLModel, table=True):
    """A call that was answered."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("incidents_page", "organisation_id", "created_at", "id"),
        Index("incidents_over", "outcome_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    victim_id: UUID | None = Field(default=None, index=True)
    alleged_offender_id: UUID | None = Field(default=None, index=True)
    occurred_at: datetime = Field(sa_type=Moment)
    kinds: list[str] = Field(sa_type=Json)
    relation: str
    at_home: bool
    children_present: bool
    inebriated: bool
    weapon: bool
    place: str | None = None  # of those recorded before there were such codes it is not known
    injury: str | None = None
    # As the victim's record said then: what is counted later needs no person's record.
    victim_age_group: str = AgeGroup.UNKNOWN
    victim_sex: str = "unknown"
    measures: list[dict[str, str]] = Field(default=[], sa_type=Json)  # code, and when it was recorded: at
    articles: list[dict[str, str]] = Field(default=[], sa_type=Json)  # the same, of the codes in `law`
    outcome: str | None = None
    outcome_at: datetime | None = Field(default=None, sa_type=Moment)
    revision: int = 1
    created_at: datetime = Field(sa_type=Moment)


TABLES = (IncidentRow,)
