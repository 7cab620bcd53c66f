"""Questions between agencies at the desk (F14): asked about a person, answered or refused, taken back."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer, found
from shared.casework.consents.of_person import list_consents
from shared.casework.directory.endpoints import Organisation, list_organisations
from shared.casework.inquiries import answering
from shared.casework.inquiries import endpoints as api
from shared.casework.inquiries.asking import NewInquiry
from shared.casework.persons.endpoints import read_person
from shared.contract.information import ANSWERED_BY, FIELDS, SAYS
from shared.contract.vocabulary import Basis, HandedTo, InformationKind, Purpose, RefusalGround
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/inquiries", route_class=PageRoute)


@router.get("")
async def inquiries(
    request: Request, desk: Reader, box: Literal["incoming", "outgoing"] = "incoming", cursor: paging.Cursor = None
) -> Response:
    """A box, the newest first."""
    page = await api.list_inquiries(desk, box=box, cursor=cursor, limit=20)
    return render(request, "inquiries.html", page=page, box=box, names=await names_of(desk, request))


@router.get("/ask")
async def form_to_ask(request: Request, desk: Writer) -> Response:
    """The form: it is about whose page led here."""
    whom = found(person_in(query(request)), "person")
    person = await read_person(whom, desk, Response())
    known = (await list_consents(person.id, desk)).items
    return render(
        request,
        "inquiry_form.html",
        person=person,
        consents=[one for one in known if one.end is None and Purpose.INFORMATION_REQUEST in one.purposes],
        kinds=list(InformationKind),
        asked=await _who_answers(desk),
    )


async def _who_answers(desk: Desk) -> list[Organisation]:
    """Organisations of an agency that answers something, but ours."""
    agencies = frozenset[Any]().union(*ANSWERED_BY.values())
    known = (await list_organisations(desk)).items
    return [one for one in known if one.agency in agencies and one.id != desk.organisation]


@router.post("")
async def ask(request: Request, desk: Writer) -> Response:
    """Ask, at once: on a consent, which is chosen by its id, or on a court's decision."""
    said = await form(request)
    basis, court = said.get("basis"), said.pop("court", None)
    if basis == Basis.COURT_DECISION:
        said["basis"] = {"kind": basis, "court": court}
    else:
        said["basis"] = {"kind": Basis.CONSENT, "consent_id": basis}
    return _to((await api.ask_for_information(NewInquiry.model_validate(said), desk, Response())).id)


@router.get("/{inquiry_id}")
async def inquiry(request: Request, inquiry_id: UUID, desk: Reader) -> Response:
    """One question, its answer, and what can be done now: what it asks for decides how it can be answered."""
    shown = await api.read_inquiry(inquiry_id, desk)
    return render(
        request,
        "inquiry.html",
        inquiry=shown,
        names=await names_of(desk, request),
        field=FIELDS.get(SAYS[shown.kind]),
        grounds=list(RefusalGround),
        elsewhere=list(HandedTo),
    )


@router.post("/{inquiry_id}/answer")
async def answer(request: Request, inquiry_id: UUID, desk: Writer) -> Response:
    """Answer it: in words, by convictions (or that there are none), or by whom it was handed to."""
    said = await form(request)
    listed = said.get("convictions")
    if said.pop("none", False):
        said["convictions"] = []
    elif isinstance(listed, dict):
        rows = [one for one in listed.values() if isinstance(one, dict)]
        said["convictions"] = [{"spent": False} | one for one in rows]
    await answering.answer_inquiry(inquiry_id, answering.InquiryAnswer.model_validate(said), desk)
    return _to(inquiry_id)


@router.post("/{inquiry_id}/refuse")
async def refuse(request: Request, inquiry_id: UUID, desk: Writer) -> Response:
    """Say why it is not answered."""
    await answering.refuse_inquiry(inquiry_id, answering.InquiryRefusal.model_validate(await form(request)), desk)
    return _to(inquiry_id)


@router.post("/{inquiry_id}/cancel")
async def cancel(inquiry_id: UUID, desk: Writer) -> Response:
    """Take it back."""
    await answering.cancel_inquiry(inquiry_id, desk)
    return _to(inquiry_id)


def _to(inquiry_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/inquiries/{inquiry_id}", status_code=303)
