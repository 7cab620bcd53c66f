"""From the outbox to the broker: check the basis once more, seal, publish, wait for the receipt, send again."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy import ColumnElement, Update
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import vault
from shared.adapters.asking import ask
from shared.adapters.audit import Action, record
from shared.adapters.closing import admissible
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.jetstream import Broker, BrokerUnavailable, directed_subject
from shared.adapters.outbox import Work, done, envelopes_of, retry_delay
from shared.adapters.seal import seal
from shared.adapters.settings import Settings
from shared.adapters.tables import OutboxRow
from shared.adapters.telemetry import METRICS, span_from
from shared.adapters.trust import Node
from shared.adapters.waking import woken
from shared.contract.conditions import Circumstances
from shared.contract.consent import Consent
from shared.contract.decisions import NO_RULE
from shared.contract.errors import UntrustedSender, VaultError
from shared.contract.events import Envelope
from shared.contract.questions import decide_on

BATCH = 100
ERASED = "ERASED"  # whom it told of was erased here
log = structlog.get_logger()
# Consents as they stand now, by organisation of this node and id; without those that are not there (any more).
Consents = Mapping[tuple[str, UUID], Consent]
CurrentConsents = Callable[[AsyncSession, Collection[UUID]], Awaitable[Consents]]
_NEEDED = (
    col(OutboxRow.id),
    col(OutboxRow.organisation_id),
    col(OutboxRow.recipient_id),
    col(OutboxRow.event_type),
    col(OutboxRow.concerning),
    col(OutboxRow.consent_id),
    col(OutboxRow.sealed),
    col(OutboxRow.attempts),
)
_SENT = """
update outbox set state = 'sent', sent_at = coalesce(sent_at, $1),
       attempts = sent.attempts, recipient_node = sent.node, next_attempt_at = sent.again
