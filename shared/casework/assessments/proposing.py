"""REST calls by which the police propose a joint assessment, propose another time, and call it off (F4)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, found, invalid, note
from shared.casework.assessments import store
from shared.casework.assessments.concluding import held_on
from shared.casework.assessments.ending import call_off
from shared.casework.assessments.models import (
    BASES,
    Assessment,
    CalledOff,
    Invite,
    NewAssessment,
    NextRound,
    When,
    Whose,
)
from shared.casework.assessments.place import check_place
from shared.casework.assessments.reading import shown
from shared.casework.assessments.tables import AssessmentRow, InvitationRow
from shared.casework.assessments.telling import known_of, propose
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.directory import store as directory
from shared.casework.disclosures.endpoints import refused
from shared.casework.persons import store as persons
from shared.casework.referrals.sending import grounds_of, person_of
from shared.casework.referrals.store import PROOF
from shared.casework.referrals.whom import referral_with
from shared.contract.assessment import ANSWER_DUE, HIGHEST_ROUND, AssessmentState, Seat, answer_days, may_sit, missing
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Side

router = APIRouter(prefix="/assessments", tags=["assessments"], route_class=TransactionalRoute)


@router.post("", status_code=201, responses=problems(404, 410))
async def propose_assessment(body: NewAssessment, desk: Writer, response: Response, _: OnceKey = None) -> Assessment:
    """Propose when and where her state is assessed together. Who is invited answers within one business day."""
    grounds = await _grounds(desk, Whose(body.person_id, body.basis))
    row = AssessmentRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        side=Side.SENDER,
        seat=Seat.OFFICER,
        person_id=body.person_id,
        basis=grounds.basis,
        round=0,
        created_at=desk.now,
        updated_at=desk.now,
    )
    desk.session.add(row)
    await desk.session.flush()
    await _invite(desk, row, body)
    await _next_round(desk, row, body, grounds)
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="assessment")
    response.headers["Location"] = f"/v1/assessments/{row.id}"
    return (await shown(desk, [row]))[0]


async def _grounds(desk: Desk, whose: Whose) -> Grounds:
    """On what it rests. Problem 404 or 422 for a proof that is not there, or is another person's; 410 once erased."""
    if whose.basis.kind not in BASES:
        raise invalid("an assessment rests on her consent or her request, or names nobody")
    person = await person_of(desk, whose)
    if person is not None:
        await persons.known(desk.session, person)
    return await grounds_of(desk, whose, person)


async def _invite(desk: Desk, row: AssessmentRow, body: NewAssessment) -> None:
    """Problem 422 for somebody who can't fill the seat, or where a seat stays empty without which nothing stands."""
    day = local_day(body.meets_at)
    if missing([Seat.OFFICER, *(one.seat for one in body.invite)], on=day):
        raise invalid("without a social worker and a psychologist there is no outcome (Standard No. 1079, para. 29)")
    for one in body.invite:
        await _check_seat(desk, one, day)
        referral = await referral_with(
            desk.session, organisation_id=desk.organisation, person_id=body.person_id, counterpart=one.organisation
        )
        if one.seat is Seat.HOST and referral is None:
            raise invalid("a shelter is host to whom it has taken in on a referral")
        desk.session.add(
            InvitationRow(
                assessment_id=row.id,
                invited_id=one.organisation,
                organisation_id=desk.organisation,
                seat=one.seat,
                referral_id=referral.id if referral is not None else None,
            )
        )
    await desk.session.flush()


async def _check_seat(desk: Desk, one: Invite, day: date) -> None:
    there = await directory.get(desk.session, organisation_id=one.organisation)
    if there is None or desk.node.trust.node_of(there.id) is None:
        raise invalid("the network knows no such organisation")
    if not may_sit(one.seat, Agency(there.agency), on=day):
        raise invalid("an organisation of this agency does not fill this seat")


@router.post("/{assessment_id}/rounds", status_code=201, responses=problems(404, 409))
async def propose_again(assessment_id: UUID, body: NextRound, desk: Writer, _: OnceKey = None) -> Assessment:
    """Propose another time or place: what was said and signed before counts no longer, and everyone is asked again."""
    row = await _open(desk, assessment_id)
    if row.round >= HIGHEST_ROUND:
        raise Problem(409, "not-now", "no more rounds of this assessment: propose another one")
    grounds = await _grounds(desk, Whose(row.person_id, body.basis)) if body.basis is not None else None
    await _next_round(desk, row, body, grounds)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="assessment", move="round")
    return (await shown(desk, [row]))[0]


async def _next_round(desk: Desk, row: AssessmentRow, body: When, grounds: Grounds | None) -> None:
    """Ask everyone. Problem 403 where policy lets it not leave to one of them: then it leaves to nobody."""
    if body.meets_at <= desk.now:
        raise invalid("an assessment is proposed before it is held")
    known, _ = await known_of(desk, row)
    await check_place(desk, body, known)
    if grounds is not None:
        row.basis, row.consent_id = grounds.basis, grounds.consent.id if grounds.consent else None
        row.proof = grounds.model_dump(mode="json", include=PROOF, exclude_defaults=True)
    row.round, row.meets_at, row.place, row.updated_at = row.round + 1, body.meets_at, body.place, desk.now
    row.agreed_at = None
    await store.seal(desk.session, row, body.model_dump(include={"room", "call_back"}))
    await store.ask_again(desk.session, row)
    await _await_answers(desk, row)
    against = await propose(desk, row)
    if against is not None:
        raise refused(against)


async def _await_answers(desk: Desk, row: AssessmentRow) -> None:
    about: dict[str, Any] = {"organisation_id": row.organisation_id, "concerning": row.id}
    await deadlines.meet(desk.session, **about, at=desk.now)
    days = answer_days(local_day(desk.now))
    row.answer_by = min(desk.node.calendar.business_days_after(local_day(desk.now), days), held_on(row))
    due = {**about, "kind": ANSWER_DUE, "due_on": row.answer_by, "remind_on": row.answer_by}
    desk.session.add(day_deadline(desk, **due))
    await desk.session.flush()


@router.post("/{assessment_id}/end", responses=problems(404, 409))
async def end_assessment(assessment_id: UUID, body: CalledOff, desk: Writer, _: OnceKey = None) -> Assessment:
    """Call it off: she does not want it, or it can't be. Whoever is invited is told, whatever became of her consent."""
    row: AssessmentRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, assessment_id=assessment_id, lock=True),
        "assessment",
    )
    if row.ended_at is not None:
        await note(desk, Action.READ_ASSESSMENT, row.id, person_id=row.person_id)
        return (await shown(desk, [row]))[0]
    await _open(desk, assessment_id)
    await call_off(desk, row, body.end)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="assessment", move="end")
    return (await shown(desk, [row]))[0]


async def _open(desk: Desk, assessment_id: UUID) -> AssessmentRow:
    """What was proposed here, locked. Problem 404, or 409 for one that has ended or has an outcome."""
    row: AssessmentRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, assessment_id=assessment_id, lock=True),
        "assessment",
    )
    if row.ended_at is not None or row.concluded_at is not None:
        state = AssessmentState.ENDED if row.ended_at is not None else AssessmentState.CONCLUDED
        raise Problem(409, "not-now", "an assessment that is %(state)s stays as it is", {"state": state.value})
    return row
