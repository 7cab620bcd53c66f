"""Who is signed in at the desk."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class DeskSession(SQLModel, table=True):
    """One sign-in. The browser holds its key; here lies only the key's fingerprint (SHA-256, hex)."""

    __tablename__ = "desk_sessions"
    id: str = Field(primary_key=True)
    organisation_id: str
    sealed: bytes | None = None  # what the provider said of them
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(index=True, sa_type=Moment)


TABLES = (DeskSession,)
