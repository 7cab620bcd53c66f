"""What an organisation was told of orders."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Moment


class ReceivedOrderRow(SQLModel, table=True):
    """An order as it was told here, by the id that it has here alone. `sealed` is what crossed, as it stands now."""

    __tablename__ = "received_orders"
    __table_args__ = (
        Index("received_orders_page", "organisation_id", "received_at", "id"),
        Index("received_orders_in_force", "last_day", postgresql_where=text("ended_at is null")),
        Index("received_orders_over", "ended_at"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    counterpart_id: str
    referral_id: UUID | None = Field(default=None, index=True)  # by which both know whom it protects
    subject: str
    purpose: str
    version: int
    last_day: date | None = None
    sealed: bytes | None = None
    received_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    end: str | None = None


class ReceivedBreachRow(SQLModel, table=True):
    """An order was broken. It may be here before the order is."""

    __tablename__ = "received_order_breaches"
    id: UUID = Field(primary_key=True)
    organisation_id: str = Field(primary_key=True)
    order_id: UUID = Field(index=True)
    counterpart_id: str
    breached_at: datetime | None = Field(default=None, sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)


TABLES = (ReceivedOrderRow, ReceivedBreachRow)
