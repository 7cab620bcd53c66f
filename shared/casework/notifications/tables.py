"""Who was told of what. An id is kept for as long as its thing waits; no address, no words."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class ToldRow(SQLModel, table=True):
    """A target was told that this thing waits: it is not told again."""

    __tablename__ = "notified"
    organisation_id: str = Field(primary_key=True)
    target: str = Field(primary_key=True)  # the target's key, never its address
    kind: str = Field(primary_key=True)
    concerning: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


class TargetRow(SQLModel, table=True):
    """How it goes with a target: not told again before `not_before`; since when it can't be told."""

    __tablename__ = "notification_targets"
    organisation_id: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    attempts: int = 0  # failed ones in a row
    not_before: datetime = Field(sa_type=Moment)
    failing_since: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (ToldRow, TargetRow)
