"""The bed board."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class BoardRow(SQLModel, table=True):
    """What an organisation last announced about one unit."""

    __tablename__ = "bed_board"
    organisation_id: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    kind: str = Field(index=True)
    capacity: int
    free: int
    counted_at: datetime = Field(sa_type=Moment)
    announced_at: datetime = Field(sa_type=Moment)


TABLES = (BoardRow,)
