"""Comparisons of registers at the desk (F11): opened by one supervisor, answered by another; what both have is told."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Reviewer
from shared.casework.comparisons import endpoints as api
from shared.casework.comparisons.models import NewComparison
from shared.casework.directory.endpoints import list_organisations
from shared.contract.calendar import local_day
from shared.contract.comparisons import PAIRS, Half
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/comparisons", route_class=PageRoute)


@router.get("")
async def comparisons(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that were opened here or elsewhere; and a form for each pair of registers that the law coordinates."""
    known = (await list_organisations(desk)).items
    pairs = [
        (ours.kind, theirs.kind, [one for one in known if one.agency is theirs.agency and one.id != desk.organisation])
        for ours, theirs in _pairs(desk)
    ]
    page = await api.list_comparisons(desk, cursor=cursor, limit=20)
    return render(request, "comparisons.html", page=page, pairs=pairs, names=await names_of(desk, request))


def _pairs(desk: Desk) -> list[tuple[Half, Half]]:
    """(ours, theirs) of the pairs of today in which this agency has a half."""
    today = local_day(desk.now)
    valid = [one for one in PAIRS if one.valid_from <= today and (one.valid_until is None or today < one.valid_until)]
    both = [pair for row in valid for pair in (row.halves, row.halves[::-1])]
    mine = [(ours, theirs) for ours, theirs in both if ours.agency is desk.node.agency]
    return list({(ours.kind, theirs.agency, theirs.kind): (ours, theirs) for ours, theirs in mine}.values())


@router.post("")
async def open_(request: Request, desk: Reviewer) -> Response:
    """Open one: our entries leave blinded."""
    return _to((await api.open_comparison(NewComparison.model_validate(await form(request)), desk, Response())).id)


@router.get("/{comparison_id}")
async def comparison(request: Request, comparison_id: UUID, desk: Reader) -> Response:
    """How far it is, and which of our entries the other has, too."""
    shown = await api.read_comparison(comparison_id, desk)
    return render(request, "comparison.html", run=shown, names=await names_of(desk, request))


@router.post("/{comparison_id}/answer")
async def answer(request: Request, comparison_id: UUID, desk: Reviewer) -> Response:
    """Take part."""
    await api.answer_comparison(comparison_id, desk)
    return _to(comparison_id)


@router.post("/{comparison_id}/decline")
async def decline(request: Request, comparison_id: UUID, desk: Reviewer) -> Response:
    """Do not take part."""
    await api.decline_comparison(comparison_id, desk)
    return _to(comparison_id)


@router.post("/{comparison_id}/abort")
async def abort(request: Request, comparison_id: UUID, desk: Reviewer) -> Response:
    """Take back what has no answer yet."""
    await api.abort_comparison(comparison_id, desk)
    return _to(comparison_id)


def _to(comparison_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/comparisons/{comparison_id}", status_code=303)
