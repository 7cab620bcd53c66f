"""What the calls for questions answer with."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from shared.adapters.http import Desk
from shared.adapters.outcomes import delivery_of
from shared.casework.disclosures.endpoints import Withheld
from shared.casework.inquiries import store
from shared.casework.inquiries.tables import InquiryRow
from shared.casework.inquiries.telling import readable
from shared.contract.calendar import end_of
from shared.contract.decisions import fields_of
from shared.contract.events import Event, InformationAnswered, InformationRequested
from shared.contract.information import allowed_actions
from shared.contract.vocabulary import (
    Basis,
    DataCategory,
    EventType,
    HandedTo,
    InformationKind,
    InquiryAction,
    InquiryState,
    RefusalGround,
    Side,
    SubjectRole,
)

Content = dict[str, Any]
OURS = {Side.SENDER: EventType.INFORMATION_REQUESTED, Side.RECEIVER: EventType.INFORMATION_ANSWERED}


class Inquiry(BaseModel):
    """One side's copy. `asked` and `answer` are what crossed, as far as it may still be read.

    `due_on`: up to the end of that day, which was worked out when the question was asked; `late` once that is over and
    it was not answered or refused before.
    """

    id: UUID
    side: Side
    counterpart_id: str
    person_id: UUID | None
    kind: InformationKind
    subject: SubjectRole
    basis: Basis
    consent_id: UUID | None
    state: InquiryState
    ground: RefusalGround | None
    handed_to: HandedTo | None
    asked: Content | None
    answer: Content | None
    due_on: date | None
    calendar_version: str | None
    late: bool
    created_at: datetime
    settled_at: datetime | None
    erased_at: datetime | None


class InquiryDetails(Inquiry):
    """A copy with how far our own part of it is (the question, or the answer), and what can be done now."""

    delivery: Literal["waiting", "sent", "received", "refused", "withheld"] | None
    allowed: list[InquiryAction]


class SentInquiry(Inquiry):
    """A question as it left, and what was withheld by which rule."""

    withheld: list[Withheld]


async def shown(desk: Desk, rows: list[InquiryRow]) -> list[Inquiry]:
    """Copies with what may be read of them now."""
    asked = await store.contents(desk.session, rows, "sealed")
    told = await store.contents(desk.session, rows, "answer")
    return [await _shown(desk, *one) for one in zip(rows, asked, told, strict=True)]


async def details(desk: Desk, row: InquiryRow) -> InquiryDetails:
    """One copy with all that is known of it."""
    ours = OURS[Side(row.side)]
    return InquiryDetails(
        **(await shown(desk, [row]))[0].model_dump(),
        delivery=await delivery_of(desk.session, organisation_id=desk.organisation, concerning=row.id, of=ours),
        allowed=list(allowed_actions(InquiryState(row.state), Side(row.side))),
    )


async def _shown(desk: Desk, row: InquiryRow, asked: Content | None, told: Content | None) -> Inquiry:
    """What came is decided again; what an organisation said itself it may read."""
    everything = frozenset(DataCategory)
    came = await readable(desk, row) if asked or told else everything
    theirs, ours = (came, everything) if row.side == Side.RECEIVER else (everything, came)
    content = {
        "asked": _readable(InformationRequested, asked, theirs),
        "answer": _readable(InformationAnswered, told, ours),
    }
    return Inquiry.model_validate({**row.model_dump(), **content, "late": _is_late(row, desk.now)})


def _readable(model: type[Event], content: Content | None, allowed: frozenset[DataCategory]) -> Content | None:
    if content is None:
        return None
    categories, told = fields_of(model), allowed - {DataCategory.ROUTING}
    return {name: value for name, value in content.items() if categories.get(name) in told}


def _is_late(row: InquiryRow, now: datetime) -> bool:
    if row.due_on is None or row.state in (InquiryState.CANCELLED, InquiryState.ENDED):
        return False
    return (row.settled_at or now) >= end_of(row.due_on)
