"""What was published, and nothing else: no counts that are not shown, no person."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class PublishedRow(SQLModel, table=True):
    """A table of one month as it was shown first, and is shown ever after. Null is a count that is not shown."""

    __tablename__ = "statistics_published"
    organisation_id: str = Field(primary_key=True)
    month: date = Field(primary_key=True)  # its first day, in Kazakhstan
    name: str = Field(primary_key=True)
    cells: dict[str, Any] = Field(sa_type=Json)  # codes joined by "|", and their count
    threshold: str  # the id of its row
    published_at: datetime = Field(sa_type=Moment)


TABLES = (PublishedRow,)
