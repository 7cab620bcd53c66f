"""Programmes at the desk (F7): offered, their sessions planned; who takes part, who came, and how it ended."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer, found
from shared.casework.programmes import endpoints as api
from shared.casework.programmes import enrolling
from shared.casework.programmes.domain import ENDS, MAY_ENROL, PURPOSES, TELLING_BASES, why_not_recorded
from shared.casework.referrals.endpoints import list_referrals, read_referral
from shared.casework.referrals.models import Referral
from shared.contract.vocabulary import Basis
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, render
from shared.desk.sessions import PATH

router = APIRouter(route_class=PageRoute)
AT_MOST = 50


@router.get("/programmes")
async def programmes(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that are offered here, the newest first, and a form for another."""
    page = await api.list_programmes(desk, cursor=cursor, limit=20)
    return render(request, "programmes.html", page=page, purposes=PURPOSES)


@router.post("/programmes")
async def offer(request: Request, desk: Writer) -> Response:
    """Offer one."""
    return _to((await api.offer_programme(api.NewProgramme.model_validate(await form(request)), desk)).id)


@router.get("/programmes/{programme_id}")
async def programme(request: Request, programme_id: UUID, desk: Reader) -> Response:
    """Its sessions, who takes part, and who could: by a referral for its purpose that was accepted here."""
    shown = await api.read_programme(programme_id, desk)
    enrolled = (await enrolling.list_enrolments(programme_id, desk)).items
    already = {one.referral_id for one in enrolled}
    referred = [one for one in await _accepted(desk) if one.purpose == shown.purpose and one.id not in already]
    return render(
        request,
        "programme.html",
        programme=shown,
        enrolled=enrolled,
        referred=referred,
        bases=TELLING_BASES,
        names=await names_of(desk, request),
    )


async def _accepted(desk: Desk) -> list[Referral]:
    """The newest of those who can be enrolled now."""
    boxes = [await list_referrals(desk, box="incoming", state=state, limit=AT_MOST) for state in MAY_ENROL]
    return [one for box in boxes for one in box.items]


@router.post("/programmes/{programme_id}/sessions")
async def plan(request: Request, programme_id: UUID, desk: Writer) -> Response:
    """Plan a session."""
    await api.plan_session(programme_id, api.NewSession.model_validate(await form(request)), desk)
    return _to(programme_id)


@router.post("/programmes/{programme_id}/enrolments")
async def enrol(request: Request, programme_id: UUID, desk: Writer) -> Response:
    """Somebody takes part. Whether they come is told on the referral's consent, a court's decision, or not at all."""
    said = await form(request)
    kind, court = said.pop("told", None), said.pop("court", None)
    if kind is not None:
        said["told_on"] = await _basis(desk, said, {"kind": kind}, court)
    await enrolling.enrol(programme_id, enrolling.NewEnrolment.model_validate(said), desk)
    return _to(programme_id)


async def _basis(desk: Desk, said: dict[str, Any], basis: dict[str, Any], court: Any) -> dict[str, Any]:
    if basis["kind"] != Basis.CONSENT:
        return {**basis, "court": court}
    referral = found(person_in(said, "referral_id"), "referral")
    return {**basis, "consent_id": (await read_referral(referral, desk, Response())).consent_id}


@router.get("/enrolments/{enrolment_id}")
async def enrolment(request: Request, enrolment_id: UUID, desk: Reader) -> Response:
    """How somebody takes part: of each session that can be noted by now, whether they came."""
    shown = await enrolling.read_enrolment(enrolment_id, desk)
    of = await api.read_programme(shown.programme_id, desk)
    begun = [one for one in of.sessions if why_not_recorded(one.starts_at, shown.enrolled_at, desk.now) is None]
    came = {one.session_id: one.attended for one in shown.attendance}
    return render(request, "enrolment.html", enrolment=shown, programme=of, begun=begun, came=came, ends=ENDS)


@router.post("/enrolments/{enrolment_id}/attendance")
async def attend(request: Request, enrolment_id: UUID, desk: Writer) -> Response:
    """They came to a session, or did not; again: a correction."""
    said = await form(request)
    session = found(person_in(said, "session_id"), "session")
    said.pop("session_id")
    body = enrolling.Came.model_validate({**said, "enrolment_id": enrolment_id})
    await enrolling.record_attendance(session, body, desk)
    return RedirectResponse(f"{PATH}/enrolments/{enrolment_id}", status_code=303)


@router.post("/enrolments/{enrolment_id}/end")
async def end(request: Request, enrolment_id: UUID, desk: Writer) -> Response:
    """Taking part has ended."""
    await enrolling.end_enrolment(enrolment_id, enrolling.End.model_validate(await form(request)), desk)
    return RedirectResponse(f"{PATH}/enrolments/{enrolment_id}", status_code=303)


def _to(programme_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/programmes/{programme_id}", status_code=303)
