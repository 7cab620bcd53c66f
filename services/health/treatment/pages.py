"""Compulsory treatment at health's desk: that somebody evaded is told; admitted, examined, treated, ended."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.health.treatment import endpoints as api
from shared.adapters.http import Reader, Writer, found
from shared.casework.directory.endpoints import list_organisations
from shared.casework.persons.endpoints import read_person
from shared.casework.treatment.models import OnDay
from shared.contract.calendar import local_day
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.treatment import Call, Calls, show, take, to

router = APIRouter(prefix="/treatment", route_class=PageRoute)
CALLS: Calls = {
    "examined": Call(api.record_examined, OnDay, frozenset({T.EXAMINE})),
    "out-patient-refused": Call(api.record_refused, OnDay, frozenset({T.REFUSE_OUT_PATIENT})),
    "admit": Call(api.admit, api.Bed, frozenset({T.ADMIT})),
    "court": Call(api.refer_to_court, api.AtCourt, frozenset({T.REFER_TO_COURT})),
    "begin": Call(api.begin, api.Bed, frozenset({T.BEGIN})),
    "end": Call(api.end, api.PathEnding, frozenset({T.END})),
}


@router.get("/begin")
async def ask(request: Request, desk: Writer) -> Response:
    """The form, about the person whose page led here."""
    person = await read_person(found(person_in(query(request)), "person"), desk, Response())
    police = (await list_organisations(desk, agency=Agency.POLICE)).items
    names, today = await names_of(desk, request), local_day(desk.now)
    return render(request, "evaded.html", person=person, police=police, names=names, today=today)


@router.post("")
async def begin(request: Request, desk: Writer) -> Response:
    """Tell the police who evaded an examination, and when."""
    body = api.NewPath.model_validate(await form(request))
    return to((await api.tell_of_evasion(body, desk, Response())).id)


@router.get("/{path_id}")
async def path(request: Request, path_id: UUID, desk: Reader) -> Response:
    """One path, and what health can do now."""
    return await show(request, path_id, desk, CALLS)


@router.post("/{path_id}/{what}")
async def step(request: Request, path_id: UUID, what: str, desk: Writer) -> Response:
    """Take a step."""
    return await take(request, path_id, what, desk, CALLS)
