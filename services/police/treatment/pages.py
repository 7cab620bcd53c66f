"""Compulsory treatment at the police's desk: begun with materials; examinations ordered; who evades is looked for."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.police.treatment import endpoints as api
from shared.adapters.http import Reader, Writer, found
from shared.casework.directory.endpoints import list_organisations
from shared.casework.persons.endpoints import read_person
from shared.casework.treatment.models import OnDay
from shared.contract.treatment_words import Material
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency, Purpose
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.treatment import Call, Calls, show, take, to

router = APIRouter(prefix="/treatment", route_class=PageRoute)
CALLS: Calls = {
    "materials": Call(api.send_materials, api.Materials, frozenset({T.SEND_MATERIALS})),
    "out-patient": Call(
        api.order_examination, api.Examination, frozenset({T.ORDER_OUT_PATIENT}), {"setting": "out_patient"}
    ),
    "in-patient": Call(
        api.order_examination, api.Examination, frozenset({T.ORDER_IN_PATIENT}), {"setting": "in_patient"}
    ),
    "search": Call(api.search, OnDay, frozenset({T.SEARCH})),
    "found": Call(api.found_him, OnDay, frozenset({T.FIND})),
}


@router.get("/begin")
async def ask(request: Request, desk: Writer) -> Response:
    """The form, about the person whose page led here."""
    person = await read_person(found(person_in(query(request)), "person"), desk, Response())
    clinics = await list_organisations(desk, agency=Agency.HEALTH, purpose=Purpose.ADDICTION_TREATMENT)
    names = await names_of(desk, request)
    return render(
        request, "materials.html", person=person, clinics=clinics.items, names=names, materials=list(Material)
    )


@router.post("")
async def begin(request: Request, desk: Writer) -> Response:
    """Send the materials."""
    body = api.NewPath.model_validate(await form(request))
    return to((await api.begin_with_materials(body, desk, Response())).id)


@router.get("/{path_id}")
async def path(request: Request, path_id: UUID, desk: Reader) -> Response:
    """One path, and what the police can do now."""
    return await show(request, path_id, desk, CALLS)


@router.post("/{path_id}/{what}")
async def step(request: Request, path_id: UUID, what: str, desk: Writer) -> Response:
    """Take a step."""
    return await take(request, path_id, what, desk, CALLS)
