"""The one way in: open, verify, decide again, apply once, acknowledge after the commit.

What can't be opened or understood is quarantined as it came; what policy does not allow here is refused, kept out of
the database, and its sender is told the rule with the receipt. An error of the database or a handler is nobody's
message's fault: it is not acknowledged and comes again.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind
from sqlmodel import col, delete, update

from shared.adapters.adding import add_unless_there
from shared.adapters.asking import ask
from shared.adapters.audit import Action, entry, record
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.database import INBOX_CHANNEL, WHOLE_NODE, Database, notify
from shared.adapters.jetstream import directed_subject
from shared.adapters.outbox import Work
from shared.adapters.outcomes import deliveries, settle
from shared.adapters.quarantine import Inapplicable, Message, keep
from shared.adapters.retention import TOO_LATE, is_late
from shared.adapters.rows import forget_rows
from shared.adapters.seal import unseal, verify
from shared.adapters.senders import check_announcer, check_sender
from shared.adapters.tables import InboxRow
from shared.adapters.telemetry import METRICS, span_from
from shared.adapters.trust import Node
from shared.contract.decisions import categories_in
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.events import Envelope, Event, EventsReceived
from shared.contract.grounds import NO_PERSONAL_DATA, Grounds, Handling, label
from shared.contract.vocabulary import EventType

UNPROCESSABLE = "UNPROCESSABLE"
NOT_LET_IN = (SealError, UntrustedSender, ValueError)  # pydantic's ValidationError is a ValueError
HEARD_FOR = timedelta(minutes=5)
log = structlog.get_logger()
_HAD = """
update inbox set receipt_due = true from unnest($1::uuid[], $2::text[]) as copy (id, node)
where event_id = copy.id and sender_node = copy.node returning event_id, sender_node
"""


class Came(StrEnum):
    """What became of an event that was let in."""

    TAKEN = "taken"
    REFUSED = "refused"  # policy does not allow it here
    BEFORE = "before"  # it had been taken in or refused already: nothing happened


COUNTED = {Came.TAKEN: METRICS.received, Came.REFUSED: METRICS.refused}


@dataclass(frozen=True)
class Arrival:
    """An event that was let in: the unit of work, the envelope, and whose it is."""

    work: Work
    envelope: Envelope
    token: bytes = b""  # of an announcement: as its node signed it

    @property
    def recipient(self) -> str:
        """The organisation here that it is for."""
        return self.envelope.recipient

    @property
    def sender(self) -> str:
        """The organisation that it comes from."""
        return self.envelope.sender

    @property
    def grounds(self) -> Grounds:
        """On what it relies; announcements rely on holding no personal data."""
        return self.envelope.data.grounds or NO_PERSONAL_DATA

    @property
    def handling(self) -> Handling:
        """How it may be handled: the label that follows from its grounds and its content."""
        categories = categories_in(self.envelope.data.content)
        return label(origin=self.sender, grounds=self.grounds, categories=categories)


Handler = Callable[[Arrival, Event], Awaitable[None]]
Judge = Callable[[Work, Envelope], Awaitable[tuple[str | None, Envelope]]]  # see judging
Handlers = Mapping[EventType, Sequence[Handler]]


@dataclass(frozen=True)
class Letter:
    """A directed event that was opened: which node signed it, and what it says."""

    signer: str
    envelope: Envelope

    @property
    def is_receipt(self) -> bool:
        """Whether it tells what became of events of ours."""
        return isinstance(self.envelope.data.content, EventsReceived)

    @property
    def whose(self) -> str:
        """In whose name it is taken in: a receipt is one node's word to another."""
        return WHOLE_NODE if self.is_receipt else self.envelope.recipient


