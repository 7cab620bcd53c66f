"""Requests to the guardianship authority at the desk (F8): health asks, social services answer."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Reader, Writer, found
from shared.casework.directory.endpoints import list_organisations
from shared.casework.guardianship.answering import AuthorityAnswer, answer_request
from shared.casework.guardianship.asking import NewRequest, ask_guardian
from shared.casework.guardianship.reading import list_requests, read_request
from shared.casework.persons.endpoints import read_person
from shared.contract.calendar import local_day
from shared.contract.treatment_words import GuardianAnswer
from shared.contract.vocabulary import Agency
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

asking = APIRouter(prefix="/guardianship", route_class=PageRoute)
answering = APIRouter(prefix="/guardianship", route_class=PageRoute)
reading = APIRouter(prefix="/guardianship", route_class=PageRoute)


@reading.get("")
async def requests(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that were asked or came, the newest first."""
    page = await list_requests(desk, cursor=cursor, limit=20)
    names, today = await names_of(desk, request), local_day(desk.now)
    return render(request, "guardianship.html", page=page, names=names, today=today)


@asking.get("/ask")
async def ask(request: Request, desk: Writer) -> Response:
    """The form, about the person whose page led here."""
    person = await read_person(found(person_in(query(request)), "person"), desk, Response())
    authorities = (await list_organisations(desk, agency=Agency.SOCIAL)).items
    names = await names_of(desk, request)
    return render(request, "guardian_form.html", person=person, authorities=authorities, names=names)


@asking.post("")
async def send(request: Request, desk: Writer) -> Response:
    """Ask the authority to decide."""
    return _to((await ask_guardian(NewRequest.model_validate(await form(request)), desk, Response())).id)


@reading.get("/{request_id}")
async def one(request: Request, request_id: UUID, desk: Reader) -> Response:
    """A request, and its answer."""
    shown = await read_request(request_id, desk)
    names = await names_of(desk, request)
    return render(request, "guardian_request.html", asked=shown, names=names, answers=list(GuardianAnswer))


@answering.post("/{request_id}/answer")
async def answer(request: Request, request_id: UUID, desk: Writer) -> Response:
    """Answer it, once."""
    await answer_request(request_id, AuthorityAnswer.model_validate(await form(request)), desk)
    return _to(request_id)


def _to(request_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/guardianship/{request_id}", status_code=303)
