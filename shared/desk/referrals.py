"""Referrals at the desk: a box, and one referral with its timeline, its conversation and what can be done now."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import Reader, Writer
from shared.casework.messages.endpoints import NewMessage, read_messages, write_message
from shared.casework.progress.endpoints import read_progress
from shared.casework.referrals import endpoints as api
from shared.casework.referrals.models import Reasoned, Redirection, ReferralOutcome
from shared.contract.vocabulary import ReasonCode, ReferralAction, Side
from shared.desk.fields import FIELDS
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/referrals", route_class=PageRoute)
PLAIN = {ReferralAction.ACCEPT: api.accept, ReferralAction.START: api.start}
# Which actions need a reason, and the API's calls and bodies for them.
WITH_REASON: dict[ReferralAction, tuple[Any, type[Reasoned]]] = {
    ReferralAction.DECLINE: (api.decline, Reasoned),
    ReferralAction.REDIRECT: (api.redirect, Redirection),
    ReferralAction.CANCEL: (api.cancel, Reasoned),
}


@router.get("")
async def box(
    request: Request, desk: Reader, box: Literal["incoming", "outgoing"] = "incoming", cursor: str | None = None
) -> Response:
    """What came, or what went, page by page."""
    page = await api.list_referrals(desk, box=box, cursor=cursor, limit=20)
    return render(request, "box.html", box=box, page=page, names=await names_of(desk, request))


@router.get("/{referral_id}")
async def referral(request: Request, referral_id: UUID, desk: Reader) -> Response:
    """One referral. Reading it marks the other side's messages as read."""
    shown = await api.read_referral(referral_id, desk, Response())
    conversation = await read_messages(referral_id, desk)
    return render(
        request,
        "referral.html",
        referral=shown,
        messages=conversation.items,
        progress=(await read_progress(referral_id, desk)).items if shown.side is Side.SENDER else [],
        reasons=list(ReasonCode),
        with_reason=set(WITH_REASON),
        names=await names_of(desk, request),
        known_fields=set(FIELDS),
    )


@router.post("/{referral_id}/messages")
async def write(request: Request, referral_id: UUID, desk: Writer) -> Response:
    """Write to the other side."""
    await write_message(referral_id, NewMessage.model_validate(await form(request)), desk)
    return _back(referral_id)


@router.post("/{referral_id}/{action}")
async def act(request: Request, referral_id: UUID, action: ReferralAction, desk: Writer) -> Response:
    """What the API's call of the same name does."""
    said = await form(request)
    if_match = said.pop("if_match", None)
    if action in PLAIN:
        await PLAIN[action](referral_id, desk, Response(), if_match)
    elif action in WITH_REASON:
        call, body = WITH_REASON[action]
        await call(referral_id, body.model_validate(said), desk, Response(), if_match)
    elif action is ReferralAction.WITHDRAW:
        await api.withdraw(referral_id, desk, Response(), None, if_match)
    else:
        failed = Reasoned.model_validate(said) if action is ReferralAction.FAIL else None
        await api.complete(referral_id, ReferralOutcome(failed=failed), desk, Response(), if_match)
    return _back(referral_id)


def _back(referral_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/referrals/{referral_id}", status_code=303)
