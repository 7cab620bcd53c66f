"""The one way out. `emit()` decides, redacts, and writes outbox and disclosure into the caller's transaction;
`hand_over()` does the same for a letter to a partner without a service, which is carried on paper.

The relay checks once more that the basis still holds, seals and publishes; the row stays until the receiving service
has said, with a receipt, that it committed the event. The broker may forget everything at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import vault
from shared.adapters.adding import add
from shared.adapters.audit import Action, entry, record
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.closing import ABOUT_NOBODY, wordless
from shared.adapters.consent_receipts import travelling
from shared.adapters.database import OUTBOX_CHANNEL
from shared.adapters.tables import Disclosure, OutboxRow
from shared.adapters.telemetry import current_traceparent
from shared.adapters.trust import Node
from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party
from shared.contract.decisions import Decision, categories_in, fields_of, redact, withheld_fields
from shared.contract.events import Envelope, Event, Payload, cloud_type
from shared.contract.grounds import Grounds, Handling, label
from shared.contract.policy import CLOSING
from shared.contract.questions import decide_on
from shared.contract.vocabulary import EventType, Partner

# What is asked or written about a case object. Its moves go, without a word.
HELD_BACK = (
    EventType.REFERRAL_REQUESTED,
    EventType.MESSAGE_POSTED,
    EventType.VIOLENCE_REPORTED,
    EventType.ASSESSMENT_PROPOSED,
    EventType.ASSESSMENT_ANSWERED,
    EventType.ASSESSMENT_SIGNED,
    EventType.PLAN_PROGRESSED,
    EventType.PROGRAMME_ATTENDED,
    EventType.INFORMATION_REQUESTED,
    EventType.INFORMATION_ANSWERED,
)
ASKING = (EventType.REFERRAL_REQUESTED, EventType.INFORMATION_REQUESTED)


@dataclass(frozen=True)
class Work:
    """One unit of work: the transaction it happens in, the node it happens at, and the time it happens."""

    session: AsyncSession
    node: Node
    now: datetime

    @property
    def actor(self) -> str:
        """Who does it: the node, where nobody asked for it over the REST API."""
        return self.node.name


@dataclass(frozen=True)
class Outgoing:
    """What someone wants to tell another organisation, and on which grounds.

    `concerning` is the opaque id of the case object (referral, notice, consent); `person_id` is the sender's own;
    `handling` labels what in it came from elsewhere; `capacity` is what is known of who can consent for the person;
    `partner` says that the recipient has no service, and what it is: then nothing is sent (`hand_over`).
    """

    event: Event
    sender: str
    recipient: str
    grounds: Grounds
    concerning: UUID
    person_id: UUID | None = None
    handling: tuple[Handling, ...] = ()
    capacity: Capacity | None = None
    partner: Partner | None = None


@dataclass(frozen=True)
class Emitted:
    """What was decided, what of the event is left, and its id if it leaves."""

    decision: Decision
    content: Event
    event_id: UUID | None = None


def preview(work: Work, outgoing: Outgoing) -> tuple[Event, Decision]:
    """Exactly what `emit()` would let leave, and the decision it would record. Sends nothing."""
    reachable = outgoing.partner is not None or work.node.trust.node_of(outgoing.recipient) is not None
    if not reachable and outgoing.event.type not in CLOSING:
        return redact(outgoing.event, ABOUT_NOBODY), Decision(permitted=False)
    decision = decide_on(
        outgoing.event,
        sender=_party(work, outgoing.sender),
        recipient=_recipient(work, outgoing),
        grounds=outgoing.grounds,
        at=work.now,
        circumstances=Circumstances(work.node.agreements, outgoing.handling, outgoing.capacity),
    )
    if not reachable:  # it waits, without a word, until somebody speaks for the recipient again
        decision = replace(decision, categories=decision.categories & ABOUT_NOBODY)
    return redact(outgoing.event, decision.categories | ABOUT_NOBODY), decision


def _party(work: Work, organisation: str) -> Party:
    """Who that is. One that nobody speaks for at the moment is told of what ends all the same."""
    trust = work.node.trust
    known = trust.node_of(organisation) is not None
    return trust.party(organisation) if known else Party(work.node.agency, organisation)


def _recipient(work: Work, outgoing: Outgoing) -> Party:
    if outgoing.partner is not None:
        return Party(outgoing.partner, outgoing.recipient)
    return _party(work, outgoing.recipient)


async def hand_over(work: Work, outgoing: Outgoing) -> Emitted:
    """Let a letter to a partner leave, on paper: decided, redacted and recorded as by `emit()`, and never sent."""
    if outgoing.partner is None:
        raise ValueError("what goes to a service is emitted")
    content, decision = preview(work, outgoing)
    if not decision.permitted:
        return await _refused(work, outgoing, content, decision)
    event_id = uuid4()
    await add(work.session, *_told(work, outgoing, event_id, content, decision))
    return Emitted(decision, content, event_id)


async def emit(work: Work, outgoing: Outgoing) -> Emitted:
    """Let an event leave as far as policy allows. What policy does not permit wrote nothing and has no event id."""
    content, decision = preview(work, outgoing)
    if not decision.permitted:
        return await _refused(work, outgoing, content, decision)
    event_id = uuid4()
    row = await _outbox_row(work, outgoing, _envelope(work, outgoing, event_id, content, decision))
    told = _told(work, outgoing, event_id, content, decision)
    await add(work.session, row, *told, notify=OUTBOX_CHANNEL)
    return Emitted(decision, content, event_id)


async def account_for(work: Work, outgoing: Outgoing, *, person_ids: Sequence[UUID]) -> None:
    """What left at once about many, and says something of these alone: each has it in the accounting."""
    content, decision = preview(work, outgoing)
    for person_id in person_ids if decision.permitted else ():
        about = replace(outgoing, person_id=person_id)
        await add(work.session, *_told(work, about, uuid4(), content, decision))


async def withhold(work: Work, *, organisation_id: str, concerning: UUID) -> bool:
    """Send nothing more of what was asked or written about a case object. True if the request itself never left.

    What was sent and has no receipt yet may have arrived: its receipt is still taken; the caller tells the receiver.
    """
    open_ = (
        col(OutboxRow.organisation_id) == organisation_id,
        col(OutboxRow.concerning) == str(concerning),
        col(OutboxRow.event_type).in_(HELD_BACK),
        col(OutboxRow.next_attempt_at).is_not(None),
    )
    held = update(OutboxRow).where(*open_).values(**done(work.now, "withheld", None))
    rows = (await work.session.exec(held.returning(col(OutboxRow.event_type), col(OutboxRow.attempts)))).all()
    if rows:
        about = {"event_types": sorted({kind for kind, _ in rows}), "count": len(rows)}
        await record(
            work, organisation_id=organisation_id, action=Action.WITHHELD, concerning=concerning, details=about
        )
    return any(kind in ASKING and attempts == 0 for kind, attempts in rows)


async def silence(work: Work, *, organisation_id: str, concerning: UUID) -> None:
    """Let nothing that was written about a case object leave any more: no message, and moves without their text.

    What is still to be said is sealed anew, under the organisation's own key: it is about nobody any more.
    """
    await withhold(work, organisation_id=organisation_id, concerning=concerning)
    waiting = select(OutboxRow).where(
        col(OutboxRow.organisation_id) == organisation_id,
        col(OutboxRow.concerning) == str(concerning),
        col(OutboxRow.sealed).is_not(None),
    )
    rows = (await work.session.exec(waiting.order_by(col(OutboxRow.id)).with_for_update())).all()
    envelopes = await envelopes_of(work.session, rows)
    for row, envelope in zip(rows, envelopes, strict=True):
        row.sealed = None if envelope is None else await _sealed(work, wordless(envelope), organisation_id)


async def envelopes_of(session: AsyncSession, rows: Sequence[OutboxRow]) -> list[Envelope | None]:
    """What rows say: None where they are done, or whom they told of was erased. Raises VaultError."""
    opened = await vault.open_all(session, [(_place(row.id), row.sealed) for row in rows])
    return [None if raw is None else Envelope.model_validate(raw) for raw in opened]


def retry_delay(attempts: int, *, first: float, at_most: float) -> timedelta:
    """How long to wait for a receipt after the n-th attempt (1, 2, …) before sending again."""
    return timedelta(seconds=min(first * 2 ** min(attempts - 1, 20), at_most))


def done(at: datetime, state: str, rule: str | None) -> dict[str, object]:
    """A row that is done keeps that it was, and not what it said."""
    return {"state": state, "rule": rule, "done_at": at, "next_attempt_at": None, "sealed": None}


async def _refused(work: Work, outgoing: Outgoing, content: Event, decision: Decision) -> Emitted:
    """Nothing left, and the record says so."""
    await record(
        work,
        organisation_id=outgoing.sender,
        action=Action.DECIDED,
        concerning=outgoing.concerning,
        person_id=outgoing.person_id,
        details=_decided(outgoing, content, decision) | {"rule": decision.refusal},
    )
    return Emitted(decision, content)


def _told(
    work: Work, outgoing: Outgoing, event_id: UUID, content: Event, decision: Decision
) -> tuple[Disclosure, AuditEntry]:
    """That it left, for whom it tells of and for the record."""
    told = {"event_id": str(event_id), "categories": sorted(categories_in(content))}
    recorded = entry(
        work,
        organisation_id=outgoing.sender,
        action=Action.DISCLOSED,
        concerning=outgoing.concerning,
        person_id=outgoing.person_id,
        details=_decided(outgoing, content, decision) | told,
    )
    return _disclosure(work, outgoing, event_id, content, decision), recorded


def _decided(outgoing: Outgoing, content: Event, decision: Decision) -> dict[str, Any]:
    grounds = outgoing.grounds
    return {
        "event_type": content.type,
        "recipient": outgoing.recipient,
        "basis": grounds.basis,
        "purpose": grounds.purpose,
        "consent_id": str(grounds.consent.id) if grounds.consent else None,
        "rules": list(decision.rules),
        "withheld": withheld_fields(outgoing.event, decision),
    }


def _envelope(work: Work, outgoing: Outgoing, event_id: UUID, content: Event, decision: Decision) -> Envelope:
    recipient = _party(work, outgoing.recipient)
    grounds = travelling(work.node, outgoing.grounds, recipient=recipient, decision=decision, at=work.now)
    handling = label(origin=outgoing.sender, grounds=grounds, categories=categories_in(content))
    return Envelope(
        id=event_id,
        type=cloud_type(content.type),
        source=f"/nodes/{work.node.name}",
        subject=str(outgoing.concerning),
        time=work.now,
        sender=outgoing.sender,
        recipient=outgoing.recipient,
        traceparent=current_traceparent(),
        data=Payload(grounds=grounds, handling=handling, content=content),
    )


async def _outbox_row(work: Work, outgoing: Outgoing, envelope: Envelope) -> OutboxRow:
    grounds, content = envelope.data.grounds, envelope.data.content
    return OutboxRow(
        id=envelope.id,
        organisation_id=outgoing.sender,
        recipient_id=outgoing.recipient,
        recipient_node=work.node.trust.node_of(outgoing.recipient) or "",
        event_type=content.type,
        concerning=str(outgoing.concerning),
        consent_id=grounds.consent.id if grounds and grounds.consent else None,
        sealed=await _sealed(work, envelope, outgoing.sender),
        created_at=work.now,
        next_attempt_at=work.now,
    )


async def _sealed(work: Work, envelope: Envelope, organisation: str) -> bytes | None:
    """Under the key of the case object, or the organisation's own where the event holds routing data alone."""
    about_nobody = categories_in(envelope.data.content) <= ABOUT_NOBODY
    subject = vault.Subject(organisation, vault.NOBODY if about_nobody else UUID(envelope.subject))
    value = envelope.model_dump(mode="json")
    return await vault.close(work.session, place=_place(envelope.id), subject=subject, value=value)


def _place(event_id: UUID) -> vault.Place:
    return vault.Place("outbox", str(event_id))


def _disclosure(work: Work, outgoing: Outgoing, event_id: UUID, content: Event, decision: Decision) -> Disclosure:
    grounds = outgoing.grounds
    filled = [name for name in fields_of(type(content)) if getattr(content, name) is not None]
    return Disclosure(
        id=event_id,
        organisation_id=outgoing.sender,
        person_id=outgoing.person_id,
        recipient_id=outgoing.recipient,
        recipient_agency=_recipient(work, outgoing).agency,
        event_type=content.type,
        concerning=str(outgoing.concerning),
        subject=grounds.subject,
        basis=grounds.basis,
        purpose=grounds.purpose,
        consent_id=grounds.consent.id if grounds.consent else None,
        categories=sorted(categories_in(content)),
        fields=sorted(filled),
        withheld=withheld_fields(outgoing.event, decision),
        rules=list(decision.rules),
        at=work.now,
    )
