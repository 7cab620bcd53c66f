"""A service is ready for its first caller; told to stop, it lets balancers know, unless nothing balances."""

import signal
from typing import Any

import fastapi.routing
import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from deploy.network import Network
from deploy.serving import Server, prepare
from services.police.app import PARTS
from shared.adapters.settings import Settings
from shared.casework.app import create_app
from shared.contract.vocabulary import Agency
from tests.workbench import bench


def server(*, drain: float) -> Server:
    application = FastAPI()
    application.state.stopping = False
    return Server(uvicorn.Config(application), application, drain=drain)


async def test_it_says_that_it_stops_and_goes_on_until_the_balancer_had_time_to_see() -> None:
    patient = server(drain=0.2)
    patient.handle_exit(signal.SIGTERM, None)
    assert patient.application.state.stopping
    assert not await patient.on_tick(1)
    patient._ends_at = 0.0
    assert await patient.on_tick(2)


@pytest.mark.parametrize(
    ("drain", "signals"),
    [(60.0, (signal.SIGTERM, signal.SIGTERM)), (60.0, (signal.SIGINT,)), (0.0, (signal.SIGTERM,))],
)
async def test_it_ends_at_once_when_nobody_would_look(drain: float, signals: tuple[signal.Signals, ...]) -> None:
    hurried = server(drain=drain)
    for sign in signals:
        hurried.handle_exit(sign, None)
    assert await hurried.on_tick(1)
    assert hurried.application.state.stopping


async def test_a_service_that_stops_still_answers_and_asks_to_be_called_elsewhere(network: Network) -> None:
    async with bench(network, Agency.POLICE) as police, police.client("police-19") as officer:
        assert "connection" not in (await officer.get("/deadlines")).headers
        police.app.state.stopping = True
        ready = await officer.get("http://bench/health/ready")
        assert (ready.status_code, ready.json()["service"], ready.json()["database"]) == (503, "stopping", "up")
        answer = await officer.get("/deadlines")
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")


async def test_no_route_is_left_to_be_made_while_the_first_caller_waits(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made_too_late(*_: Any, **__: Any) -> None:
        raise AssertionError("a route was made ready during a call")

    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(Agency.POLICE).items()}
    app = create_app(PARTS, Settings.model_validate(environment))
    prepare(app)
    monkeypatch.setattr(fastapi.routing, "_populate_api_route_state", made_too_late)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
        assert (await client.get("/v1/referrals")).status_code == httpx.codes.UNAUTHORIZED
        assert (await client.get("/desk/nowhere")).status_code == httpx.codes.NOT_FOUND
    await app.state.database.close()
