"""How long the exchange keeps rows of its own, as a table; housekeeping deletes what has had its time.

What leaves the outbox is moved, not lost: the outbox holds what is under way, `outbox_done` what became of the rest.

A deleted inbox mark no longer tells that its event was here before. So what was written earlier than `LATE` ago and has
no mark is never new here: it is refused (`inbox`), however late, and by whatever way, a message comes again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.tables import OUTBOX_KEPT, IdempotencyKey, InboxRow, OutboxDone, OutboxRow, Quarantined
from shared.contract.events import Envelope
from shared.contract.policy import CLOSING

BATCH = 1000
# The broker keeps a message for a day. A sender sends again what it has no receipt for within ten minutes, and so does
# one that was restored: from a backup that is younger than this.
LATE = timedelta(days=90)
MARGIN = timedelta(days=1)  # clocks differ: a mark outlives the time in which it counts
TOO_LATE = "TOO-LATE"
NEVER = sa.false()
place: sa.ColumnElement[Any] = sa.literal_column("ctid")


@dataclass(frozen=True)
class Kept:
    """Rows of `table` are deleted once `since` is more than `age` ago, but not while `open_` holds."""

    table: type[SQLModel]
    since: Any
    age: timedelta
    why: str
    open_: Any = NEVER


KEPT = (
    Kept(
        IdempotencyKey,
        col(IdempotencyKey.created_at),
        timedelta(days=1),
        "who tries a call again does so within minutes; the answer tells of a case",
    ),
    Kept(
        InboxRow,
        col(InboxRow.kept_from),
        LATE + MARGIN,
        "the mark that an event was here; what is older than LATE is refused without it. Not while a receipt is due",
        col(InboxRow.receipt_due),
    ),
    Kept(
        Quarantined,
        col(Quarantined.last_at),
        LATE,
        "until an upgrade, a new key or a person settles it; what its sender still waits for comes again, and stays",
    ),
)
FOR_EVER: Mapping[str, str] = {
    "outbox": "what is not done; it is moved DONE_AFTER it was",
    "outbox_done": "that, when and whether a disclosure was received or refused: the accounting says so; no content",
    "disclosures": "the accounting itself, which the service's role can't delete",
    "audit": "the record, which the service's role can't delete",
    "audit_links": "its chain",
    "changes": "what happened, as ids and kinds: no more than the record, which is kept as long",
    "audit_waiting": "emptied by the sequencer within a second",
    "witnessed": "what other nodes signed: evidence that the service's role can't delete; a row per node and minute",
    "trust_lists": "a number for each list of the network's operator: the node takes none that is older",
    "data_keys": "one for each person and case; of one that was destroyed, only that it was",
}


def is_late(envelope: Envelope, *, now: datetime) -> bool:
    """Whether an event without a mark may have been here before. What closes a case is never too late.

    Closing has the same effect twice as once: `tests/adapters/test_retention.py`.
    """
    return envelope.data.content.type not in CLOSING and envelope.time < now - LATE


# Longer than it takes to upgrade a service whose workers before the upgrade look for what is done in the outbox.
DONE_AFTER = timedelta(days=1)


async def move_done(session: AsyncSession, *, now: datetime) -> int:
    """Move a batch of rows that have been done for a while out of the outbox; how many. Content has none of them."""
    done = select(place).select_from(OutboxRow).where(col(OutboxRow.done_at) < now - DONE_AFTER)
    these = _chosen(done.order_by(col(OutboxRow.done_at)))
    kept = [getattr(OutboxRow, name) for name in OUTBOX_KEPT]
    moved = delete(OutboxRow).where(place == these).returning(*kept).cte("moved")
    return (await session.exec(sa.insert(OutboxDone).from_select(OUTBOX_KEPT, sa.select(moved)))).rowcount


def _chosen(oldest: Any) -> Any:
    """A batch of rows by their places: by their keys PostgreSQL would read the whole table to find so many of them."""
    return sa.func.any(sa.func.array(oldest.limit(BATCH).with_for_update(skip_locked=True).scalar_subquery()))


async def delete_old(session: AsyncSession, *, now: datetime, kept: Sequence[Kept] = KEPT) -> int:
    """Delete a batch of each kind; how many rows of the kind that had most. Another worker's rows are left to it."""
    return max([await _delete(session, one, now=now) for one in kept])


async def _delete(session: AsyncSession, kept: Kept, *, now: datetime) -> int:
    old = select(place).select_from(kept.table).where(kept.since < now - kept.age, ~kept.open_).order_by(kept.since)
    return (await session.exec(delete(kept.table).where(place == _chosen(old)))).rowcount
