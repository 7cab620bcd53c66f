"""The REST call by which the guardianship authority answers."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import OnceKey, TransactionalRoute, Writer, found, note
from shared.adapters.outbox import Outgoing, emit
from shared.casework.deadlines import store as deadlines
from shared.casework.disclosures.endpoints import refused
from shared.casework.guardianship import store
from shared.casework.guardianship.reading import GuardianRequest, shown
from shared.casework.guardianship.tables import GuardianRequestRow
from shared.contract.errors import Problem
from shared.contract.events import GuardianAnswered
from shared.contract.grounds import Grounds
from shared.contract.treatment_words import GuardianAnswer
from shared.contract.vocabulary import Basis, Purpose, SubjectRole

router = APIRouter(prefix="/guardian-requests", tags=["social"], route_class=TransactionalRoute)


class AuthorityAnswer(BaseModel):
    """The authority consents, refuses, or names no one but says that another representative can be asked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"answer": "consents"}]})
    answer: GuardianAnswer


@router.post("/{request_id}/answer", responses=problems(404, 409))
async def answer_request(request_id: UUID, body: AuthorityAnswer, desk: Writer, _: OnceKey = None) -> GuardianRequest:
    """Answer a request, once."""
    row: GuardianRequestRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, request_id=request_id, lock=True),
        "guardian request",
    )
    if row.answer is not None:
        raise Problem(409, "answered", "this request was answered")
    row.answer, row.answered_at = body.answer, desk.now
    outgoing = Outgoing(
        event=GuardianAnswered(request_id=row.id, answer=body.answer, at=desk.now),
        sender=desk.organisation,
        recipient=row.counterpart_id,
        grounds=Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.GUARDIANSHIP, subject=SubjectRole(row.subject)),
        concerning=row.id,
    )
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    await note(desk, Action.CHANGED, row.id, what="guardian_request")
    return (await shown(desk, [row]))[0]
