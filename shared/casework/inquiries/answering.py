"""REST calls that settle a question: who was asked answers or refuses, who asked takes it back."""

from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from shared.adapters.audit import Action, record
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, found, invalid, note
from shared.adapters.outbox import Outgoing, emit, preview
from shared.casework.disclosures.endpoints import refused
from shared.casework.inquiries import store
from shared.casework.inquiries.endpoints import one_of_ours
from shared.casework.inquiries.models import InquiryDetails, details
from shared.casework.inquiries.settling import close, settle
from shared.casework.inquiries.tables import InquiryRow
from shared.casework.inquiries.telling import outgoing, says_of, tellable
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import labels_of
from shared.casework.referrals.sending import FreeText
from shared.contract.decisions import Decision, withheld_fields
from shared.contract.errors import Problem
from shared.contract.events import Conviction, InformationAnswered
from shared.contract.events.information import MOST_CONVICTIONS
from shared.contract.grounds import Handling
from shared.contract.information import FIELDS, allowed_actions
from shared.contract.vocabulary import (
    DataCategory,
    HandedTo,
    InquiryAction,
    InquiryState,
    RefusalGround,
    Side,
)

router = APIRouter(prefix="/inquiries", tags=["inquiries"], route_class=TransactionalRoute)
ANSWER_EXAMPLES: list[JsonDict] = [
    {"text": "Амбулаторлық ем алды, 2026 жылғы 2 наурыздан 9 наурызға дейін."},
    {"convictions": [{"article": "cc-109", "convicted_on": "2025-04-11", "spent": False}]},
    {"handed_to": "court"},
]


class InquiryAnswer(BaseModel):
    """What was asked for: as a text, as convictions (an empty list: there are none), or handed over elsewhere.

    `person_id`: the record here that it is about; what left then stands in the accounting of that person.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [*ANSWER_EXAMPLES]})
    text: FreeText | None = None
    convictions: list[Conviction] | None = Field(default=None, max_length=MOST_CONVICTIONS)
    handed_to: HandedTo | None = None
    person_id: UUID | None = None

    @model_validator(mode="after")
    def _is_one_answer(self) -> Self:
        if sum(part is not None for part in (self.text, self.convictions, self.handed_to)) != 1:
            raise ValueError("an answer is a text, a list of convictions, or says to whom it was handed: one of them")
        return self


class InquiryRefusal(BaseModel):
    """Why it is not answered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"ground": "no_basis"}]})
    ground: RefusalGround


@router.post("/{inquiry_id}/answer", responses=problems(409))
async def answer_inquiry(inquiry_id: UUID, body: InquiryAnswer, desk: Writer, _: OnceKey = None) -> InquiryDetails:
    """Answer it, once, also after its day. Problem 403 if who asked may not be told this on the question's basis."""
    row = await _to_do(desk, inquiry_id, InquiryAction.ANSWER)
    handling = await _link(desk, row, body.person_id)
    event = _composed(desk, row, body)
    await _tell(desk, row, await outgoing(desk, row, event, handling=handling), event)
    await settle(desk, row, InquiryState.ANSWERED, at=desk.now)
    await store.put_answer(desk.session, row, event)
    return await _done(desk, row, InquiryAction.ANSWER)


@router.post("/{inquiry_id}/refuse", responses=problems(409))
async def refuse_inquiry(inquiry_id: UUID, body: InquiryRefusal, desk: Writer, _: OnceKey = None) -> InquiryDetails:
    """Say why it is not answered: never blocked, on whichever basis, or none, it stands now."""
    row = await _to_do(desk, inquiry_id, InquiryAction.REFUSE)
    if not await tellable(desk, row, body.ground):
        raise invalid("who asked may not be told the answer, nor whether there is any: say 'not_told_here'")
    await close(desk, row, InquiryState.REFUSED, body.ground)
    return await _done(desk, row, InquiryAction.REFUSE)


@router.post("/{inquiry_id}/cancel", responses=problems(409))
async def cancel_inquiry(inquiry_id: UUID, desk: Writer, _: OnceKey = None) -> InquiryDetails:
    """Take our own question back: whoever was asked forgets whom it was about."""
    row = await _to_do(desk, inquiry_id, InquiryAction.CANCEL)
    await close(desk, row, InquiryState.CANCELLED)
    return await _done(desk, row, InquiryAction.CANCEL)


async def _to_do(desk: Desk, inquiry_id: UUID, action: InquiryAction) -> InquiryRow:
    """Our copy, locked: of two who act at once, the second finds it done. Problem 404, or 409 where it is settled."""
    row = await one_of_ours(desk, inquiry_id, for_update=True)
    state, side = InquiryState(row.state), Side(row.side)
    if action not in allowed_actions(state, side):
        raise Problem(
            409,
            "not-now",
            "a question that is %(state)s can't be settled by '%(action)s' here",
            {"state": state.value, "action": action.value},
        )
    return row


async def _done(desk: Desk, row: InquiryRow, action: InquiryAction) -> InquiryDetails:
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="inquiry", move=action)
    return await details(desk, row)


async def _link(desk: Desk, row: InquiryRow, person_id: UUID | None) -> tuple[Handling, ...]:
    """Whom the answer is about here, and the labels of what came from elsewhere. Problem 404 or 422."""
    if person_id is None:
        return ()
    person = found(await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id), "person")
    if person.role != row.subject:
        raise invalid("the subject and the person's role differ")
    if person.anonymous:
        raise invalid("nothing is told by name of who asked not to be named")
    row.person_id = person.id
    return labels_of(person)


def _composed(desk: Desk, row: InquiryRow, body: InquiryAnswer) -> InformationAnswered:
    """The answer in the field that this kind has. Problem 422 for what was not asked for."""
    says = says_of(row)
    given = body.text if body.text is not None else body.convictions
    event = InformationAnswered(inquiry_id=row.id, at=desk.now, handed_to=body.handed_to)
    if given is None:
        return event
    if says not in FIELDS:
        raise invalid("this does not cross: hand it to the court or to the person, and say so")
    if (says is DataCategory.CONVICTIONS) != (body.convictions is not None):
        raise invalid("that is not what was asked for")
    return event.model_copy(update={FIELDS[says]: tuple(given) if isinstance(given, list) else given})


async def _tell(desk: Desk, row: InquiryRow, out: Outgoing, event: InformationAnswered) -> None:
    """All of it or nothing: an answer of which a rule withholds what was asked for is none. Problem 403."""
    _, decision = preview(desk, out)
    withheld = withheld_fields(event, decision)
    if decision.permitted and withheld:
        await _record_kept(desk, row, withheld)
        raise refused(Decision(permitted=False, withheld={says_of(row): next(iter(withheld.values()))}))
    emitted = await emit(desk, out)
    if emitted.event_id is None:
        raise refused(emitted.decision)


async def _record_kept(desk: Desk, row: InquiryRow, withheld: dict[str, str]) -> None:
    """That policy kept an answer here is recorded, as where it permits none at all."""
    about = {"event_type": InformationAnswered.type, "recipient": row.counterpart_id, "withheld": withheld}
    await record(
        desk,
        organisation_id=desk.organisation,
        action=Action.DECIDED,
        concerning=row.id,
        person_id=row.person_id,
        details=about,
    )
