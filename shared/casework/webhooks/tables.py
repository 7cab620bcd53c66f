"""Who is called, how far, and how each call went. No event waits here: what is to be told lies in `changes`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class WebhookRow(SQLModel, table=True):
    """A subscription. `sealed`: its address and secret. `position`: the last change that was told or passed over."""

    __tablename__ = "webhooks"
    __table_args__ = (Index("webhooks_page", "organisation_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organisation_id: str
    sealed: bytes | None
    types: list[str] = Field(sa_type=Json)  # none: all
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    attempts: int = 0  # failed ones in a row
    not_before: datetime = Field(sa_type=Moment)
    failing_since: datetime | None = Field(default=None, sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class WebhookDeliveryRow(SQLModel, table=True):
    """One call. `failure`: what kind it was; null where its receiver took it."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("webhook_deliveries_page", "webhook_id", "at", "id"),)
    id: UUID = Field(primary_key=True)
    organisation_id: str
    webhook_id: UUID
    event_id: UUID
    type: str
    attempt: int
    at: datetime = Field(sa_type=Moment, index=True)
    ms: int
    failure: str | None


TABLES = (WebhookRow, WebhookDeliveryRow)
