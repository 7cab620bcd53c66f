"""Nodes are each other's witnesses: each signs how far its record is, and the others keep what it signed.

Who owns a database can make its chain consistent again after cutting or rewriting it. He can't take back what he let
the node sign before, since other services keep that, and their roles can't delete it either.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from shared.adapters.announcer import Announcement
from shared.adapters.audit_tables import AuditLink, Witnessed
from shared.adapters.inbox import Arrival
from shared.adapters.outbox import Work
from shared.adapters.telemetry import METRICS
from shared.contract.events import AuditCheckpointed, Event

# Replicas of one service look at clock and chain each for itself: a shorter chain this much later is none of theirs.
REPLICAS_DIFFER = timedelta(seconds=10)
log = structlog.get_logger()


class Checkpoints:
    """Collects for the announcer: a new checkpoint every so many seconds, if the chain grew."""

    def __init__(self, *, every: float) -> None:
        self.every = timedelta(seconds=every)
        self._said: list[Announcement] = []
        self._at: datetime | None = None

    async def collect(self, work: Work) -> list[Announcement]:
        """The checkpoint that is due or was last made; none of an empty chain, or of a node without organisations.

        It is announced in the name of the node's first organisation, since only organisations announce.
        """
        if self._at is not None and work.now < self._at + self.every:
            return self._said
        last = (await work.session.exec(select(AuditLink).order_by(col(AuditLink.position).desc()).limit(1))).first()
        names = [
            organisation for organisation, node in work.node.trust.organisations().items() if node == work.node.name
        ]
        if last is None or not names:
            return []
        about = {"node": work.node.name, "position": last.position, "chain_hash": last.chain_hash.hex()}
        fingerprint = f"{last.position}:{last.chain_hash.hex()}"
        self._at = work.now
        if not self._said or self._said[0].fingerprint != fingerprint:
            event = AuditCheckpointed.model_validate({**about, "at": work.now})
            self._said = [Announcement(min(names), event, fingerprint)]
        return self._said


async def on_audit_checkpointed(arrival: Arrival, event: Event) -> None:
    """Keep what another node signed of its record; say so loudly if it contradicts what that node signed before."""
    assert isinstance(event, AuditCheckpointed)
    work = arrival.work
    if work.node.trust.node_of(arrival.sender) != event.node or event.node == work.node.name:
        return
    if await _contradicts(work, event):
        METRICS.contradictions.labels(event.node).inc()
        log.error("record.contradicts_what_was_witnessed", about=event.node, position=event.position)
    row = insert(Witnessed).values(
        **event.model_dump(), organisation_id=arrival.sender, token=arrival.token.decode("ascii")
    )
    await work.session.exec(row.on_conflict_do_nothing())


async def _contradicts(work: Work, event: AuditCheckpointed) -> bool:
    """Another hash at the same position, or a chain that was longer earlier."""
    another = (col(Witnessed.position) == event.position) & (col(Witnessed.chain_hash) != event.chain_hash)
    longer = (col(Witnessed.position) > event.position) & (col(Witnessed.at) < event.at - REPLICAS_DIFFER)
    from_here = (Witnessed.node == event.node, col(Witnessed.position) >= event.position)
    seen = select(Witnessed.position).where(*from_here, another | longer).limit(1)
    return (await work.session.exec(seen)).first() is not None
