"""Preventive conversations: those that were held here, and that others told they have held."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class ConversationRow(SQLModel, table=True):
    """One of ours, or (with `counterpart_id`) one that we were told of. `recipients`: whom we told of it.

    `sealed`: what was said, who was present, how long it took, under the key of whom it was held with: no event has a
    field for it.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index("conversations_page", "organisation_id", "created_at", "id"),
        Index("conversations_over", "created_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    counterpart_id: str | None = None
    person_id: UUID | None = Field(default=None, index=True)
    referral_id: UUID | None = Field(default=None, index=True)
    subject: str
    held_on: date
    place: str | None = None
    sealed: bytes | None = None
    recipients: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)
    created_at: datetime = Field(sa_type=Moment)


TABLES = (ConversationRow,)
