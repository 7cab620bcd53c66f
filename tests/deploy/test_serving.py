"""Told to stop, a service lets balancers know first, unless it is told twice or nothing balances."""

import signal

import pytest
import uvicorn
from fastapi import FastAPI

from deploy.network import Network
from deploy.serving import Server
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
