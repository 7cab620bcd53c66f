"""What others published, as it came. Nothing else is kept: no count that is not shown, no person."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class CollectedRow(SQLModel, table=True):
    """A table of a month as an organisation published it. `organisation_id`: who collects it."""

    __tablename__ = "statistics_collected"
    organisation_id: str = Field(primary_key=True)
    month: date = Field(primary_key=True)  # its first day
    reporter_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=Json)  # what is distinguished, and the cells
    published_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)


TABLES = (CollectedRow,)
