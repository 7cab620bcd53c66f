"""From a call to the question that would be asked: whom, on which grounds, about whom, and by when it is answered."""

from typing import Self
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.config import JsonDict

from shared.adapters.http import Desk, invalid
from shared.adapters.outbox import Emitted, Outgoing, emit
from shared.casework.directory import store as directory
from shared.casework.inquiries import store
from shared.casework.inquiries.handlers import expect
from shared.casework.inquiries.tables import InquiryRow
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of, labels_of
from shared.casework.referrals.sending import CallBack, ReferralBasis, fields_of_person, grounds_of, person_of
from shared.casework.referrals.store import Parties
from shared.contract.calendar import local_day
from shared.contract.events import InformationRequested
from shared.contract.identifiers import OrganisationId
from shared.contract.information import ANSWERED_BY, Due, due
from shared.contract.vocabulary import Agency, Basis, InformationKind, Purpose, Side, SubjectRole

EXAMPLE: JsonDict = {
    "to": "hospital-talgar",
    "kind": "medical_certificate",
    "person_id": "7b0ea4f6-54a3-44b9-8c5e-6c1f6f6a3f10",
    "basis": {"kind": "consent", "consent_id": "0c1b7f0e-0f6c-4f3a-9a6e-2f6a3b1d5c77"},
    "call_back": "+7 727 000 00 02",
}


class InquiryBasis(ReferralBasis):
    """A consent for `information_request` that names who is asked and what the answer says, or a court's decision."""

    @model_validator(mode="after")
    def _can_be_asked_on(self) -> Self:
        if self.kind not in (Basis.CONSENT, Basis.COURT_DECISION):
            raise ValueError("a question about somebody is asked on a consent or a court's decision")
        return self


class NewInquiry(BaseModel):
    """A question about a person who is recorded here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    to: OrganisationId
    kind: InformationKind
    subject: SubjectRole = SubjectRole.VICTIM
    person_id: UUID
    basis: InquiryBasis
    call_back: CallBack

    @property
    def purpose(self) -> Purpose:
        """There is one for all questions."""
        return Purpose.INFORMATION_REQUEST


async def compose(desk: Desk, body: NewInquiry) -> Outgoing:
    """What would be asked, before policy has spoken. Problem 404 or 422 where it can't be."""
    recipient, by = await _recipient(desk, body), _due(desk, body.kind)
    person = await person_of(desk, body)
    known = await persons.known(desk.session, person) if person else None
    told = {name: value for name, value in fields_of_person(known).items() if name in InformationRequested.model_fields}
    event = InformationRequested(
        inquiry_id=uuid4(),
        kind=body.kind,
        subject=body.subject,
        due_on=by.on,
        remind_on=by.remind_on,
        calendar=by.calendar,
        call_back=body.call_back,
        **told,
    )
    return Outgoing(
        event=event,
        sender=desk.organisation,
        recipient=recipient,
        grounds=await grounds_of(desk, body, person),
        concerning=event.inquiry_id,
        person_id=body.person_id,
        handling=labels_of(person) if person else (),
        capacity=capacity_of(known) if known else None,
    )


async def _recipient(desk: Desk, body: NewInquiry) -> str:
    there = await directory.get(desk.session, organisation_id=body.to)
    if there is None or desk.node.trust.node_of(there.id) is None:
        raise invalid("the network knows no such organisation")
    if there.id == desk.organisation:
        raise invalid("a question goes to another organisation")
    if Agency(there.agency) not in ANSWERED_BY[body.kind]:
        raise invalid("that organisation's agency does not answer this")
    return there.id


def _due(desk: Desk, kind: InformationKind) -> Due:
    by = due(kind, local_day(desk.now), desk.node.calendar)
    if by is None:
        raise invalid("no row says by when this is answered")
    return by


async def ask(desk: Desk, outgoing: Outgoing) -> tuple[InquiryRow | None, Emitted]:
    """Let it leave, keep our copy of what did, and expect an answer. None where policy does not let it leave."""
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        return None, emitted
    event = emitted.content
    if not isinstance(event, InformationRequested):
        raise TypeError("not a question")
    row = await store.keep(
        desk.session,
        event=event,
        grounds=outgoing.grounds,
        side=Side.SENDER,
        parties=Parties(ours=outgoing.sender, theirs=outgoing.recipient, person_id=outgoing.person_id),
        now=desk.now,
    )
    expect(desk, row, remind_on=event.remind_on)
    return row, emitted
