"""Recompute the chain of the record, and compare it with what other nodes have witnessed of it.

Reads one row after the other, in one snapshot, and one checkpoint after the other, in the chain's order: a record of
any length, witnessed however often, needs no more memory than a short one. Whoever
owns the database can rewrite all of it consistently: only what another node has witnessed shows that. The accounting of
disclosures is compared with the entries that tell of them: neither can lose a row without the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import rfc8785
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.adapters.audit import Action
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.seal import verify_at
from shared.adapters.sequencer import GENESIS, chain_hash, entry_hash
from shared.adapters.trust import Node
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.events import AuditCheckpointed, Envelope

Witnesses = Iterable[tuple[int, set[str]]]  # position, and the chain hashes that were witnessed of it
MOST_FAULTS = 1000
LONGEST_WAIT = timedelta(minutes=1)  # a sequencer that works chains an entry within a second or two
_CHAIN = text(
    "select l.position, l.entry_id, l.entry_hash, l.chain_hash, a.* "
    "from audit_links l left join audit a on a.id = l.entry_id order by l.position"
)
_IN_NO_LINK = text(
    "select a.id from audit a where not exists (select from audit_links l where l.entry_id = a.id) "
    "and not exists (select from audit_waiting w where w.entry_id = a.id) order by a.id"
)
_WAITING = text(
    "select count(*), min(w.entry_id) filter (where a.at < :since) "
    "from audit_waiting w left join audit a on a.id = w.entry_id"
)
_ACCOUNTING = text(
    "select a.id, d.id as told from (select * from audit where action = :disclosed) a "
    "full join disclosures d on d.id::text = a.details ->> 'event_id' "
    "where a.id is null or d.id is null or (d.organisation_id, d.recipient_id, d.event_type, d.basis) is distinct from "
    "(a.organisation_id, a.details ->> 'recipient', a.details ->> 'event_type', a.details ->> 'basis') "
    "or d.person_id is distinct from a.person_id or d.categories is distinct from a.details -> 'categories' "
    "order by a.id"
)
_BEGIN = text("select set_config('qorgau.organisation', :whole, true)")


class Kind(StrEnum):
    """What is wrong, in words for whoever reads the answer."""

    EDITED = "the entry was changed after it was chained"
    DELETED = "the entry was deleted; its link is still there"
    UNLINKED = "the entry is in no link: it was put in past the service, or its link was deleted"
    GAP = "the link is missing"
    BROKEN = "the link does not follow from the one before: it was changed, moved or put in"
    REWRITTEN = "another chain was witnessed: this one was rewritten, or the database restored from a copy"
    HELD_UP = "entries wait to be chained for over a minute: the sequencer stands still, or somebody holds its lock"
    UNRECORDED = "the accounting has a disclosure that no entry tells of: it was put in past the service"
    UNACCOUNTED = "the entry tells of a disclosure that the accounting has no more: it was deleted there"
    MISTOLD = "the accounting says something else of a disclosure than its entry: it was changed there"
    CUT_OFF = "a longer chain was witnessed: its end was cut off, or the database restored from a copy"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `position` is null for an entry outside the chain."""

    kind: Kind
    position: int | None = None
    entry_id: int | None = None


@dataclass
class Examined:
    """What was found: how many links, how many entries wait to be chained, the first thousand faults.

    `compared` checkpoints were compared with the chain; what is behind position `witnessed` nobody else can vouch for.
    """

    links: int = 0
    waiting: int = 0
    compared: int = 0
    witnessed: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def unwitnessed(self) -> bool:
        """There are entries, and nothing to compare them with: its owner could have rewritten them all."""
        return self.compared == 0 and self.links + self.waiting > 0

    def fault(self, kind: Kind, position: int | None = None, entry_id: int | None = None) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, position, entry_id))


