"""The keyring: tables in a schema of their own, so that a backup of the cases can be made without it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment

KEYRING = "keyring"


class DataKey(SQLModel, table=True):
    """A subject's key, wrapped; once destroyed, only that there was one: the row stays, and none takes its place."""

    __tablename__ = "data_keys"
    __table_args__ = (UniqueConstraint("organisation_id", "subject_id"), {"schema": KEYRING})
    id: UUID = Field(primary_key=True)
    organisation_id: str
    subject_id: UUID
    wrapped_by: str | None = None
    wrapped: bytes | None = None
    created_at: datetime = Field(sa_type=Moment)
    destroyed_at: datetime | None = Field(default=None, sa_type=Moment)


TABLES = (DataKey,)
