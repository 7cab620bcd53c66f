"""Entries of registers, and which of them another organisation has, too."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class RegisterEntryRow(SQLModel, table=True):
    """Somebody is in a register, or was. `sealed`: why, under their own key; a reason may be a diagnosis."""

    __tablename__ = "register_entries"
    __table_args__ = (
        Index("register_entries_over", "removed_at"),
        Index("register_entries_page", "organisation_id", "created_at", "id"),
        Index(
            "register_entries_standing",
            "organisation_id",
            "kind",
            "person_id",
            unique=True,
            postgresql_where=text("removed_at is null"),
        ),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    kind: str
    person_id: UUID = Field(index=True)
    since: date
    sealed: bytes | None = None
    review_on: date | None = None
    reviewed_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    removed_at: datetime | None = Field(default=None, sa_type=Moment)
    removed_because: str | None = None


class RegisterMatchRow(SQLModel, table=True):
    """A comparison told that the other organisation has this entry's person in its own register, too."""

    __tablename__ = "register_matches"
    organisation_id: str = Field(primary_key=True)
    entry_id: UUID = Field(primary_key=True)
    comparison_id: UUID = Field(primary_key=True)
    counterpart_id: str
    their_kind: str
    at: datetime = Field(sa_type=Moment)


TABLES = (RegisterEntryRow, RegisterMatchRow)
