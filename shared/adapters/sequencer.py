"""Chain the entries of the record, one after the other, so that nobody can change, remove or add one unnoticed.

Not in the transaction that adds an entry: that would make all commits of a service wait for each other. So there is a
window: an entry is chained a fraction of a second after its commit (a second at most while the service runs), and
witnessed with the next checkpoint (`checkpoint_every`, a minute by default). Whoever owns the database can still change
an entry in the window before it is chained, and rewrite the end of the chain that no other node has witnessed yet.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, delete, func, insert, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.audit_tables import AuditEntry, AuditLink, AuditWaiting
from shared.adapters.changes import ChangeRow, change_of
from shared.adapters.database import CHANGES_CHANNEL, WHOLE_NODE, Database, notify
from shared.adapters.waking import woken

BATCH = 500
GATHER_SECONDS = 0.05
GENESIS = bytes(32)
# Any number, the same in every process of a service: one of them chains at a time.
_LOCK = 7_105_713
log = structlog.get_logger()


def entry_hash(entry: Mapping[str, Any]) -> bytes:
    """SHA-256 of an entry's canonical JSON (RFC 8785): the columns of `audit`, time in UTC with microseconds."""
    at: datetime = entry["at"]
    person_id = entry["person_id"]
    canonical = {
        "id": entry["id"],
        "organisation_id": entry["organisation_id"],
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry["actor"],
        "action": entry["action"],
        "concerning": entry["concerning"],
        "person_id": None if person_id is None else str(person_id),
        "details": entry["details"],
    }
    return hashlib.sha256(rfc8785.dumps(canonical)).digest()


def chain_hash(before: bytes, entry: bytes) -> bytes:
    """SHA-256 of the chain so far (32 zero bytes at the beginning) and an entry's hash."""
    return hashlib.sha256(before + entry).digest()


async def sequence(database: Database) -> None:
    """Chain whenever something was recorded here, and look once a second as a safety net. Never ends by itself."""
    while True:
        database.recorded.clear()
        try:
            while await link_waiting(database) == BATCH:
                pass
        except (OSError, SQLAlchemyError) as error:
            log.warning("sequencer.waits", error=type(error).__name__)
        if await woken(database.recorded):
            await asyncio.sleep(GATHER_SECONDS)


async def link_waiting(database: Database) -> int:
    """Chain one batch of entries, oldest first; how many there were. None if another process is at it."""
    async with database.transaction(organisation=WHOLE_NODE) as session:
        if not (await session.exec(select(func.pg_try_advisory_xact_lock(_LOCK)))).one():
            return 0
        oldest = select(AuditWaiting.entry_id).order_by(col(AuditWaiting.entry_id)).limit(BATCH)
        # An array, and not the query itself: PostgreSQL would compare its rows with all that wait.
        chosen = col(AuditWaiting.entry_id) == func.any(func.array(oldest.scalar_subquery()))
        waiting = delete(AuditWaiting).where(chosen).returning(col(AuditWaiting.entry_id))
        ids = (await session.exec(waiting)).scalars().all()
        if ids:
            await _link(session, ids)
        return len(ids)


async def _link(session: AsyncSession, ids: Any) -> None:
    chosen = select(AuditEntry).where(col(AuditEntry.id).in_(ids)).order_by(col(AuditEntry.id))
    last = (await session.exec(select(AuditLink).order_by(col(AuditLink.position).desc()).limit(1))).first()
    position, chain = (0, GENESIS) if last is None else (last.position, last.chain_hash)
    links, changes = [], []
    for entry in (await session.exec(chosen)).all():
        hashed = entry_hash(entry.model_dump())
        position, chain = position + 1, chain_hash(chain, hashed)
        links.append({"position": position, "entry_id": entry.id, "entry_hash": hashed, "chain_hash": chain})
        changes.append(change_of(entry, position=position, chain=chain))
    await session.exec(insert(AuditLink), params=links)
    await _tell(session, [change.model_dump() for change in changes if change is not None])


async def _tell(session: AsyncSession, changes: list[dict[str, Any]]) -> None:
    if changes:
        await session.exec(insert(ChangeRow), params=changes)
        notify(session, CHANGES_CHANNEL)
