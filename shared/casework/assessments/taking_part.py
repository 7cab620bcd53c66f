"""REST calls of who takes part in a joint assessment: answer the proposal, and sign what was found (F4)."""

from uuid import UUID

from fastapi import APIRouter

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, found, note
from shared.adapters.outbox import emit
from shared.casework.assessments import store
from shared.casework.assessments.concluding import conclude, held_on
from shared.casework.assessments.models import Assessment, NewAnswer, NewSignature
from shared.casework.assessments.reading import shown
from shared.casework.assessments.tables import AssessmentRow, SignatureRow
from shared.casework.assessments.telling import grounds_of, to_proposer
from shared.casework.deadlines import store as deadlines
from shared.casework.disclosures.endpoints import refused
from shared.contract.assessment import AssessmentAnswer, Seat
from shared.contract.errors import Problem
from shared.contract.events import AssessmentAnswered, AssessmentSigned
from shared.contract.vocabulary import Basis, Side

answering = APIRouter(prefix="/assessments", tags=["assessments"], route_class=TransactionalRoute)
signing = APIRouter(prefix="/assessments", tags=["assessments"], route_class=TransactionalRoute)


@answering.post("/{assessment_id}/answer", responses=problems(404, 409))
async def answer_assessment(assessment_id: UUID, body: NewAnswer, desk: Writer, _: OnceKey = None) -> Assessment:
    """Say whether somebody comes, or what other time would do. Only who proposed it is told."""
    row = await _open(desk, assessment_id)
    if row.answer is not None:
        raise Problem(409, "answered", "this was answered; another time or place would be asked anew")
    row.answer, row.updated_at = body.answer, desk.now
    event = AssessmentAnswered(assessment_id=row.id, round=row.round, at=desk.now, **body.model_dump())
    emitted = await emit(desk, (await to_proposer(desk, row)).saying(event))
    if emitted.event_id is None:
        raise refused(emitted.decision)
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    return await _changed(desk, row, move="answer")


@signing.post("/{assessment_id}/sign", responses=problems(404, 409))
async def sign_assessment(assessment_id: UUID, body: NewSignature, desk: Writer, _: OnceKey = None) -> Assessment:
    """Sign what was found, once it was held. It stands once police, social worker and psychologist signed the same."""
    row = await _open(desk, assessment_id)
    await _check_can_sign(desk, row)
    signature = SignatureRow(
        assessment_id=row.id,
        organisation_id=desk.organisation,
        round=row.round,
        seat=row.seat or "",
        signer_id=desk.organisation,
        signed_at=desk.now,
    )
    if not await store.sign(desk.session, signature, challenging=body.challenging):
        raise Problem(409, "signed", "this was signed already")
    row.updated_at = desk.now
    if row.side == Side.SENDER:
        await conclude(desk, row)
    else:
        await _tell(desk, row, body)
    return await _changed(desk, row, move="sign")


async def _tell(desk: Desk, row: AssessmentRow, body: NewSignature) -> None:
    event = AssessmentSigned(
        assessment_id=row.id,
        round=row.round,
        seat=Seat(row.seat or ""),
        held_on=held_on(row),
        signed_at=desk.now,
        challenging=body.challenging,
    )
    emitted = await emit(desk, (await to_proposer(desk, row)).saying(event))
    if emitted.event_id is None:
        raise refused(emitted.decision)


async def _check_can_sign(desk: Desk, row: AssessmentRow) -> None:
    """Problem 409 for what was not held yet, who does not take part, and what rests on no consent of hers."""
    if row.meets_at is None or desk.now < row.meets_at:
        raise Problem(409, "not-held", "it is signed once it was held")
    if row.side == Side.RECEIVER and row.answer != AssessmentAnswer.ACCEPTED:
        raise Problem(409, "not-taking-part", "who takes part has accepted the time and the place")
    grounds = await grounds_of(desk, row)
    if grounds.basis is not Basis.CONSENT:
        raise Problem(409, "needs-consent", "what was found leaves on her consent alone: propose it again on one")


async def _open(desk: Desk, assessment_id: UUID) -> AssessmentRow:
    """Our copy, locked. Problem 404, or 409 for one that has ended or has an outcome, or is only known of so far."""
    row: AssessmentRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, assessment_id=assessment_id, lock=True),
        "assessment",
    )
    if row.ended_at is not None or row.concluded_at is not None or row.seat is None:
        raise Problem(409, "not-now", "an assessment that has ended, or has its outcome, stays as it is")
    return row


async def _changed(desk: Desk, row: AssessmentRow, *, move: str) -> Assessment:
    (assessment,) = await shown(desk, [row])
    await note(desk, Action.CHANGED, row.id, person_id=assessment.person_id, what="assessment", move=move)
    return assessment
