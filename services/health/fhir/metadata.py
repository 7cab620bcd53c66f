"""FHIR: what this service can do; and a plain answer for what it can't."""

from typing import NoReturn

from fastapi import APIRouter, Request

from services.health.fhir.answers import FhirRoute, OpenRoute
from services.health.fhir.capability import METHODS, OF_INSTANCES, RESOURCES, capability
from services.health.fhir.elements import Element
from services.health.fhir.searching import base
from shared.adapters.http import Reader
from shared.contract.errors import Problem

router = APIRouter(prefix="/fhir", route_class=OpenRoute)
others = APIRouter(prefix="/fhir", route_class=FhirRoute)


@router.get("/metadata")
async def read_metadata(request: Request) -> Element:
    """The CapabilityStatement, for whoever asks: a system reads it before it has a token."""
    return capability(url=base(request))


@others.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def refuse(rest: str, _: Reader) -> NoReturn:
    """Whatever else FHIR has."""
    kind, *inside = rest.split("/")
    if kind not in RESOURCES or len(inside) > 1:
        raise Problem(404, "not-supported", "there is no such resource here: see metadata")
    allowed = [METHODS[code] for code in RESOURCES[kind][0] if (code in OF_INSTANCES) == bool(inside)]
    headers = {"Allow": ", ".join(allowed)}
    raise Problem(405, "not-supported", "this resource has no such interaction here: see metadata", headers=headers)