from unnest($2::uuid[], $3::integer[], $4::text[], $5::timestamptz[]) as sent (id, attempts, node, again)
where outbox.id = sent.id
"""


@dataclass(frozen=True)
class Letter:
    """One attempt at one event."""

    event_id: UUID
    event_type: str
    attempt: int
    node: str
    envelope: Envelope


class Relay:
    """Sends what is due. Several may run side by side: rows are claimed with SKIP LOCKED."""

    def __init__(
        self,
        *,
        database: Database,
        node: Node,
        broker: Broker,
        settings: Settings,
        consents_now: CurrentConsents,
        clock: Callable[[], datetime],
    ) -> None:
        self.database, self.node, self.broker, self.settings = database, node, broker, settings
        self.consents_now, self.clock = consents_now, clock
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
                await woken(self.wake)

    async def send_due(self) -> int:
        """Send one batch of due rows; the number of rows it looked at.

        That a row is being sent is committed first: from then on it counts as possibly arrived, whatever happens next.
        """
        letters: list[Letter] = []
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            oldest = sa.select(*_NEEDED).where(self._is_due()).order_by(col(OutboxRow.next_attempt_at)).limit(BATCH)
            waiting = oldest.with_for_update(skip_locked=True)
            rows = (await session.exec(waiting)).all()  # type: ignore[call-overload]  # of so many columns
            await vault.at_hand(session, [row.sealed for row in rows])
            consents = await self.consents_now(session, [row.consent_id for row in rows if row.consent_id])
            for row in rows:
                letter = await self._claim(session, row, consents)
                letters += [letter] if letter is not None else []
            await self._mark(session, letters)
        sent = await asyncio.gather(*(self._publish(letter) for letter in letters))
        await self._hurry([letter.event_id for letter, done in zip(letters, sent, strict=True) if not done])
        return len(rows)

    def _is_due(self) -> ColumnElement[bool]:
        """Its time has come; or it is further off than any attempt ever is: the clock was put back since."""
        now, attempt = self.clock(), col(OutboxRow.next_attempt_at)
        return (attempt <= now) | (attempt > now + timedelta(seconds=self.settings.resend_at_most))

    async def _claim(self, session: AsyncSession, row: Any, consents: Consents) -> Letter | None:
        """What a row says, if its basis still holds and somebody speaks for both sides."""
        now, node = self.clock(), self.node.trust.node_of(row.recipient_id)
        try:
            envelope = (await envelopes_of(session, [row]))[0]
        except VaultError:
            node = envelope = None
        if node is None or not self.node.hosts(row.organisation_id):
            later = now + timedelta(seconds=self.settings.resend_at_most)
            await session.exec(_one(row).values(next_attempt_at=later))
            log.warning("relay.undeliverable", event_type=row.event_type)
            return None
        rule: str | None = ERASED
        if envelope is not None:
            rule, envelope = self._judged(row, envelope, consents)
        if envelope is None or rule is not None:
            await session.exec(_one(row).values(**done(now, "withheld", rule)))
            METRICS.withheld.inc()
            await self._record(session, row, rule or ERASED, now)
            return None
        return Letter(row.id, row.event_type, row.attempts + 1, node, envelope)

    async def _mark(self, session: AsyncSession, letters: Sequence[Letter]) -> None:
        """That these are being sent, in one statement, and when each is sent again if nothing is heard of it."""
        if not letters:
            return
        now, first, at_most = self.clock(), self.settings.resend_after, self.settings.resend_at_most
        again = [now + retry_delay(letter.attempt, first=first, at_most=at_most) for letter in letters]
        of_each = [(letter.event_id, letter.attempt, letter.node) for letter in letters]
        columns = [list(column) for column in zip(*of_each, strict=True)]
        await ask(session, _SENT, now, *columns, again)

    async def _record(self, session: AsyncSession, row: Any, rule: str, now: datetime) -> None:
        details = {"event_id": str(row.id), "event_type": row.event_type, "recipient": row.recipient_id, "rule": rule}
        await record(
            Work(session, self.node, now),
            organisation_id=row.organisation_id,
            action=Action.WITHHELD,
            concerning=row.concerning,
            details=details,
        )

    def _judged(self, row: Any, envelope: Envelope, consents: Consents) -> tuple[str | None, Envelope]:
        """Decide again with the consent as it is now: (the rule against sending or None, what may be sent).

        Never as of a time before the event was made, to which the clock may have been put back.
        """
        grounds = envelope.data.grounds
        if grounds is None:
            return NO_RULE, envelope
        current = None if grounds.consent is None else consents.get((row.organisation_id, grounds.consent.id))
        decision = decide_on(
            envelope.data.content,
            sender=self.node.trust.party(row.organisation_id),
            recipient=self.node.trust.party(row.recipient_id),
            grounds=grounds.model_copy(update={"consent": current}),
            at=max(self.clock(), envelope.time),
            circumstances=Circumstances(self.node.agreements),
        )
        return admissible(envelope, decision)

    async def _publish(self, letter: Letter) -> bool:
        """Whether the broker has it. If not, it may have it all the same. Signed each time with the key of now."""
        with span_from("relay send", letter.envelope.traceparent):
            subject = directed_subject(self.node.name, letter.node)
            try:
                payload = seal(self.node, letter.envelope.model_dump_json().encode(), recipient=letter.node)
                await self.broker.publish(subject, payload, message_id=f"{letter.event_id}:{letter.attempt}")
            except UntrustedSender:
                log.warning("relay.no_valid_key", recipient=letter.node)
                return False
            except BrokerUnavailable:
                return False
        METRICS.sent.labels(letter.event_type).inc()
        return True

    async def _hurry(self, event_ids: list[UUID]) -> None:
        """What the broker did not take is tried again soon, not after the wait for a receipt."""
        if not event_ids:
            return
        soon = self.clock() + timedelta(seconds=1)
        failed = (col(OutboxRow.id).in_(event_ids), col(OutboxRow.next_attempt_at).is_not(None))
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            await session.exec(update(OutboxRow).where(*failed).values(next_attempt_at=soon))


def _one(row: Any) -> Update:
    return update(OutboxRow).where(col(OutboxRow.id) == row.id)
