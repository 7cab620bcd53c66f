"""Walls, the files that they part, and who is on which side. Ids and times: of whom they are is in the files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class WallRow(SQLModel, table=True):
    """A wall between two files. Once a chief has ended it, the same two make no new one."""

    __tablename__ = "walls"
    __table_args__ = (Index("walls_page", "organisation_id", "made_at", "id"),)
    organisation_id: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    hers: UUID = Field(index=True)
    his: UUID = Field(index=True)
    made_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class WallFileRow(SQLModel, table=True):
    """A person's record, or a referral, on one side of a wall."""

    __tablename__ = "wall_files"
    organisation_id: str = Field(primary_key=True)
    wall_id: UUID = Field(primary_key=True)
    file_id: UUID = Field(primary_key=True, index=True)
    kind: str  # person, referral
    side: str  # victim, alleged_offender


class WallStaffRow(SQLModel, table=True):
    """Who is on which side: the subject of their token. Nobody assigned those who are there by what they worked on."""

    __tablename__ = "wall_staff"
    organisation_id: str = Field(primary_key=True)
    wall_id: UUID = Field(primary_key=True)
    staff: str = Field(primary_key=True)
    side: str
    assigned_by: str | None = None
    since: datetime = Field(sa_type=Moment)


TABLES = (WallRow, WallFileRow, WallStaffRow)
