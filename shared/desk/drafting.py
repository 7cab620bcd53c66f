"""Drafting a local agreement at the desk of social services (F16): the parties, the days, and which rules they use.

A line of a draft opens all that its rule opens. One that opens less of it is drafted by the API.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import Desk, Writer, found
from shared.casework.agreements.drafting import draft_agreement, draft_change
from shared.casework.agreements.models import NewAgreement, NewVersion
from shared.casework.agreements.reading import read_agreement
from shared.casework.directory import store as directory
from shared.casework.directory.endpoints import list_organisations
from shared.casework.directory.tables import OrganisationRow
from shared.contract.calendar import local_day
from shared.contract.policy import PERMITS, Permit
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/draft", route_class=PageRoute)


def _negotiable(desk: Desk) -> list[Permit]:
    """The rules of today that an agreement can narrow."""
    return [
        row
        for row in PERMITS
        if row.negotiable and row.valid_from <= desk.now and (row.valid_until is None or desk.now < row.valid_until)
    ]


async def _region(desk: Desk) -> str:
    row: OrganisationRow = found(await directory.get(desk.session, organisation_id=desk.organisation), "organisation")
    return row.kato[:2]


async def _form(
    request: Request, desk: Desk, *, parties: set[str], lines: set[str], change_of: UUID | None
) -> Response:
    region = await _region(desk)
    known = (await list_organisations(desk)).items
    return render(
        request,
        "draft.html",
        region=region,
        organisations=[one for one in known if one.kato[:2] == region],
        names=await names_of(desk, request),
        permits=_negotiable(desk),
        parties=parties,
        lines=lines,
        change_of=change_of,
        today=local_day(desk.now),
    )


@router.get("")
async def ask(request: Request, desk: Writer) -> Response:
    """The form of a first draft."""
    return await _form(request, desk, parties={desk.organisation}, lines=set(), change_of=None)


@router.get("/{agreement_id}")
async def ask_change(request: Request, agreement_id: UUID, desk: Writer) -> Response:
    """The form of a change: as the newest version is."""
    terms = (await read_agreement(agreement_id, desk)).terms
    lines = {one.permit for one in terms.exchanges}
    return await _form(request, desk, parties=set(terms.parties), lines=lines, change_of=agreement_id)


@router.post("")
async def draft(request: Request, desk: Writer) -> Response:
    """Send the first draft to all its parties."""
    said = {**_as_call(await form(request), desk), "region": await _region(desk)}
    made = await draft_agreement(NewAgreement.model_validate(said), desk, Response())
    return _to(made.id)


@router.post("/{agreement_id}")
async def change(request: Request, agreement_id: UUID, desk: Writer) -> Response:
    """Send a change to all its parties."""
    await draft_change(agreement_id, NewVersion.model_validate(_as_call(await form(request), desk)), desk)
    return _to(agreement_id)


def _as_call(said: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """As the API takes it: of each rule that was ticked, a line that opens all of it."""
    wanted = set(said.pop("lines", []))
    lines = [_line(row) for row in _negotiable(desk) if row.id in wanted]
    return {**said, "exchanges": lines}


def _line(row: Permit) -> dict[str, Any]:
    opens = {"senders": row.senders, "recipients": row.recipients, "bases": row.bases, "categories": row.categories}
    return {"permit": row.id, **{name: sorted(codes) for name, codes in opens.items()}}


def _to(agreement_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/agreements/{agreement_id}", status_code=303)
