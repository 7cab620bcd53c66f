"""People of one organisation's cases."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class PersonRow(SQLModel, table=True):
    """A person in a case. All but the role may be unknown: some people have no documents (report, 2.2, no. 33)."""

    __tablename__ = "persons"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    revision: int = 1
    role: str
    family_name: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    birth_date: date | None = None
    sex: str | None = None
    iin: str | None = None
    phone: str | None = None
    address: str | None = None
    languages: list[str] = Field(sa_type=Json)
    anonymous: bool = False  # named nowhere, by the person's own wish (F8)
    handling: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)  # labels of what came from elsewhere
    incapacitated: bool = False
    representative_is_alleged_offender: bool = False
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


TABLES = (PersonRow,)
