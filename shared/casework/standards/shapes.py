"""The objects of the Human Services Data Specification 3.1 (Open Referral), as far as anything is known here.

A field that nobody speaks of is absent. Some have no place here at all: an address, coordinates, a named contact. So
nothing here can hold one.
"""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

Listed = TypeVar("Listed")


class HsdsApi(BaseModel):
    """What is spoken here, and where it is described."""

    version: str
    profile: str
    openapi_url: str


class HsdsTerm(BaseModel):
    """A taxonomy term: a code of this network, or a place by its KATO code."""

    id: UUID
    code: str
    name: str
    description: str
    taxonomy: str


class HsdsAttribute(BaseModel):
    """A term that is true of something."""

    id: UUID
    link_id: UUID
    link_entity: Literal["organization", "service"]
    taxonomy_term_id: UUID
    taxonomy_term: HsdsTerm


class HsdsPhone(BaseModel):
    """The number under which an organisation says that it can be reached."""

    id: UUID
    number: str


class HsdsLanguage(BaseModel):
    """A language that is spoken there (ISO 639)."""

    id: UUID
    code: str
    name: str | None = None


class HsdsUnit(BaseModel):
    """What is counted: a place for somebody."""

    id: UUID
    name: str
    scheme: str
    identifier: str


class HsdsCapacity(BaseModel):
    """A unit of the bed board. `updated`: when it was counted."""

    id: UUID
    service_id: UUID
    unit: HsdsUnit
    available: int
    maximum: int
    description: str
    updated: datetime


class HsdsLocation(BaseModel):
    """A town or district. There is none of whoever lodges somebody."""

    id: UUID
    location_type: Literal["physical"]
    name: str
    external_identifier: str = Field(description="The KATO code of a town or district")
    external_identifier_type: str


class HsdsPlacedService(BaseModel):
    """A service at a location (`service_at_location`)."""

    id: UUID
    service_id: UUID
    location_id: UUID
    location: HsdsLocation


class HsdsProvider(BaseModel):
    """The organisation that gives a service, without what hangs on it."""

    id: UUID
    name: str
    description: str


class HsdsService(BaseModel):
    """What an organisation can be asked for, and how many places it has free. `assured_date`: of what it said last."""

    id: UUID
    organization_id: UUID
    organization: HsdsProvider | None = None
    name: str
    status: Literal["active"]
    assured_date: date
    phones: list[HsdsPhone] | None = None
    languages: list[HsdsLanguage] | None = None
    service_at_locations: list[HsdsPlacedService] | None = None
    capacities: list[HsdsCapacity] | None = None
    attributes: list[HsdsAttribute]


class HsdsOrganization(HsdsProvider):
    """An organisation with its services."""

    phones: list[HsdsPhone] | None = None
    locations: list[HsdsLocation] | None = None
    services: list[HsdsService]
    attributes: list[HsdsAttribute]


class HsdsPage(BaseModel, Generic[Listed]):
    """A page of a list, with the places of the others."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[Listed]
