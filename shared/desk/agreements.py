"""Local agreements at the desk (F16): what a region's organisations agreed on; signed, declined, ended by notice."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Reader, Reviewer
from shared.casework.agreements import endpoints as api
from shared.casework.agreements.models import AgreementFile, Declining, Notice, Signing
from shared.casework.agreements.reading import list_agreements, read_agreement
from shared.casework.disclosures import words
from shared.contract.calendar import local_day
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import AgreementObjection
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/agreements", route_class=PageRoute)
REASONS = {row.id: row.reason for row in PERMITS}


@router.get("")
async def agreements(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Agreements and drafts that this organisation is a party to, the newest first."""
    page = await list_agreements(desk, cursor=cursor, limit=20)
    return render(request, "agreements.html", page=page, mine=desk.organisation)


@router.get("/{agreement_id}")
async def agreement(request: Request, agreement_id: UUID, desk: Reader) -> Response:
    """The newest version: its lines, who signed it, and what this organisation can do."""
    shown = await read_agreement(agreement_id, desk)
    mine, today = desk.organisation, local_day(desk.now)
    return render(
        request,
        "agreement.html",
        agreement=shown,
        names=await names_of(desk, request),
        reasons=REASONS,
        words=words,
        objections=list(AgreementObjection),
        to_answer=mine in shown.waiting_for,
        lasting=_can_be_ended(shown, mine),
        today=today,
    )


def _can_be_ended(shown: AgreementFile, mine: str) -> bool:
    """Whether a version binds, or will, of which this organisation has not given notice."""
    lasting = [one for one in (shown, *shown.earlier) if one.state in api.LASTING]
    return bool(lasting) and all(one.party_id != mine for one in lasting[0].notices)


@router.post("/{agreement_id}/sign")
async def sign(request: Request, agreement_id: UUID, desk: Reviewer) -> Response:
    """Sign the version that was shown."""
    await api.sign_agreement(agreement_id, Signing.model_validate(await form(request)), desk)
    return _to(agreement_id)


@router.post("/{agreement_id}/decline")
async def decline(request: Request, agreement_id: UUID, desk: Reviewer) -> Response:
    """Do not sign it; why, and which lines that is about."""
    said: dict[str, Any] = await form(request)
    lines = [int(one) if one.isascii() and one.isdigit() else one for one in said.pop("lines", [])]
    await api.decline_agreement(agreement_id, Declining.model_validate({**said, "lines": lines}), desk)
    return _to(agreement_id)


@router.post("/{agreement_id}/notice")
async def notice(request: Request, agreement_id: UUID, desk: Reviewer) -> Response:
    """End it for all its parties, from a day on."""
    await api.give_notice(agreement_id, Notice.model_validate(await form(request)), desk)
    return _to(agreement_id)


def _to(agreement_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/agreements/{agreement_id}", status_code=303)
