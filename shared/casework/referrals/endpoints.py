"""REST calls for referrals: send, list, read, act."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from shared.adapters import paging, vault
from shared.adapters.adding import add
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import (
    Desk,
    IfMatch,
    OnceKey,
    Reader,
    TransactionalRoute,
    Writer,
    check_match,
    etag,
    found,
    note,
    noted,
)
from shared.adapters.outbox import emit
from shared.adapters.outcomes import delivery_of
from shared.casework.consents import store as consents
from shared.casework.consents.grantors import Withdrawal, check_withdrawal
from shared.casework.directory import store as directory
from shared.casework.disclosures.endpoints import explain, refused
from shared.casework.escalation import store as escalation
from shared.casework.escalation.clock import begun
from shared.casework.referrals import moves, store
from shared.casework.referrals.models import (
    MoveOut,
    Reasoned,
    Redirection,
    Referral,
    ReferralDetails,
    ReferralOutcome,
    ReferralStep,
    SentReferral,
)
from shared.casework.referrals.reading import as_read
from shared.casework.referrals.sending import Composed, NewReferral, compose
from shared.casework.referrals.tables import MoveRow, ReferralRow
from shared.casework.suitability.showing import Suggestion, shown
from shared.contract.decisions import withheld_fields
from shared.contract.events import Event, ReferralRequested
from shared.contract.referral import allowed_actions
from shared.contract.vocabulary import Grantor, ReferralAction, ReferralState, Side

router = APIRouter(prefix="/referrals", tags=["referrals"], route_class=TransactionalRoute)
BOXES = {"incoming": Side.RECEIVER, "outgoing": Side.SENDER}


@router.post("", status_code=201, responses=problems(404, 410))
async def send_referral(body: NewReferral, desk: Writer, response: Response, _: OnceKey = None) -> SentReferral:
    """Refer someone. What policy lets leave is on its way when this answers, with or without the network."""
    composed = await compose(desk, body)
    outgoing = composed.outgoing
    await vault.begin(desk.session, vault.Subject(desk.organisation, outgoing.concerning))
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
    row = await _copied(desk, composed, emitted.content)
    steps = begun(desk, row, urgency=body.urgency, minutes=body.answer_within_minutes)
    recorded = noted(desk, Action.RECORDED, row.id, person_id=row.person_id, what="referral")
    await add(desk.session, row, *steps, recorded)
    response.headers["ETag"] = etag(row.revision)
    response.headers["Location"] = f"/v1/referrals/{row.id}"
    withheld = explain(withheld_fields(outgoing.event, emitted.decision))
    chosen = await _chosen(desk, composed)
    return SentReferral(**(await as_read(desk, [row]))[0].model_dump(), withheld=withheld, chosen=chosen)


async def _chosen(desk: Desk, composed: Composed) -> Suggestion | None:
    ranked = composed.chosen
    there = await directory.get(desk.session, organisation_id=ranked.organisation) if ranked else None
    return shown(ranked, there, composed.wish.near) if ranked and there else None


async def _copied(desk: Desk, composed: Composed, event: Event) -> ReferralRow:
    """Our own copy: of the content only what left."""
    assert isinstance(event, ReferralRequested)
    outgoing, wish = composed.outgoing, composed.wish.model_dump(mode="json")
    parties = store.Parties(ours=desk.organisation, theirs=outgoing.recipient, person_id=outgoing.person_id)
    return await store.copied(
        desk.session, event=event, grounds=outgoing.grounds, side=Side.SENDER, parties=parties, now=desk.now, wish=wish
    )


@router.get("")
async def list_referrals(
    desk: Reader,
    box: Literal["incoming", "outgoing"],
    state: ReferralState | None = None,
    cursor: paging.Cursor = None,
    limit: paging.Limit = 50,
) -> paging.Page[Referral]:
    """A box, newest first."""
    rows = await store.page(
        desk.session, organisation_id=desk.organisation, side=BOXES[box], state=state, cursor=cursor, limit=limit
    )
    shown, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_REFERRAL, shown=[row.id for row in shown])
    return paging.Page(items=await as_read(desk, shown), next=following)


@router.get("/{referral_id}")
async def read_referral(referral_id: UUID, desk: Reader, response: Response) -> ReferralDetails:
    """A referral with its history and what can be done now."""
    row: ReferralRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id), "referral"
    )
    await note(desk, Action.READ_REFERRAL, row.id, person_id=row.person_id)
    return await _details(desk, row, response)


async def _details(desk: Desk, row: ReferralRow, response: Response) -> ReferralDetails:
    known: list[MoveRow] = list(
        await store.moves_of(desk.session, organisation_id=desk.organisation, referral_id=row.id)
    )
    response.headers["ETag"] = etag(row.revision)
    return ReferralDetails(
        **(await as_read(desk, [row]))[0].model_dump(),
        delivery=await delivery_of(desk.session, organisation_id=desk.organisation, concerning=row.id),
        moves=[
            MoveOut.model_validate({**move.model_dump(), "text": text})
            for move, text in zip(known, await store.texts(desk.session, known), strict=True)
        ],
        escalation=[
            ReferralStep.model_validate(step)
            for step in await escalation.steps_of(desk.session, organisation_id=desk.organisation, referral_id=row.id)
        ],
        allowed=allowed_actions(ReferralState(row.state), Side(row.side)),
    )


async def _act(
    desk: Desk, referral_id: UUID, action: ReferralAction, response: Response, if_match: str | None, **why: Any
) -> ReferralDetails:
    row: ReferralRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id, for_update=True),
        "referral",
    )
    check_match(if_match, row.revision, needed=False)
    await moves.act(desk, row, action, **why)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="referral", move=action)
    return await _details(desk, row, response)


@router.post("/{referral_id}/accept")
async def accept(
    referral_id: UUID, desk: Writer, response: Response, if_match: IfMatch = None, _: OnceKey = None
) -> ReferralDetails:
    """The receiver takes it."""
    return await _act(desk, referral_id, ReferralAction.ACCEPT, response, if_match)


@router.post("/{referral_id}/decline")
async def decline(
    referral_id: UUID, body: Reasoned, desk: Writer, response: Response, if_match: IfMatch = None, _: OnceKey = None
) -> ReferralDetails:
    """The receiver can't take it."""
    return await _act(desk, referral_id, ReferralAction.DECLINE, response, if_match, **body.model_dump())


