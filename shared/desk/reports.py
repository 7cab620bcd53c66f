"""Reports to the police at the desk (F6, F15): written here and sent, or come and to be registered."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer
from shared.casework.consents.of_person import list_consents
from shared.casework.emergencies.endpoints import list_emergencies
from shared.casework.persons.endpoints import read_person
from shared.casework.reports.endpoints import report_violence
from shared.casework.reports.reading import list_reports, read_report
from shared.casework.reports.sending import NewReport
from shared.contract.calendar import local_day
from shared.contract.vocabulary import Basis, Purpose, SubjectRole, ViolenceKind
from shared.desk.fields import FIELDS
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

reading = APIRouter(prefix="/reports", route_class=PageRoute)
writing = APIRouter(prefix="/report", route_class=PageRoute)
# What can be ticked: a box that is not ticked says no.
TICKED = ("children_present", "weapon", "threat")


@reading.get("")
async def reports(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that were sent or came, the newest first."""
    page = await list_reports(desk, cursor=cursor, limit=20)
    return render(request, "reports.html", page=page, names=await names_of(desk, request))


@reading.get("/{report_id}")
async def report(request: Request, report_id: UUID, desk: Reader) -> Response:
    """One report: what it says, and how far it is."""
    shown = await read_report(report_id, desk)
    names = await names_of(desk, request)
    return render(request, "report.html", report=shown, names=names, known_fields=set(FIELDS))


@writing.get("")
async def ask(request: Request, desk: Writer) -> Response:
    """The form: about a person of this organisation, or without one."""
    whom = person_in(query(request))
    person = await read_person(whom, desk, Response()) if whom else None
    return render(
        request,
        "report_form.html",
        person=person,
        consents=await _consents(desk, person.id) if person else [],
        dangers=await _dangers(desk, person.id) if person else [],
        kinds=list(ViolenceKind),
        roles=list(SubjectRole),
        today=local_day(desk.now),
    )


async def _consents(desk: Desk, person_id: UUID) -> list[Any]:
    """Those by which the police may learn more than the duty says."""
    known = (await list_consents(person_id, desk)).items
    return [one for one in known if one.end is None and Purpose.STATUTORY_REPORT in one.purposes]


async def _dangers(desk: Desk, person_id: UUID) -> list[Any]:
    """Dangers to this person's life that were declared here and are not over: then the police learn what saves it."""
    known = (await list_emergencies(desk)).items
    return [one for one in known if one.person_id == person_id and one.until > desk.now]


def _basis(said: str) -> dict[str, Any]:
    """What the form names: the duty, a danger to life, or else a consent."""
    kind, _, which = said.partition(":")
    if kind == Basis.STATUTORY_DUTY:
        return {"kind": Basis.STATUTORY_DUTY}
    if kind == Basis.EMERGENCY:
        return {"kind": Basis.EMERGENCY, "emergency_id": which}
    return {"kind": Basis.CONSENT, "consent_id": said}


@writing.post("")
async def send(request: Request, desk: Writer) -> Response:
    """Report it, at once."""
    said = dict.fromkeys(TICKED, False) | await form(request)
    basis = said.get("basis")
    if isinstance(basis, str):
        said["basis"] = _basis(basis)
    sent = await report_violence(NewReport.model_validate(said), desk, Response())
    return RedirectResponse(f"{PATH}/reports/{sent.id}", status_code=303)
