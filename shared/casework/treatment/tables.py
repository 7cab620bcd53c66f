"""Paths of compulsory treatment, and the steps that were taken on them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class PathRow(SQLModel, table=True):
    """A path, by the id that both sides know it by. `sealed`: who it is about, as was told, and the court's decision.

    `state` and `search` follow from the steps; `state` is null while its beginning has not arrived.
    """

    __tablename__ = "treatment_paths"
    __table_args__ = (
        Index("treatment_paths_over", "closed_at"),
        Index("treatment_paths_page", "organisation_id", "opened_at", "id"),
        Index("treatment_paths_running", "last_day", postgresql_where=text("closed_at is null")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    counterpart_id: str
    person_id: UUID | None = Field(default=None, index=True)  # our own record
    state: str | None = None
    search: str | None = None
    version: int = 0
    began_on: date  # whose rows count
    decide_by: date | None = None
    last_day: date | None = None
    ended_on: date | None = None  # treatment, really
    stay_id: UUID | None = None  # the bed, at health
    sealed: bytes | None = None
    opened_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)


class StepRow(SQLModel, table=True):
    """A step: what, by which agency, on which day. `details`: codes and days. `kept_back_by`: who was not told."""

    __tablename__ = "treatment_steps"
    organisation_id: str = Field(primary_key=True)
    path_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    by: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    on: date | None = None
    details: dict[str, Any] = Field(default={}, sa_type=Json)
    kept_back_by: str | None = None
    at: datetime = Field(sa_type=Moment)


TABLES = (PathRow, StepRow)
