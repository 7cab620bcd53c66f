"""What only health keeps."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class ExaminationRow(SQLModel, table=True):
    """An examination. Never leaves: no event has a field for it. `sealed`: what was examined, and what was found."""

    __tablename__ = "examinations"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    referral_id: UUID | None = None
    person_id: UUID | None = None
    sealed: bytes | None = None
    examined_at: datetime = Field(sa_type=Moment)


class ExaminationCountRow(SQLModel, table=True):
    """How many examinations of a kind were recorded in a month, so that none of them has to say what it was of."""

    __tablename__ = "examination_counts"
    organisation_id: str = Field(primary_key=True)
    month: datetime = Field(primary_key=True, sa_type=Moment)  # its first moment in Asia/Almaty
    kind: str = Field(primary_key=True)
    count: int


TABLES = (ExaminationRow, ExaminationCountRow)
