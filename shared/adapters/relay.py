"""From the outbox to the broker: check the basis once more, seal, publish, wait for the receipt, send again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.database import Database
from shared.adapters.jetstream import Broker, BrokerUnavailable, directed_subject
from shared.adapters.outbox import retry_delay
from shared.adapters.seal import seal
from shared.adapters.settings import Settings
from shared.adapters.tables import OutboxRow
from shared.adapters.telemetry import METRICS, span_from
from shared.adapters.trust import Node
from shared.contract.consent import Consent
from shared.contract.decisions import decide, objection
from shared.contract.events import Envelope

BATCH = 100
log = structlog.get_logger()
# The consent as it stands now at an organisation of this node, or None if it is not there (any more).
CurrentConsent = Callable[[AsyncSession, str, UUID], Awaitable[Consent | None]]


class Relay:
    """Sends what is due. Several may run side by side: rows are claimed with SKIP LOCKED."""

    def __init__(
        self,
        *,
        database: Database,
        node: Node,
        broker: Broker,
        settings: Settings,
        consent_now: CurrentConsent,
        clock: Callable[[], datetime],
    ) -> None:
        self.database, self.node, self.broker, self.settings = database, node, broker, settings
        self.consent_now, self.clock = consent_now, clock
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Send whenever something committed, and look once a second as a safety net. Never ends by itself."""
        while True:
            self.wake.clear()
            try:
                sent = await self.send_due() if self.broker.is_connected else 0
            except (OSError, BrokerUnavailable) as error:
                log.warning("relay.waits", error=type(error).__name__)
                sent = 0
            except Exception:
                log.exception("relay.failed")
                sent = 0
                await asyncio.sleep(1)
            if sent < BATCH:
                await self._wait()

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self.wake.wait(), timeout=1)
        except TimeoutError:
            return

    async def send_due(self) -> int:
        """Send one batch of due rows; the number of rows it looked at."""
        async with self.database.transaction() as session:
            due = select(OutboxRow).where(col(OutboxRow.next_attempt_at) <= self.clock())
            rows = (
                await session.exec(
                    due.order_by(col(OutboxRow.next_attempt_at)).limit(BATCH).with_for_update(skip_locked=True)
                )
            ).all()
            allowed = [row for row in rows if await self._still_holds(session, row)]
            await asyncio.gather(*(self._publish(row) for row in allowed))
            return len(rows)

    async def _still_holds(self, session: AsyncSession, row: OutboxRow) -> bool:
        """Decide again with the consent as it is now; a row that no longer may leave is marked withheld."""
        envelope = Envelope.model_validate(row.envelope)
        grounds = envelope.data.grounds
        if grounds is None or grounds.consent is None:
            return True
        current = await self.consent_now(session, row.organisation_id, grounds.consent.id)
        trust, now = self.node.trust, self.clock()
        decision = decide(
            envelope.data.content.type,
            sender=trust.party(row.organisation_id),
            recipient=trust.party(row.recipient_id),
            grounds=grounds.model_copy(update={"consent": current}),
            at=now,
        )
        rule = objection(envelope.data.content, decision)
        if rule is None:
            return True
        row.state, row.rule, row.done_at, row.next_attempt_at = "withheld", rule, now, None
        METRICS.withheld.inc()
        return False

    async def _publish(self, row: OutboxRow) -> None:
        envelope = Envelope.model_validate(row.envelope)
        with span_from("relay send", envelope.traceparent):
            payload = seal(self.node, envelope.model_dump_json().encode(), recipient=row.recipient_node)
            subject = directed_subject(self.node.name, row.recipient_node)
            attempt = row.attempts + 1
            try:
                await self.broker.publish(subject, payload, message_id=f"{row.id}:{attempt}")
            except BrokerUnavailable:
                return
        now = self.clock()
        row.attempts, row.state, row.sent_at = attempt, "sent", row.sent_at or now
        row.next_attempt_at = now + retry_delay(
            attempt, first=self.settings.resend_after, at_most=self.settings.resend_at_most
        )
        METRICS.sent.labels(row.event_type).inc()
