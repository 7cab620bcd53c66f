"""The read-only API of HSDS 3.1 over the directory and the bed board.

Of its calls those that HSDS requires, and organisations. Lists hold whole objects, since what is looked for here, free
places, hangs on a service. Of its filters there are `organization_id` and `taxonomy_term_id`; another is refused: an
answer that left it out would be taken for what was asked.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from shared.adapters.http import Reader, TransactionalRoute, found, invalid
from shared.casework.disclosures.words import Language
from shared.casework.standards import hsds
from shared.casework.standards.known import Known, all_known
from shared.casework.standards.shapes import HsdsApi, HsdsOrganization, HsdsPage, HsdsService
from shared.casework.standards.terms import Term
from shared.contract.vocabulary import Purpose

KNOWN = frozenset({"organization_id", "taxonomy_term_id", "page", "per_page", "language"})


async def _only_what_is_known(request: Request) -> None:
    """Problem 422 for a filter that is not known here."""
    if not {*request.query_params} <= KNOWN:
        raise invalid("a filter that is not known here: see /openapi.json")


router = APIRouter(
    prefix="/hsds", tags=["standards"], route_class=TransactionalRoute, dependencies=[Depends(_only_what_is_known)]
)
VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/en/latest/hsds/"  # no profile of our own: HSDS as it is
MOST_PAGES = 1_000_000

Page = Annotated[int, Query(ge=1, le=MOST_PAGES, description="Which page, from 1")]
PerPage = Annotated[int, Query(ge=1, le=200, description="How many on a page")]
Spoken = Annotated[Language, Query(description="In which language names are; ids do not depend on it")]
Found = TypeVar("Found")
Shown = TypeVar("Shown")


@router.get("")
async def describe_hsds(_: Reader, request: Request) -> HsdsApi:
    """Which version of HSDS this is, and where this API is described."""
    base = request.app.state.settings.public_url or str(request.base_url)
    return HsdsApi(version=VERSION, profile=PROFILE, openapi_url=f"{base.rstrip('/')}/openapi.json")


@router.get("/services", response_model_exclude_none=True)
async def list_hsds_services(
    desk: Reader,
    *,
    organization_id: UUID | None = None,
    taxonomy_term_id: UUID | None = None,
    page: Page = 1,
    per_page: PerPage = 50,
    language: Spoken = Language.KK,
) -> HsdsPage[HsdsService]:
    """What can be asked for in the network, by organisation, with the free places of each."""
    such = [
        (known, purpose)
        for known, purpose in _services(await all_known(desk))
        if organization_id in (None, hsds.organization_id(known))
        and _has(hsds.terms_of_service(known, purpose), taxonomy_term_id)
    ]
    return _page(such, page, per_page, lambda one: hsds.service(*one, language))


@router.get("/services/{service_id}", response_model_exclude_none=True)
async def read_hsds_service(service_id: UUID, desk: Reader, language: Spoken = Language.KK) -> HsdsService:
    """One service."""
    every = _services(await all_known(desk))
    known, purpose = found(next((one for one in every if hsds.service_id(*one) == service_id), None), "service")
    return hsds.service(known, purpose, language)


@router.get("/organizations", response_model_exclude_none=True)
async def list_hsds_organizations(
    desk: Reader,
    *,
    taxonomy_term_id: UUID | None = None,
    page: Page = 1,
    per_page: PerPage = 50,
    language: Spoken = Language.KK,
) -> HsdsPage[HsdsOrganization]:
    """The directory, each organisation with its services."""
    every = await all_known(desk)
    such = [known for known in every if _has(hsds.terms_of_organization(known), taxonomy_term_id)]
    return _page(such, page, per_page, lambda known: hsds.organization(known, language))


@router.get("/organizations/{organization_id}", response_model_exclude_none=True)
async def read_hsds_organization(
    organization_id: UUID, desk: Reader, language: Spoken = Language.KK
) -> HsdsOrganization:
    """One organisation with its services."""
    every = await all_known(desk)
    known = found(next((one for one in every if hsds.organization_id(one) == organization_id), None), "organization")
    return hsds.organization(known, language)


def _services(every: Sequence[Known]) -> list[tuple[Known, Purpose]]:
    return [(known, purpose) for known in every for purpose in hsds.offered(known)]


def _has(terms: Sequence[Term], wanted: UUID | None) -> bool:
    return wanted is None or any(term.id == wanted for term in terms)


def _page(such: Sequence[Found], number: int, size: int, show: Callable[[Found], Shown]) -> HsdsPage[Shown]:
    """A page by its number, as HSDS counts them: `size` is how many are on this one. Only these are made."""
    shown = [show(one) for one in such[(number - 1) * size : number * size]]
    pages = -(-len(such) // size)
    return HsdsPage(
        total_items=len(such),
        total_pages=pages,
        page_number=number,
        size=len(shown),
        first_page=number == 1,
        last_page=number >= pages,
        empty=not shown,
        contents=shown,
    )
