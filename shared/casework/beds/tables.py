"""The bed board."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class BoardRow(SQLModel, table=True):
    """What an organisation last announced about one unit."""

    __tablename__ = "bed_board"
    organisation_id: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    kind: str = Field(index=True)
    capacity: int
    free: int
    serves: list[str] | None = Field(default=None, sa_type=Json)  # null: what its organisation says
    counted_at: datetime = Field(sa_type=Moment)
    announced_at: datetime = Field(sa_type=Moment)


TABLES = (BoardRow,)
