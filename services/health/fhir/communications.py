"""FHIR: Communication: the conversation about a referral."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.health.fhir.answers import FhirRoute
from services.health.fhir.communication import communication
from services.health.fhir.elements import Element
from services.health.fhir.given import LITERALLY, Reference
from services.health.fhir.parameters import parameters
from services.health.fhir.searching import page_of
from shared.adapters.http import Desk, OnceKey, Reader, Writer, found, invalid, not_found
from shared.casework.messages import store
from shared.casework.messages.endpoints import NewMessage, read_messages, show, write_message
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals import store as referrals
from shared.casework.referrals.sending import FreeText
from shared.casework.referrals.tables import ReferralRow

router = APIRouter(prefix="/fhir/Communication", route_class=FhirRoute)
SEARCHED = ("based-on",)
BASED_ON = ("Task", "ServiceRequest")


class Payload(BaseModel):
    """What is written."""

    text: FreeText = Field(alias="contentString")


class NewCommunication(BaseModel):
    """A Communication to send. The recipient is the other side of the referral; an attachment is not taken."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    kind: Literal["Communication"] = Field(alias="resourceType")
    based_on: list[Reference] = Field(alias="basedOn", min_length=1, max_length=1)
    payload: list[Payload] = Field(min_length=1, max_length=1)


@router.get("/{message_id}")
async def read_communication(message_id: UUID, desk: Reader) -> Element:
    """A message. What the other side wrote is marked as read, and they are told."""
    row: MessageRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, message_id=message_id), "message"
    )
    referral = await _referral(desk, row.referral_id)
    if row.author_id not in _parties(referral):  # it came before the referral, from somebody it does not concern
        raise not_found("message")
    (message,) = await show(desk, referral, [row])
    return communication(message, parties=_parties(referral))


@router.get("")
async def search_communications(request: Request, desk: Reader) -> Element:
    """The conversation about a referral, newest first. What the other side wrote is marked as read; they are told."""
    asked = parameters(request.query_params.multi_items(), known=SEARCHED)
    based_on = asked.uuids("based-on", *BASED_ON)
    if based_on is None or len(based_on) != 1:
        raise invalid("based-on is needed: the Task or the ServiceRequest of one referral")
    parties = _parties(await _referral(desk, based_on[0]))
    page = await read_messages(based_on[0], desk, asked.cursor, asked.count)
    return page_of(request, [communication(one, parties=parties) for one in page.items], following=page.next)


@router.post("", status_code=201)
async def create_communication(body: NewCommunication, desk: Writer, response: Response, _: OnceKey = None) -> Element:
    """Write to the other side, as far as policy lets it."""
    row_id = body.based_on[0].row("basedOn", *BASED_ON)
    if row_id is None:
        raise invalid(LITERALLY, name="basedOn")
    referral = await _referral(desk, row_id)
    message = await write_message(referral.id, NewMessage(body=body.payload[0].text), desk)
    response.headers["Location"] = f"/v1/fhir/Communication/{message.id}"
    return communication(message, parties=_parties(referral))


async def _referral(desk: Desk, referral_id: UUID) -> ReferralRow:
    row: ReferralRow = found(
        await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id), "referral"
    )
    return row


def _parties(referral: ReferralRow) -> tuple[str, str]:
    return referral.organisation_id, referral.counterpart_id
