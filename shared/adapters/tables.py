"""What the exchange itself stores: outbox, disclosures, inbox, quarantine, idempotency keys, trust lists taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, select

from shared.adapters.database import Json, Moment


class OutboxRow(SQLModel, table=True):
    """A directed event until its receiver has said that it is committed there. `next_attempt_at` is null once done."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_due", "next_attempt_at", postgresql_where=text("next_attempt_at is not null")),
        Index("outbox_settled", "done_at", postgresql_where=text("done_at is not null")),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    recipient_id: str
    recipient_node: str
    event_type: str
    concerning: str = Field(index=True)
    consent_id: UUID | None = Field(default=None, index=True)
    sealed: bytes | None = None  # the envelope, until it is done
    created_at: datetime = Field(sa_type=Moment)
    state: str = "waiting"  # waiting, sent, received, refused, withheld
    rule: str | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)


class OutboxDone(SQLModel, table=True):
    """What became of a directed event: moved here from the outbox some time after it was done, so that one stays small.

    It holds no content. The accounting of what left reads it for ever.
    """

    __tablename__ = "outbox_done"
    id: UUID = Field(primary_key=True)
    organisation_id: str
    recipient_id: str
    recipient_node: str
    event_type: str
    concerning: str = Field(index=True)
    consent_id: UUID | None = Field(default=None, index=True)
    created_at: datetime = Field(sa_type=Moment)
    state: str
    rule: str | None = None
    attempts: int
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    done_at: datetime = Field(sa_type=Moment)


# The columns that a row keeps when it moves.
OUTBOX_KEPT = tuple(OutboxDone.model_fields)
_open = select(*(getattr(OutboxRow, name) for name in OUTBOX_KEPT))
# Each directed event, done or not, wherever its row lies: to be read, never written.
Outbound: type[OutboxDone] = aliased(
    OutboxDone, union_all(_open, select(*(getattr(OutboxDone, name) for name in OUTBOX_KEPT))).subquery("outbound")
)


class Disclosure(SQLModel, table=True):
    """What left, to whom, on which basis, what was withheld and by which rule. One row per directed event."""

    __tablename__ = "disclosures"
    __table_args__ = (
        Index("disclosures_page", "organisation_id", "at", "id"),
        Index("disclosures_of_person", "person_id", "at", "id"),
        Index("disclosures_of_case", "concerning"),
    )
    id: UUID = Field(primary_key=True)
    organisation_id: str
    person_id: UUID | None = None
    recipient_id: str
    recipient_agency: str
    event_type: str
    concerning: str
    subject: str
    basis: str
    purpose: str | None = None
    consent_id: UUID | None = None
    categories: list[str] = Field(sa_type=Json)
    fields: list[str] = Field(sa_type=Json)
    withheld: dict[str, str] = Field(sa_type=Json)
    rules: list[str] = Field(sa_type=Json)
    at: datetime = Field(sa_type=Moment)


class InboxRow(SQLModel, table=True):
    """An event that came: the key makes its effect happen once, `receipt_due` makes its sender learn of it."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("inbox_receipts", "sender_node", postgresql_where=text("receipt_due")),
        Index("inbox_old", "kept_from", postgresql_where=text("not receipt_due")),
    )
    event_id: UUID = Field(primary_key=True)
    sender_node: str = Field(primary_key=True)
    event_type: str
    recipient_id: str
    received_at: datetime = Field(sa_type=Moment)
    # When it came, or what it gives as its time if that is later: see `retention`.
    kept_from: datetime = Field(sa_type=Moment, sa_column_kwargs={"server_default": text("now()")})
    state: str = "applied"  # applied, refused
    rule: str | None = None
    receipt_due: bool = True


class Quarantined(SQLModel, table=True):
    """A message that could not be opened, verified, understood or applied, exactly as it came, until it is done with.

    `sealed` by us, since whoever sent it may have sealed nothing: its subject, and its bytes as Latin-1. The same
    message that comes again is counted: `mark` is a fingerprint of what stays the same when it is sent again.
    """

    __tablename__ = "quarantine"
    id: UUID = Field(primary_key=True)
    received_at: datetime = Field(sa_type=Moment)
    source_subject: str
    reason: str
    sealed: bytes | None = None
    mark: bytes = Field(unique=True)
    state: str = "kept"  # kept, taken, refused, dropped
    times: int = 1
    last_at: datetime = Field(index=True, sa_type=Moment)
    replays: int = 0


class IdempotencyKey(SQLModel, table=True):
    """The answer that was given for a key, so that the same call again gets the same answer and does nothing.

    Key and call are kept as fingerprints: they may hold what the caller knows of a person.
    """

    __tablename__ = "idempotency_keys"
    organisation_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    concerning: str | None = Field(default=None, index=True)
    request_hash: str
    status: int | None = None
    headers: dict[str, str] | None = Field(default=None, sa_type=Json)
    sealed: bytes | None = None
    created_at: datetime = Field(index=True, sa_type=Moment)


class TrustListTaken(SQLModel, table=True):
    """A trust list that this node took, and when first."""

    __tablename__ = "trust_lists"
    serial: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    taken_at: datetime = Field(sa_type=Moment)


TABLES = (OutboxRow, OutboxDone, Disclosure, InboxRow, Quarantined, IdempotencyKey, TrustListTaken)
