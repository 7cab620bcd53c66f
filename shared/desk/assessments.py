"""Joint assessments at the desk (F4): when and where, who comes; answered by who is invited, signed by who came."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Reader, Writer
from shared.casework.assessments import taking_part
from shared.casework.assessments.models import NewAnswer, NewSignature
from shared.casework.assessments.reading import list_assessments, read_assessment
from shared.casework.directory.endpoints import list_organisations
from shared.contract.assessment import AssessmentEnd
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, render
from shared.desk.places import open_places
from shared.desk.sessions import PATH

reading = APIRouter(prefix="/assessments", route_class=PageRoute)
answering = APIRouter(prefix="/assessments", route_class=PageRoute)
# Why who proposed one calls it off; with her consent it ends by itself.
ENDS = (AssessmentEnd.PERSON_DECLINED, AssessmentEnd.CANCELLED)


@reading.get("")
async def assessments(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that were proposed here, or that we are invited to, the newest first."""
    page = await list_assessments(desk, cursor=cursor, limit=20)
    return render(request, "assessments.html", page=page, names=await names_of(desk, request))


@reading.get("/{assessment_id}")
async def assessment(request: Request, assessment_id: UUID, desk: Reader) -> Response:
    """One of them: as far as it is known here who comes, who has signed, and what it came to."""
    shown = await read_assessment(assessment_id, desk)
    known = (await list_organisations(desk)).items if shown.counterpart_id is None else []
    return render(
        request,
        "assessment.html",
        assessment=shown,
        names=await names_of(desk, request),
        ends=ENDS,
        places=open_places(known, ours=desk.organisation),
    )


@reading.post("/{assessment_id}/sign")
async def sign(request: Request, assessment_id: UUID, desk: Writer) -> Response:
    """Sign what was found."""
    await taking_part.sign_assessment(assessment_id, NewSignature.model_validate(await form(request)), desk)
    return to(assessment_id)


@answering.post("/{assessment_id}/answer")
async def answer(request: Request, assessment_id: UUID, desk: Writer) -> Response:
    """Say whether somebody comes."""
    await taking_part.answer_assessment(assessment_id, NewAnswer.model_validate(await form(request)), desk)
    return to(assessment_id)


def to(assessment_id: UUID) -> Response:
    """Its page."""
    return RedirectResponse(f"{PATH}/assessments/{assessment_id}", status_code=303)
