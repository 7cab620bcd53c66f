"""FHIR: Organization and HealthcareService: the directory, and who has room."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from services.health.fhir.answers import FhirRoute
from services.health.fhir.elements import Element
from services.health.fhir.organization import healthcare_service, organization
from services.health.fhir.parameters import ALL_AT_ONCE, parameters
from services.health.fhir.searching import page_of, system
from shared.adapters.http import Desk, Reader, found
from shared.casework.directory.endpoints import Organisation, list_organisations
from shared.casework.directory.store import get
from shared.casework.standards.known import board, by_organisation

router = APIRouter(prefix="/fhir/Organization", route_class=FhirRoute)
services = APIRouter(prefix="/fhir/HealthcareService", route_class=FhirRoute)
OrganisationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9.-]{1,64}$")]  # FHIR's own `id`
SEARCHED = ("_id", "active", "organization", "service-type")


@router.get("/{organisation_id}")
async def read_organization(organisation_id: OrganisationId, desk: Reader) -> Element:
    """An organisation of the network."""
    return organization(await _known(desk, organisation_id, "organisation"))


@services.get("/{organisation_id}")
async def read_healthcare_service(organisation_id: OrganisationId, desk: Reader) -> Element:
    """What an organisation takes referrals for, and how much room it has."""
    one = await _known(desk, organisation_id, "service")
    return healthcare_service(one, await board(desk, organisation_id=one.id))


async def _known(desk: Desk, organisation_id: str, what: str) -> Organisation:
    return Organisation.model_validate(found(await get(desk.session, organisation_id=organisation_id), what))


@services.get("")
async def search_healthcare_services(request: Request, desk: Reader) -> Element:
    """Who takes referrals, in the order of their ids: all on one page."""
    asked = parameters(request.query_params.multi_items(), known=SEARCHED, paging=ALL_AT_ONCE)
    purposes = asked.tokens("service-type", systems=[system("purpose")])
    ids = [asked.ids("_id", "HealthcareService"), asked.ids("organization", "Organization")]
    among = [one for one in ids if one is not None]
    active = asked.one("active") in (None, "true")
    there = (await list_organisations(desk)).items
    units = by_organisation(await board(desk))
    return page_of(
        request,
        [
            healthcare_service(one, units.get(one.id, ()))
            for one in there
            if active and all(one.id in named for named in among) and _offers(one, purposes)
        ],
    )


def _offers(one: Organisation, purposes: list[str] | None) -> bool:
    return bool(one.purposes) if purposes is None else bool(set(purposes) & {*one.purposes})
