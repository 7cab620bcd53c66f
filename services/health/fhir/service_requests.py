"""FHIR: the ServiceRequest of a referral: read, search."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.health.fhir.answers import FhirRoute, version
from services.health.fhir.elements import Element
from services.health.fhir.following import followed
from services.health.fhir.parameters import parameters
from services.health.fhir.searching import search, standing, system
from services.health.fhir.service_request import PURPOSES, service_request
from services.health.fhir.statuses import request_status
from services.health.fhir.store import Such
from shared.adapters.http import Reader
from shared.casework.referrals import endpoints as referrals

router = APIRouter(prefix="/fhir/ServiceRequest", route_class=FhirRoute)
STATUS_SYSTEM = "http://hl7.org/fhir/request-status"
INTENT_SYSTEM = "http://hl7.org/fhir/request-intent"
SEARCHED = (
    "_id",
    "_lastUpdated",
    "authored",
    "code",
    "intent",
    "patient",
    "performer",
    "requester",
    "status",
    "subject",
)


@router.get("/{referral_id}")
async def read_service_request(referral_id: UUID, desk: Reader, response: Response) -> Element:
    """What a referral asks for."""
    referral = await referrals.read_referral(referral_id, desk, response)
    response.headers["ETag"] = version(referral.revision)
    return service_request((await followed(desk, [referral]))[0])


@router.get("")
async def search_service_requests(request: Request, desk: Reader) -> Element:
    """Referrals that this organisation sent or received, as ServiceRequests, newest first."""
    asked = parameters(request.query_params.multi_items(), known=SEARCHED)
    intents = asked.tokens("intent", systems=[INTENT_SYSTEM])
    ids = asked.uuids("_id", "ServiceRequest")
    persons = [asked.uuids("subject", "Patient"), asked.uuids("patient", "Patient")]
    whose = [set(one) for one in persons if one is not None]
    such = Such(
        ids=[] if intents is not None and "order" not in intents else ids,
        statuses=standing(asked.tokens("status", systems=[STATUS_SYSTEM]), request_status),
        senders=asked.ids("requester", "Organization"),
        receivers=asked.ids("performer", "Organization"),
        purposes=asked.tokens("code", systems=[system(PURPOSES)]),
        persons=set.intersection(*whose) if whose else None,
        updated=asked.spans("_lastUpdated"),
        authored=asked.spans("authored"),
    )
    return await search(request, desk, asked, such, service_request)
