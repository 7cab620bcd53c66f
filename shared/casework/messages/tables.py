"""Messages of a conversation about a referral."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class MessageRow(SQLModel, table=True):
    """One message at one side. It may be here before its referral is; the body (`sealed`) goes with the referral."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_page", "organisation_id", "referral_id", "at", "id"),
        Index("messages_unread", "organisation_id", postgresql_where=text("read_at is null")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    referral_id: UUID
    author_id: str
    sealed: bytes | None = None
    at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    event_id: UUID | None = None  # our own message's event: its receipt is the delivery mark


TABLES = (MessageRow,)
