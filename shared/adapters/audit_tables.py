"""The record of what happened: entries, what chains them, and what other nodes have signed of theirs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment


class AuditEntry(SQLModel, table=True):
    """One thing that happened. Ids, rules, categories and counts; never what was said of anybody.

    `organisation_id` is the node's name where it happened to no organisation. `concerning` is opaque.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_of_person", "person_id", postgresql_where=text("person_id is not null")),
        Index("audit_of_object", "concerning", postgresql_where=text("concerning is not null")),
    )
    id: int = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    organisation_id: str
    at: datetime = Field(sa_type=Moment)
    actor: str
    action: str
    concerning: str | None = None
    person_id: UUID | None = None
    details: dict[str, Any] = Field(sa_type=Json)


class AuditWaiting(SQLModel, table=True):
    """An entry that is not chained yet. The only part of the record that the service may delete from."""

    __tablename__ = "audit_waiting"
    entry_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    organisation_id: str


class AuditLink(SQLModel, table=True):
    """Position n of the chain: `chain_hash` is SHA-256 of the one before and `entry_hash` (RFC 8785, SHA-256)."""

    __tablename__ = "audit_links"
    position: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    entry_id: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    entry_hash: bytes
    chain_hash: bytes


class Witnessed(SQLModel, table=True):
    """What another node has signed of its own chain. Two rows of one position are the proof that it was rewritten."""

    __tablename__ = "witnessed"
    node: str = Field(primary_key=True)
    position: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    chain_hash: str = Field(primary_key=True)
    organisation_id: str  # in whose name the node announced it
    at: datetime = Field(sa_type=Moment)
    token: str


TABLES = (AuditEntry, AuditWaiting, AuditLink, Witnessed)
