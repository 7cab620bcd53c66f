"""Incidents at the police's desk: recorded from the page of the victim, developed as measures and articles come."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.police.incidents import endpoints as api
from services.police.incidents.domain import IncidentOutcome, Injury, Measure, Place, Relation
from services.police.incidents.law import in_force
from shared.adapters import paging
from shared.adapters.http import Reader, Writer
from shared.casework.persons.endpoints import read_person
from shared.contract.calendar import local_day
from shared.contract.vocabulary import ViolenceKind
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/incidents", route_class=PageRoute)
# What can be ticked: a box that is not ticked says no.
TICKED = ("children_present", "inebriated", "weapon")
LISTS = ("measures", "articles")


@router.get("")
async def incidents(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All of them, recorded last first."""
    return render(request, "incidents.html", page=await api.list_incidents(desk, cursor=cursor, limit=20))


@router.get("/record")
async def ask(request: Request, desk: Writer) -> Response:
    """The form: of the victim whose page led here, or of nobody who is named."""
    whom = person_in(query(request))
    return render(
        request,
        "incident_form.html",
        victim=await read_person(whom, desk, Response()) if whom else None,
        kinds=list(ViolenceKind),
        relations=list(Relation),
        places=list(Place),
        injuries=list(Injury),
    )


@router.post("")
async def record(request: Request, desk: Writer) -> Response:
    """Record one: nothing of it leaves by this."""
    said = dict.fromkeys(TICKED, False) | await form(request)
    said["at_home"] = said.get("place") == Place.HOME
    return _to((await api.record_incident(api.NewIncident.model_validate(said), desk, Response())).id)


@router.get("/{incident_id}")
async def incident(request: Request, incident_id: UUID, desk: Reader) -> Response:
    """One of them, and what can be noted of it: articles are those that were the law on its day."""
    shown = await api.read_incident(incident_id, desk, Response())
    return render(
        request,
        "incident.html",
        incident=shown,
        measures=list(Measure),
        articles=sorted(in_force(local_day(shown.occurred_at))),
        outcomes=list(IncidentOutcome),
    )


@router.post("/{incident_id}/develop")
async def develop(request: Request, incident_id: UUID, desk: Writer) -> Response:
    """What was done, under which articles, how it ended: as the page says it now."""
    said: dict[str, Any] = {name: [] for name in LISTS} | {"outcome": None} | await form(request)
    tag = said.pop("if_match", None)
    body = api.Development.model_validate(said)
    await api.develop_incident(incident_id, body, desk, Response(), tag if isinstance(tag, str) else None)
    return _to(incident_id)


def _to(incident_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/incidents/{incident_id}", status_code=303)
