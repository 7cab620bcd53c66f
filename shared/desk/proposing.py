"""Propose a joint assessment at the police's desk (F4), propose another time, call it off."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, Response

from shared.adapters.http import Writer
from shared.casework.assessments import proposing as api
from shared.casework.assessments.models import CalledOff, NewAssessment, NextRound
from shared.casework.consents.of_person import list_consents
from shared.casework.directory.endpoints import Organisation, list_organisations
from shared.casework.persons.endpoints import read_person
from shared.contract.assessment import Seat, may_sit, missing
from shared.contract.calendar import local_day
from shared.contract.vocabulary import Agency, Basis, Purpose
from shared.desk.assessments import to
from shared.desk.bases import as_call
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.places import open_places

router = APIRouter(route_class=PageRoute)
WITHOUT_PROOF = (Basis.OWN_REQUEST, Basis.NO_PERSONAL_DATA)


@router.get("/assessment")
async def ask(request: Request, desk: Writer) -> Response:
    """The form: for the person whose page led here, or without one."""
    whom = person_in(query(request))
    person = await read_person(whom, desk, Response()) if whom else None
    known = (await list_consents(person.id, desk)).items if person else []
    directory = (await list_organisations(desk)).items
    return render(
        request,
        "assessment_form.html",
        person=person,
        consents=[one for one in known if one.end is None and Purpose.JOINT_ASSESSMENT in one.purposes],
        bases=WITHOUT_PROOF if person else (Basis.NO_PERSONAL_DATA,),
        places=open_places(directory, ours=desk.organisation),
        seats=_seats(directory, on=local_day(desk.now)),
        needed=missing((Seat.OFFICER,), on=local_day(desk.now)),
    )


def _seats(known: Sequence[Organisation], *, on: date) -> dict[Seat, list[Organisation]]:
    """Who can fill which seat."""
    others = [seat for seat in Seat if seat is not Seat.OFFICER]
    able = {(seat, agency) for seat in others for agency in Agency if may_sit(seat, agency, on=on)}
    return {seat: [one for one in known if (seat, one.agency) in able] for seat in others}


@router.post("/assessment")
async def propose(request: Request, desk: Writer) -> Response:
    """Propose it: who is invited is asked at once."""
    said = as_call(await form(request))
    seats = said.pop("seats", None)
    chosen = seats.items() if isinstance(seats, dict) else ()
    said["invite"] = [{"seat": seat, "organisation": organisation} for seat, organisation in chosen]
    return to((await api.propose_assessment(NewAssessment.model_validate(said), desk, Response())).id)


@router.post("/assessments/{assessment_id}/rounds")
async def propose_again(request: Request, assessment_id: UUID, desk: Writer) -> Response:
    """Another time or place: everyone is asked again."""
    await api.propose_again(assessment_id, NextRound.model_validate(await form(request)), desk)
    return to(assessment_id)


@router.post("/assessments/{assessment_id}/end")
async def call_off(request: Request, assessment_id: UUID, desk: Writer) -> Response:
    """There is none."""
    await api.end_assessment(assessment_id, CalledOff.model_validate(await form(request)), desk)
    return to(assessment_id)
