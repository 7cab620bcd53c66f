"""The bed board."""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel

from shared.adapters.database import Json, Moment


class BoardRow(SQLModel, table=True):
    """What an organisation last announced about one unit.

    `place`: the known place that its organisation lies in, so that the nearest are found by an index; empty where the
    directory does not know the organisation yet, or the place is nowhere.
    """

    __tablename__ = "bed_board"
    __table_args__ = (
        Index("bed_board_of_kind", "kind", "organisation_id", "unit"),
        Index("bed_board_at", "place", "organisation_id", "unit"),
        Index("bed_board_at_of_kind", "place", "kind", "organisation_id", "unit"),
    )
    organisation_id: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    kind: str
    capacity: int
    free: int
    serves: list[str] | None = Field(default=None, sa_type=Json)  # null: what its organisation says
    counted_at: datetime = Field(sa_type=Moment)
    announced_at: datetime = Field(sa_type=Moment)
    place: str = Field(default="", sa_column_kwargs={"server_default": ""})


TABLES = (BoardRow,)
