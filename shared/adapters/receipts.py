"""Tell senders, in batches, which of their events are committed here: only then do they stop sending them again."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import structlog
from sqlmodel import col, select

from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.jetstream import Broker, BrokerUnavailable, directed_subject
from shared.adapters.seal import seal
from shared.adapters.tables import InboxRow
from shared.adapters.trust import Node
from shared.adapters.waking import woken
from shared.contract.events import Envelope, EventsReceived, Payload, Refused, cloud_type
from shared.contract.vocabulary import EventType

BATCH = 500
GATHER_SECONDS = 0.02
log = structlog.get_logger()


class Receipts:
    """Sends the receipts that are due. A lost receipt is no loss: its event comes again, and so does the receipt."""

    def __init__(self, *, database: Database, node: Node, broker: Broker, clock: Callable[[], datetime]) -> None:
        self.database, self.node, self.broker, self.clock = database, node, broker, clock
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Send whenever something was received, and look once a second as a safety net."""
        while True:
            self.wake.clear()
            try:
                while self.broker.is_connected and await self.send_due():
                    pass
            except (OSError, BrokerUnavailable) as error:
                log.warning("receipts.wait", error=type(error).__name__)
            except Exception:
                log.exception("receipts.failed")
            if await woken(self.wake):
                await asyncio.sleep(GATHER_SECONDS)

    async def send_due(self) -> int:
        """Send one batch to each node that is owed one; the number of events receipted."""
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            owed = select(InboxRow).where(
                col(InboxRow.receipt_due), col(InboxRow.sender_node).not_in(self._unsealable())
            )
            rows = (await session.exec(owed.limit(BATCH).with_for_update(skip_locked=True))).all()
            for node in sorted({row.sender_node for row in rows}):
                await self._send(node, [row for row in rows if row.sender_node == node])
            return len(rows)

    def _unsealable(self) -> list[str]:
        """The nodes that nothing can be said to just now: all, without a key of our own. Their receipts stay due."""
        trust = self.node.trust
        mute = not trust.keys(self.node.name, "sign")
        return [name for name in trust.nodes if mute or not trust.keys(name, "encrypt")]

    async def _send(self, node: str, rows: list[InboxRow]) -> None:
        receipt = EventsReceived(
            received=tuple(r.event_id for r in rows if r.rule is None),
            refused=tuple(Refused(event_id=r.event_id, rule=r.rule) for r in rows if r.rule is not None),
        )
        envelope = Envelope(
            id=uuid4(),
            type=cloud_type(EventType.EVENTS_RECEIVED),
            source=f"/nodes/{self.node.name}",
            subject="receipt",
            time=self.clock(),
            sender=self.node.name,
            recipient=node,
            data=Payload(content=receipt),
        )
        if node not in self.node.trust.nodes:
            log.warning("receipts.nobody_to_tell")
        else:
            await self._publish(node, envelope)
        for row in rows:
            row.receipt_due = False

    async def _publish(self, node: str, envelope: Envelope) -> None:
        sealed = seal(self.node, envelope.model_dump_json().encode(), recipient=node)
        await self.broker.publish(directed_subject(self.node.name, node), sealed)