class Kept(BaseModel):
    """A checkpoint as a witness hands it out; only what its node signed is believed."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    token: str


def signed(node: Node, lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Of the checkpoints in these JSON lines those that this node itself signed: (position, chain hash).

    One holds if its key was trusted when it was signed: the record is longer than the life of a key.
    Raises SealError for a line that is no checkpoint or whose signature does not hold: somebody changed the file.
    """
    for number, line in enumerate(lines, start=1):
        try:
            signer, payload = verify_at(node, Kept.model_validate_json(line).token.encode())
            said = Envelope.model_validate_json(payload).data.content
        except (ValidationError, ValueError, SealError, UntrustedSender) as error:
            raise SealError(f"line {number} is no signed checkpoint ({type(error).__name__})") from None
        if isinstance(said, AuditCheckpointed) and said.node == signer == node.name:
            yield said.position, said.chain_hash


async def examine(database: Database, *, witnessed: Witnesses, now: datetime) -> Examined:
    """Recompute everything. `witnessed`: the lowest position first, each once, with all that was said of it.

    Raises SQLAlchemyError or OSError where the database can't be read.
    """
    examined = Examined()
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        await connection.execute(_BEGIN, {"whole": WHOLE_NODE})
        await _walk(connection, witnessed, examined)
        async for (entry_id,) in await connection.stream(_IN_NO_LINK):
            examined.fault(Kind.UNLINKED, entry_id=entry_id)
        await _waiting(connection, examined, since=now - LONGEST_WAIT)
        await _accounting(connection, examined)
        await connection.rollback()
    return examined


async def _waiting(connection: AsyncConnection, examined: Examined, *, since: datetime) -> None:
    examined.waiting, held_up = (await connection.execute(_WAITING, {"since": since})).one()
    if held_up is not None:
        examined.fault(Kind.HELD_UP, entry_id=held_up)


async def _accounting(connection: AsyncConnection, examined: Examined) -> None:
    async for entry_id, told in await connection.stream(_ACCOUNTING, {"disclosed": Action.DISCLOSED}):
        if entry_id is None:
            examined.fault(Kind.UNRECORDED)
        else:
            examined.fault(Kind.UNACCOUNTED if told is None else Kind.MISTOLD, entry_id=entry_id)


async def _walk(connection: AsyncConnection, witnessed: Witnesses, examined: Examined) -> None:
    position, said = 0, _Said(witnessed)
    before: bytes | None = GENESIS
    async for row in await connection.stream(_CHAIN):
        link = dict(row._mapping)
        if link["position"] != position + 1:
            examined.fault(Kind.GAP, position + 1)
            before = None  # what it follows from is gone
        position = link["position"]
        check_link(link, before, examined)
        if hashes := said.of(position):
            examined.compared, examined.witnessed = examined.compared + 1, position
            if hashes != {link["chain_hash"].hex()}:
                examined.fault(Kind.REWRITTEN, position, link["entry_id"])
        before = link["chain_hash"]
        examined.links += 1
    for beyond in said.beyond(position):
        examined.compared += 1
        examined.fault(Kind.CUT_OFF, beyond)


class _Said:
    """What was witnessed, read as far as the walk has come."""

    def __init__(self, witnessed: Witnesses) -> None:
        self._rest = iter(witnessed)
        self._next = next(self._rest, None)

    def of(self, position: int) -> set[str]:
        """The hashes that were witnessed of a position, none below the last one that was asked for."""
        while self._next is not None and self._next[0] < position:
            self._next = next(self._rest, None)
        return self._next[1] if self._next is not None and self._next[0] == position else set()

    def beyond(self, position: int) -> Iterator[int]:
        """All positions behind the last one."""
        self.of(position + 1)
        while self._next is not None:
            yield self._next[0]
            self._next = next(self._rest, None)


def _hash(entry: Mapping[str, Any]) -> bytes | None:
    """None for what has no canonical JSON: the service never wrote that."""
    try:
        return entry_hash(entry)
    except rfc8785.CanonicalizationError:
        return None


def check_link(link: Mapping[str, Any], before: bytes | None, examined: Examined) -> None:
    """The entry is there and as it was chained; the link follows from the one before."""
    where = (link["position"], link["entry_id"])
    if link["id"] is None:
        examined.fault(Kind.DELETED, *where)
    elif _hash(link) != link["entry_hash"]:
        examined.fault(Kind.EDITED, *where)
    if before is not None and chain_hash(before, link["entry_hash"]) != link["chain_hash"]:
        examined.fault(Kind.BROKEN, *where)
