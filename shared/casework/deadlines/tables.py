"""Deadlines and their reminders."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class DeadlineRow(SQLModel, table=True):
    """Something must be done by `due_at`. The calendar that made it is kept, so that a later one does not move it."""

    __tablename__ = "deadlines"
    __table_args__ = (Index("deadlines_open", "due_at", postgresql_where=text("met_at is null")),)
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    kind: str
    concerning: UUID = Field(index=True)
    due_on: date
    remind_at: datetime | None = Field(default=None, sa_type=Moment)  # none: only the alarm, once it is late
    due_at: datetime = Field(sa_type=Moment)
    calendar_version: str
    created_at: datetime = Field(sa_type=Moment)
    met_at: datetime | None = Field(default=None, sa_type=Moment)


class ReminderRow(SQLModel, table=True):
    """A reminder that fired: at most one of each kind per deadline, whatever restarts in between."""

    __tablename__ = "reminders"
    __table_args__ = (Index("reminders_newest", "organisation_id", "fired_at"),)
    deadline_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # due_soon, overdue
    organisation_id: str
    fired_at: datetime = Field(sa_type=Moment)


TABLES = (DeadlineRow, ReminderRow)