@router.post("/{referral_id}/redirect")
async def redirect(
    referral_id: UUID, body: Redirection, desk: Writer, response: Response, if_match: IfMatch = None, _: OnceKey = None
) -> ReferralDetails:
    """The receiver suggests another organisation; the sender may send a new referral that replaces this one."""
    return await _act(desk, referral_id, ReferralAction.REDIRECT, response, if_match, **body.model_dump())


@router.post("/{referral_id}/start")
async def start(
    referral_id: UUID, desk: Writer, response: Response, if_match: IfMatch = None, _: OnceKey = None
) -> ReferralDetails:
    """The person is here; help has begun."""
    return await _act(desk, referral_id, ReferralAction.START, response, if_match)


@router.post("/{referral_id}/complete")
async def complete(
    referral_id: UUID,
    body: ReferralOutcome,
    desk: Writer,
    response: Response,
    if_match: IfMatch = None,
    _: OnceKey = None,
) -> ReferralDetails:
    """It is done, or it failed for a reason."""
    if body.failed is not None:
        return await _act(desk, referral_id, ReferralAction.FAIL, response, if_match, **body.failed.model_dump())
    return await _act(desk, referral_id, ReferralAction.COMPLETE, response, if_match)


@router.post("/{referral_id}/cancel")
async def cancel(
    referral_id: UUID, body: Reasoned, desk: Writer, response: Response, if_match: IfMatch = None, _: OnceKey = None
) -> ReferralDetails:
    """The sender takes it back."""
    return await _act(desk, referral_id, ReferralAction.CANCEL, response, if_match, **body.model_dump())


@router.post("/{referral_id}/withdraw", responses=problems(410))
async def withdraw(
    referral_id: UUID,
    desk: Writer,
    response: Response,
    body: Withdrawal | None = None,
    if_match: IfMatch = None,
    _: OnceKey = None,
) -> ReferralDetails:
    """The person's own decision, told to either side at any time, without a reason. Both copies are erased."""
    await _check_who(desk, referral_id, (body or Withdrawal()).by)
    return await _act(desk, referral_id, ReferralAction.WITHDRAW, response, if_match)


async def _check_who(desk: Desk, referral_id: UUID, by: Grantor) -> None:
    """Whoever could not take the consent back can't take back what rests on it either."""
    row = await store.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id)
    if row is None or row.consent_id is None:
        return
    consent = await consents.get(desk.session, organisation_id=desk.organisation, consent_id=row.consent_id)
    if consent is not None:
        await check_withdrawal(desk, consent, by)
