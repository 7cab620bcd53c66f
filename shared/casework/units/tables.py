"""An organisation's own places."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class UnitRow(SQLModel, table=True):
    """Places of one kind, as last counted. Stays that began or ended after the count correct it until the next one."""

    __tablename__ = "units"
    organisation_id: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    kind: str
    capacity: int
    occupied: int
    counted_at: datetime = Field(sa_type=Moment)
    revision: int = 1
    serves: list[str] | None = Field(default=None, sa_type=Json)  # null: what its organisation serves


class HoldRow(SQLModel, table=True):
    """A place kept for a referral. Whether it is still kept follows from the referral, the clock and the stays."""

    __tablename__ = "bed_holds"
    __table_args__ = (
        Index("bed_holds_of_unit", "organisation_id", "unit", "until"),
        Index("bed_holds_over", "until"),
    )
    referral_id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    unit: str
    held_at: datetime = Field(sa_type=Moment)
    until: datetime = Field(sa_type=Moment)


class StayRow(SQLModel, table=True):
    """Someone lives here, from when to when. Who it is stays in the person's record."""

    __tablename__ = "stays"
    __table_args__ = (
        Index("stays_of_unit", "organisation_id", "unit", "ended_at"),
        Index("stays_over", "ended_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    unit: str
    person_id: UUID | None = Field(default=None, index=True)
    referral_id: UUID | None = Field(default=None, index=True)
    started_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (UnitRow, HoldRow, StayRow)