class Inbox:
    """Receives for one node, with the literal table of what each event does here."""

    def __init__(
        self,
        *,
        database: Database,
        node: Node,
        handlers: Handlers,
        judge: Judge,
        clock: Callable[[], datetime],
    ) -> None:
        self.database, self.node, self.handlers, self.clock = database, node, handlers, clock
        self.judge = judge
        self._heard: dict[str, tuple[Event, datetime]] = {}  # by subject: one per organisation and kind

    async def receive(self, subject: str, data: bytes) -> None:
        """Take in one directed event: applied, refused or quarantined, each committed. Raises if it must come again."""
        letter = await self.opened_or_kept(subject, data)
        if letter is not None:
            await self.admit([letter])

    async def had(self, copies: Sequence[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
        """Which of these events, by their id and their sender's node, were taken in or refused before. Whoever sent
        them again has not heard of it, and is told once more."""
        if not copies:
            return set()
        columns = [list(column) for column in zip(*copies, strict=True)]
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            known = await ask(session, _HAD, *columns)
            if known:
                notify(session, INBOX_CHANNEL)
        return {(row["event_id"], row["sender_node"]) for row in known}

    async def opened_or_kept(self, subject: str, data: bytes) -> Letter | None:
        """A directed event; None where it is not let in, and is quarantined."""
        try:
            return self.opened(subject, data)
        except NOT_LET_IN as error:
            await keep(self.database, self.node, Message(subject, data), error, now=self.clock())
            return None

    def opened(self, subject: str, data: bytes) -> Letter:
        """A directed message. Raises one of NOT_LET_IN where it is to be kept out."""
        signer, payload = unseal(self.node, data)
        envelope = Envelope.model_validate_json(payload)
        check_sender(self.node, envelope, signer=signer, subject=subject)
        return Letter(signer, envelope)

    async def admit(self, letters: Sequence[Letter], *, anew: bool = False) -> list[Came]:
        """Apply, refuse or settle what was opened, once, in one transaction: all are for the same organisation, or are
        receipts. `anew`: also what was given up before as inapplicable."""
        came = []
        async with self.database.transaction(organisation=letters[0].whose) as session:
            for letter in letters:
                with span_from(f"receive {letter.envelope.type}", letter.envelope.traceparent, kind=SpanKind.CONSUMER):
                    came.append(await self._take(Work(session, self.node, self.clock()), letter, anew=anew))
                await forget_rows(session)
        for letter, one in zip(letters, came, strict=True):
            counters = COUNTED.get(one)
            if counters is not None and not letter.is_receipt:
                counters.labels(letter.envelope.data.content.type).inc()
        return came

    async def receive_state(self, subject: str, data: bytes) -> None:
        """Take in one announcement. The last one wins, so it needs no inbox row and no receipt."""
        try:
            signer, payload = verify(self.node, data)
            envelope = Envelope.model_validate_json(payload)
            METRICS.clock_ahead.labels(signer).set(max(0.0, (envelope.time - self.clock()).total_seconds()))
            check_announcer(self.node, envelope, signer=signer, subject=subject, now=self.clock())
        except NOT_LET_IN as error:
            await keep(self.database, self.node, Message(subject, data), error, now=self.clock())
            return
        if self._is_known(subject, envelope):
            return
        async with self.database.transaction(organisation=envelope.sender) as session:
            await self._handle(Arrival(Work(session, self.node, self.clock()), envelope, data))
        self._heard[subject] = (envelope.data.content, self.clock())

    def _is_known(self, subject: str, envelope: Envelope) -> bool:
        """Whether exactly this was heard a short while ago: what is only said again costs no transaction."""
        content, when = self._heard.get(subject, (None, self.clock()))
        return content == envelope.data.content and self.clock() - when < HEARD_FOR

    async def give_up(self, subject: str, data: bytes) -> None:
        """Quarantine what can't be applied, and tell its sender."""
        unfit = Inapplicable("it can't be applied here")
        await keep(self.database, self.node, Message(subject, data), unfit, now=self.clock())
        if not subject.startswith(directed_subject("", "")[:-1]):
            return
        try:
            signer, payload = unseal(self.node, data)
        except (SealError, UntrustedSender):  # its key was revoked while we tried
            return
        envelope = Envelope.model_validate_json(payload)
        async with self.database.transaction(organisation=envelope.recipient) as session:
            work = Work(session, self.node, self.clock())
            await _is_new(work, envelope, signer, UNPROCESSABLE)

    async def _take(self, work: Work, letter: Letter, *, anew: bool) -> Came:
        if isinstance(letter.envelope.data.content, EventsReceived):
            await self._settle(work, letter.envelope.data.content, letter.signer)
            return Came.TAKEN
        return await self._apply(work, letter.envelope, letter.signer, anew=anew)

    async def _apply(self, work: Work, envelope: Envelope, signer: str, *, anew: bool) -> Came:
        """The effect and the mark that it happened are one transaction."""
        if anew:
            await _reopen(work, envelope, signer)
        rule, admitted = await self.judge(work, envelope)
        rule = TOO_LATE if is_late(envelope, now=work.now) else rule
        if not await _is_new(work, envelope, signer, rule):
            return Came.BEFORE
        if rule is not None:
            return Came.REFUSED
        await self._handle(Arrival(work, admitted))
        return Came.TAKEN

    async def _handle(self, arrival: Arrival) -> None:
        content = arrival.envelope.data.content
        for handler in self.handlers.get(content.type, ()):
            await handler(arrival, content)

    async def _settle(self, work: Work, receipt: EventsReceived, signer: str) -> None:
        """A receipt is one node's word to another, about the events of all its organisations."""
        by_rule: dict[str | None, list[UUID]] = {None: [*receipt.received]}
        for refusal in receipt.refused:
            by_rule.setdefault(refusal.rule, []).append(refusal.event_id)
        for rule, event_ids in by_rule.items():
            await settle(work.session, event_ids=event_ids, recipient_node=signer, rule=rule, at=work.now)
        await self._note_lost(work, [one for event_ids in by_rule.values() for one in event_ids], signer)

    async def _note_lost(self, work: Work, told: Sequence[UUID], signer: str) -> None:
        """What became of an event is kept for ever: what has a receipt and is unknown was lost in a restore."""
        lost = {*told} - {*await deliveries(work.session, event_ids=list(told))}
        for event_id in sorted(lost):
            METRICS.lost.inc()
            details = {"held_by": signer}
            await record(work, organisation_id=self.node.name, action=Action.LOST, concerning=event_id, details=details)
        if lost:
            log.warning("inbox.receipts_for_what_is_not_known_here", count=len(lost))


def _entry(work: Work, envelope: Envelope, rule: str | None) -> AuditEntry:
    details = {
        "event_id": str(envelope.id),
        "event_type": envelope.data.content.type,
        "sender": envelope.sender,
        "rule": rule,
    }
    return entry(
        work,
        organisation_id=envelope.recipient,
        action=Action.RECEIVED if rule is None else Action.REFUSED,
        concerning=envelope.subject,
        details=details,
    )


async def _reopen(work: Work, envelope: Envelope, signer: str) -> None:
    """Forget that an event was given up as inapplicable here: it is tried once more."""
    given_up = delete(InboxRow).where(
        col(InboxRow.event_id) == envelope.id,
        col(InboxRow.sender_node) == signer,
        col(InboxRow.rule) == UNPROCESSABLE,
    )
    await work.session.exec(given_up)


async def _is_new(work: Work, envelope: Envelope, signer: str, rule: str | None) -> bool:
    """Mark the event as here; False for one that was here before, whose sender needs another receipt."""
    row = InboxRow(
        event_id=envelope.id,
        sender_node=signer,
        event_type=envelope.data.content.type,
        recipient_id=envelope.recipient,
        received_at=work.now,
        kept_from=max(work.now, envelope.time),
        state="refused" if rule else "applied",
        rule=rule,
        receipt_due=True,
    )
    notify(work.session, INBOX_CHANNEL)
    if await add_unless_there(work.session, row, _entry(work, envelope, rule)):
        return True
    await work.session.exec(
        update(InboxRow).filter_by(event_id=envelope.id, sender_node=signer).values(receipt_due=True)
    )
    return False
