"""People of one organisation's cases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment
from shared.adapters.vault_tables import KEYRING


class PersonRow(SQLModel, table=True):
    """A person in a case. What is known of them is `sealed` under their own key: see `details.Known`."""

    __tablename__ = "persons"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    revision: int = 1
    role: str
    sealed: bytes | None = None
    anonymous: bool = False  # named nowhere, by the person's own wish (F8)
    handling: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)  # labels of what came from elsewhere
    taken_from: UUID | None = Field(default=None, index=True)  # the referral that it was taken over from
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    erased_at: datetime | None = Field(default=None, sa_type=Moment)


class PersonIndexRow(SQLModel, table=True):
    """A fingerprint that finds a person. In the keyring: no backup of the cases may bring it back after an erasure."""

    __tablename__ = "person_indexes"
    __table_args__ = (Index("person_indexes_found", "organisation_id", "fingerprint"), {"schema": KEYRING})
    person_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    organisation_id: str
    fingerprint: bytes


TABLES = (PersonRow, PersonIndexRow)
