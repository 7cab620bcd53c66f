"""FHIR: Consent and Patient: what people of this organisation allowed, and who they are here."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.health.fhir.answers import FhirRoute, version
from services.health.fhir.consent import consent
from services.health.fhir.elements import Element
from services.health.fhir.parameters import ALL_AT_ONCE, parameters
from services.health.fhir.patient import patient
from services.health.fhir.searching import page_of
from shared.adapters.http import Reader, invalid
from shared.casework.consents.endpoints import read_consent as read
from shared.casework.consents.of_person import list_consents
from shared.casework.persons.endpoints import read_person

router = APIRouter(prefix="/fhir/Consent", route_class=FhirRoute)
patients = APIRouter(prefix="/fhir/Patient", route_class=FhirRoute)
STATUS_SYSTEM = "http://hl7.org/fhir/consent-state-codes"
SEARCHED = ("patient", "status")


@router.get("/{consent_id}")
async def read_consent(consent_id: UUID, desk: Reader) -> Element:
    """A consent that was given here, or that something sent to us relied on."""
    return consent(await read(consent_id, desk), desk.now)


@router.get("")
async def search_consents(request: Request, desk: Reader) -> Element:
    """All that a person of this organisation allowed here, newest first."""
    asked = parameters(request.query_params.multi_items(), known=SEARCHED, paging=ALL_AT_ONCE)
    whose = asked.uuids("patient", "Patient")
    if whose is None or len(whose) != 1:
        raise invalid("patient is needed: one Patient of this organisation")
    statuses = asked.tokens("status", systems=[STATUS_SYSTEM])
    given = [consent(one, desk.now) for one in (await list_consents(whose[0], desk)).items]
    return page_of(request, [one for one in given if statuses is None or one["status"] in statuses])


@patients.get("/{person_id}")
async def read_patient(person_id: UUID, desk: Reader, response: Response) -> Element:
    """A person as this organisation knows them. Who is anonymous is named nowhere."""
    person = await read_person(person_id, desk, response)
    response.headers["ETag"] = version(person.revision)
    return patient(person)
