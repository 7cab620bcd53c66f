"""REST calls for the conversation about a referral."""

from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, note
from shared.adapters.outbox import emit
from shared.adapters.outcomes import deliveries
from shared.adapters.tables import OutboxDone
from shared.casework.disclosures.endpoints import refused
from shared.casework.messages import store
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.casework.referrals.sending import FreeText
from shared.casework.referrals.tables import ReferralRow
from shared.contract.errors import Problem
from shared.contract.events import MessagePosted, MessagesRead
from shared.contract.vocabulary import ReferralState

router = APIRouter(prefix="/referrals/{referral_id}/messages", tags=["messages"], route_class=TransactionalRoute)


class NewMessage(BaseModel):
    """What to write to the other side."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"body": "Она выехала, будет через час."}]}
    )
    body: FreeText


class Message(BaseModel):
    """A message. `delivered_at`: when we learned that the other service has ours, or when theirs was written."""

    id: UUID
    referral_id: UUID
    author_id: str
    body: str | None
    at: datetime
    delivered_at: datetime | None
    read_at: datetime | None


async def _referral(desk: Desk, referral_id: UUID) -> ReferralRow:
    row: ReferralRow = found(
        await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id), "referral"
    )
    return row


@router.post("", status_code=201)
async def write_message(referral_id: UUID, body: NewMessage, desk: Writer, _: OnceKey = None) -> Message:
    """Write to the other side."""
    referral = await _referral(desk, referral_id)
    if referral.state == ReferralState.WITHDRAWN:
        raise Problem(409, "not-now", "the person withdrew this referral: nothing more is written about it")
    event = MessagePosted(message_id=uuid4(), referral_id=referral_id, at=desk.now, body=body.body)
    emitted = await emit(desk, await moves.outgoing(desk, referral, event))
    if emitted.event_id is None:
        raise refused(emitted.decision)
    row = MessageRow(
        id=event.message_id,
        organisation_id=desk.organisation,
        referral_id=referral_id,
        author_id=desk.organisation,
        at=desk.now,
        event_id=emitted.event_id,
    )
    await store.add(desk.session, row, body=body.body)
    whose, about = referral.person_id, str(referral_id)
    await note(desk, Action.RECORDED, row.id, person_id=whose, what="message", referral_id=about)
    return Message(**row.model_dump(), body=body.body, delivered_at=None)


@router.get("")
async def read_messages(
    referral_id: UUID, desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Message]:
    """Read the conversation, newest first. What the other side wrote is marked as read, and they are told."""
    referral = await _referral(desk, referral_id)
    rows = await store.page(
        desk.session,
        organisation_id=desk.organisation,
        referral_id=referral_id,
        parties=[desk.organisation, referral.counterpart_id],
        cursor=cursor,
        limit=limit,
    )
    shown, following = paging.cut(list(rows), limit, at="at")
    return paging.Page(items=await show(desk, referral, shown), next=following)


async def show(desk: Desk, referral: ReferralRow, shown: list[MessageRow]) -> list[Message]:
    """Messages of a referral, to somebody who reads them: that is recorded, and the other side is told."""
    whose = referral.person_id
    await note(desk, Action.READ_MESSAGES, referral.id, person_id=whose, shown=[row.id for row in shown])
    await _mark_read(desk, referral, shown)
    sent = await deliveries(desk.session, event_ids=[row.event_id for row in shown if row.event_id])
    bodies = await store.bodies(desk.session, shown)
    return [_out(row, body, sent) for row, body in zip(shown, bodies, strict=True)]


async def _mark_read(desk: Desk, referral: ReferralRow, shown: list[MessageRow]) -> None:
    new = [row for row in shown if row.author_id == referral.counterpart_id and row.read_at is None]
    if not new:
        return
    ids = tuple(row.id for row in new)
    await store.mark_read(desk.session, organisation_id=desk.organisation, message_ids=ids, at=desk.now)
    event = MessagesRead(referral_id=referral.id, message_ids=ids, at=desk.now)
    await emit(desk, await moves.outgoing(desk, referral, event))


def _out(row: MessageRow, body: str | None, sent: dict[UUID, OutboxDone]) -> Message:
    """Our own message is delivered once its receipt is here; theirs was when it came."""
    mine = sent.get(row.event_id) if row.event_id else None
    delivered = row.at if row.event_id is None else None
    if mine is not None and mine.state == "received":
        delivered = mine.done_at
    return Message(**row.model_dump(), body=body, delivered_at=delivered)
