"""Orders as the police keep them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class OrderRow(SQLModel, table=True):
    """An order that protects somebody. `sealed`: its number, the court's decision, what it asks of him."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("orders_page", "organisation_id", "created_at", "id"),
        Index("orders_in_force", "last_day", postgresql_where=text("ended_at is null")),
        Index("orders_protecting", "organisation_id", "protected_id"),
        Index("orders_over", "ended_at"),
        Index("orders_of_dependants", "dependants", postgresql_using="gin"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    kind: str
    protected_id: UUID
    dependants: list[str] = Field(default=[], sa_type=Json)  # ids of persons here
    alleged_offender_id: UUID = Field(index=True)
    incident_id: UUID | None = None
    from_day: date
    last_day: date
    sealed: bytes | None = None
    version: int = 1
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    end: str | None = None


class CopyRow(SQLModel, table=True):
    """Who was told of an order, by which id they know it, and why. `kept_back_by`: the rule that let nothing leave."""

    __tablename__ = "order_copies"
    __table_args__ = (UniqueConstraint("order_id", "recipient_id", "purpose"),)
    id: UUID = Field(primary_key=True)
    organisation_id: str
    order_id: UUID
    recipient_id: str
    purpose: str
    subject: str
    person_id: UUID
    referral_id: UUID | None = None
    kept_back_by: str | None = None
    told_at: datetime = Field(sa_type=Moment)


class BreachRow(SQLModel, table=True):
    """An order was broken. What happened is an incident."""

    __tablename__ = "order_breaches"
    id: UUID = Field(primary_key=True)
    organisation_id: str
    order_id: UUID = Field(index=True)
    incident_id: UUID | None = None
    breached_at: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)


TABLES = (OrderRow, CopyRow, BreachRow)
