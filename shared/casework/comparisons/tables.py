"""Comparisons of registers, and by which day a register is to be compared."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class ComparisonRow(SQLModel, table=True):
    """A comparison as one side sees it; `side`: `sender` opened it. `kind` is its own register.

    `sealed`: what the next step needs: the secret, which entry stands where, what came. Destroyed when it is over.
    """

    __tablename__ = "comparisons"
    __table_args__ = (
        Index("comparisons_page", "organisation_id", "opened_at", "id"),
        Index("comparisons_open", "opened_at", postgresql_where=text("ended_at is null")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    side: str
    counterpart_id: str
    kind: str
    their_kind: str
    state: str
    end: str | None = None
    entries: int | None = None  # how many of ours took part: told to nobody
    size: int | None = None  # the class of our set
    their_size: int | None = None
    sealed: bytes | None = None
    opened_at: datetime = Field(sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ReconciliationRow(SQLModel, table=True):
    """A register is compared with another by this day; the deadline of it concerns `id`."""

    __tablename__ = "reconciliations"
    organisation_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    due_on: date = Field(primary_key=True)
    id: UUID


TABLES = (ComparisonRow, ReconciliationRow)
