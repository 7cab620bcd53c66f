"""From a call to what a letter would say: to whom, on which grounds, and of which order."""

from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from shared.adapters.http import Desk, found, invalid
from shared.adapters.outbox import Outgoing
from shared.casework.letters import store
from shared.casework.letters.tables import PartnerRow
from shared.casework.parts import AgencyParts, OrderTold
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of, labels_of
from shared.casework.persons.details import Known
from shared.casework.referrals.sending import CallBack, FreeText, ReferralBasis, grounds_of, person_of
from shared.contract.events import LetterWritten
from shared.contract.identifiers import OrganisationId
from shared.contract.vocabulary import LetterKind, Need, Partner, Purpose, SubjectRole

# Of a person, all that a letter has a field for.
FIELDS = ("family_name", "given_name", "patronymic", "birth_date", "phone")
EXAMPLE: JsonDict = {
    "to": "school-talgar",
    "person_id": "7b0ea4f6-54a3-44b9-8c5e-6c1f6f6a3f10",
    "purpose": "restoration_of_rights",
    "basis": {"kind": "consent", "consent_id": "0d4c9e5e-7a0f-4a53-9b0c-3a2f5d0b8a11"},
    "needs": ["school"],
    "call_back": "+7 727 000 00 02",
}


class NewLetter(BaseModel):
    """A letter to write. With `order_id` it is the notice of an order, whose purpose is `protection_order`."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    to: OrganisationId
    person_id: UUID
    subject: SubjectRole = SubjectRole.VICTIM
    purpose: Purpose
    basis: ReferralBasis
    order_id: UUID | None = None
    needs: list[Need] = Field(default=[], max_length=len(Need))
    call_back: CallBack
    circumstances: FreeText | None = None

    @model_validator(mode="after")
    def _a_notice_names_its_order(self) -> Self:
        if (self.purpose is Purpose.PROTECTION_ORDER) != (self.order_id is not None):
            raise ValueError("the notice of an order names the order, and no other letter does")
        return self


class Composed(NamedTuple):
    """What would be written, and to whom."""

    outgoing: Outgoing
    partner: PartnerRow


async def compose(desk: Desk, body: NewLetter, request: Request, *, letter_id: UUID, number: str) -> Composed:
    """What would be written, before policy has spoken. Problem 404, 410 or 422 where it can't be."""
    partner = await store.partner(desk.session, partner_id=body.to)
    if partner is None or has_service(desk, partner.id):
        raise invalid("no such partner can be written to")
    person = found(await person_of(desk, body), "person")
    known = await persons.known(desk.session, person)
    order = await _order(desk, body, request)
    event = LetterWritten(
        letter_id=letter_id,
        number=number,
        kind=LetterKind.REFERRAL if order is None else LetterKind.ORDER_NOTICE,
        at=desk.now,
        call_back=body.call_back,
        needs=tuple(body.needs) or None,
        circumstances=body.circumstances,
        **_of_person(known),
        **_of_order(order),
    )
    outgoing = Outgoing(
        event=event,
        sender=desk.organisation,
        recipient=partner.id,
        grounds=await grounds_of(desk, body, person),
        concerning=letter_id,
        person_id=body.person_id,
        handling=labels_of(person),
        capacity=capacity_of(known),
        partner=Partner(partner.kind),
    )
    return Composed(outgoing, partner)


def has_service(desk: Desk, partner_id: str) -> bool:
    """Whether an organisation of this id has joined the network since: it is not written to, but referred to."""
    return desk.node.trust.node_of(partner_id) is not None


async def _order(desk: Desk, body: NewLetter, request: Request) -> OrderTold | None:
    """The order that is told of, if it is. Problem 404 where it is not ours, 422 where it is about others."""
    if body.order_id is None:
        return None
    parts: AgencyParts = request.app.state.parts
    if parts.order_told is None:
        raise invalid("whoever makes orders tells of them")
    order: OrderTold = found(await parts.order_told(desk, body.order_id, desk.organisation), "order")
    named = order.against if body.subject is SubjectRole.ALLEGED_OFFENDER else order.protects
    if body.person_id not in named:
        raise invalid("the order does not name this person in this role")
    return order


def _of_person(known: Known) -> dict[str, Any]:
    return {name: getattr(known, name) or None for name in FIELDS}


def _of_order(order: OrderTold | None) -> dict[str, Any]:
    if order is None:
        return {}
    return {"order_kind": order.kind, "order_from": order.from_day, "order_until": order.last_day}


def row_of(composed: Composed, *, year: int, serial: int, order_id: UUID | None, now: datetime) -> dict[str, Any]:
    """The columns of a letter that was let out."""
    outgoing = composed.outgoing
    grounds = outgoing.grounds
    return {
        "id": outgoing.concerning,
        "organisation_id": outgoing.sender,
        "person_id": outgoing.person_id,
        "partner_id": composed.partner.id,
        "kind": LetterKind.REFERRAL if order_id is None else LetterKind.ORDER_NOTICE,
        "year": year,
        "serial": serial,
        "purpose": grounds.purpose,
        "subject": grounds.subject,
        "basis": grounds.basis,
        "consent_id": grounds.consent.id if grounds.consent else None,
        "order_id": order_id,
        "written_at": now,
    }
