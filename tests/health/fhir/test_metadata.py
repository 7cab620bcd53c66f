"""The CapabilityStatement says what there is, and nothing else is there."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi.routing import APIRoute

from deploy.network import Network
from services.health.fhir import communications, consents, organisations, service_requests, tasks
from services.health.fhir.capability import METHODS, OF_INSTANCES, RESOURCES, capability
from services.health.fhir.routers import RESOURCES as ROUTERS
from shared.contract.vocabulary import Agency
from tests.health.fhir.system import System
from tests.health.fhir.valid import valid
from tests.workbench import Bench, bench

SEARCHED = {
    "Task": tasks.SEARCHED,
    "ServiceRequest": service_requests.SEARCHED,
    "Consent": consents.SEARCHED,
    "Communication": communications.SEARCHED,
    "HealthcareService": organisations.SEARCHED,
}


@pytest.fixture
async def health(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH) as service:
        yield service


def test_it_lists_exactly_the_routes_that_there_are() -> None:
    routes = [route for router in ROUTERS for route in router.routes]
    there = {
        (method, route.path.split("/")[2], "{" in route.path)
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    listed = {(METHODS[code], kind, code in OF_INSTANCES) for kind, (codes, _) in RESOURCES.items() for code in codes}
    assert there == listed
    assert len(routes) == len(there)


def test_it_lists_exactly_the_search_parameters_that_are_taken() -> None:
    listed = {kind: set(searched) for kind, (_, searched) in RESOURCES.items() if searched}
    assert listed == {kind: {name for name in taken if name != "_include"} for kind, taken in SEARCHED.items()}
    statement = valid(capability(url="https://health.example/v1/fhir"))
    with_includes = {one["type"] for one in statement["rest"][0]["resource"] if "searchInclude" in one}
    assert with_includes == {kind for kind, taken in SEARCHED.items() if "_include" in taken}


async def test_whoever_asks_may_read_it_before_they_have_a_token(health: Bench) -> None:
    transport = httpx.ASGITransport(app=health.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench/v1") as nobody:
        statement = await System(nobody).read("metadata")
    assert (statement["fhirVersion"], statement["format"]) == ("4.0.1", ["json"])
    assert statement["implementation"]["url"] == f"{health.app.state.settings.public_url}/v1/fhir"
    assert statement["rest"][0]["security"]["service"][0]["coding"][0]["code"] == "OAuth"


async def test_what_it_does_not_list_is_answered_as_fhir_answers(health: Bench) -> None:
    async with health.client("hospital-19") as client:
        system = System(client)
        for path in ("Observation", "Observation/1", "Task/1/_history", "$convert", "Task/1/2"):
            answer = await system.call("GET", path)
            assert (answer.status_code, answer.json()["issue"][0]["code"]) == (404, "not-found"), path
        for verb, path, allowed in (
            ("DELETE", "Task/1", "GET, PUT"),
            ("POST", "Task", "GET"),
            ("PATCH", "Consent/1", "GET"),
            ("GET", "Procedure", "POST"),
        ):
            answer = await system.call(verb, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, allowed), (verb, path)


async def test_fhir_is_described_by_itself_and_not_among_our_own_calls(health: Bench) -> None:
    assert not [path for path in health.app.openapi()["paths"] if "fhir" in path]


async def test_only_the_health_service_speaks_fhir(network: Network) -> None:
    async with bench(network, Agency.POLICE) as police, police.client("police-19") as officer:
        assert (await officer.get("/fhir/metadata")).status_code == 404
