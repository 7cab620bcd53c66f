"""Programmes, their sessions, who is enrolled, and who came."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class ProgrammeRow(SQLModel, table=True):
    """What an organisation offers again and again: for one purpose of referrals. It says nothing of anybody."""

    __tablename__ = "programmes"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    name: str
    purpose: str
    created_at: datetime = Field(sa_type=Moment)


class SessionRow(SQLModel, table=True):
    """A session of a programme, planned."""

    __tablename__ = "programme_sessions"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    programme_id: UUID = Field(index=True)
    starts_at: datetime = Field(sa_type=Moment)
    minutes: int
    created_at: datetime = Field(sa_type=Moment)


class EnrolmentRow(SQLModel, table=True):
    """Someone who was referred takes part. `basis` is on what their attendance is told to who referred them, if it is;
    `court`, sealed, is the court's decision that orders it."""

    __tablename__ = "enrolments"
    __table_args__ = (Index("enrolments_over", "ended_at"),)
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    programme_id: UUID = Field(index=True)
    referral_id: UUID = Field(index=True)
    person_id: UUID | None = Field(default=None, index=True)
    basis: str | None = None
    consent_id: UUID | None = None
    court: bytes | None = None
    state: str = "enrolled"  # enrolled, completed, left, withdrawn
    enrolled_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class AttendanceRow(SQLModel, table=True):
    """Whether somebody came to a session: `sealed`. A correction is a higher revision."""

    __tablename__ = "attendances"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    enrolment_id: UUID = Field(index=True)
    session_id: UUID = Field(index=True)
    revision: int = 1
    sealed: bytes | None = None
    recorded_at: datetime = Field(sa_type=Moment)


TABLES = (ProgrammeRow, SessionRow, EnrolmentRow, AttendanceRow)
