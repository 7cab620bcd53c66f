"""A service is ready for its first caller; told to stop, it lets balancers know, unless nothing balances."""

import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import fastapi.routing
import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from deploy.demo.office import eventually
from deploy.embedded.processes import Child
from deploy.network import Network
from deploy.serving import Server, prepare
from services.police.app import PARTS
from shared.adapters.settings import Settings
from shared.casework.app import create_app
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency
from tests.certificates import Authority
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


@pytest.fixture
async def closed(network: Network, tmp_path: Path) -> AsyncIterator[tuple[str, Authority]]:
    """A service that does TLS itself and answers nobody without a certificate: where it is, and who signs for both."""
    authority = Authority(tmp_path)
    own = authority.issue("service")
    files = {"CERT": own.certificate, "KEY": own.key, "CLIENT_CA": authority.file}
    environment = network.environment(Agency.POLICE) | {f"QORGAU_TLS_{k}_FILE": str(v) for k, v in files.items()}
    listening = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-m", "deploy.cli", "serve", "police", "--fd", str(listening.fileno())]
    service = Child("closed", log=tmp_path / "closed.log")
    await service.start(command, env=environment, pass_fds=[listening.fileno()])
    yield f"https://127.0.0.1:{listening.getsockname()[1]}", authority
    await service.stop()
    listening.close()


def calling(url: str, authority: Authority, by: Authority | None = None) -> httpx.AsyncClient:
    """A caller who knows the service's authority, with a certificate of another one or of none."""
    context = ssl.create_default_context(cafile=authority.file)
    if by is not None:
        shown = by.issue("caller")
        context.load_cert_chain(shown.certificate, shown.key)
    return httpx.AsyncClient(base_url=url, verify=context, timeout=30)


@pytest.mark.processes
async def test_a_service_with_an_authority_for_callers_answers_who_shows_a_certificate_of_it(
    closed: tuple[str, Authority], network: Network, tmp_path: Path
) -> None:
    url, authority = closed
    async with calling(url, authority, authority) as known:

        async def answers() -> bool:
            try:
                return (await known.get("/health/live")).status_code == httpx.codes.OK
            except httpx.ConnectError:
                return False

        await eventually("the service answers", answers)
        assert (await known.get("/v1/organisations")).status_code == httpx.codes.UNAUTHORIZED  # a token all the same
        token = network.enrolment.token(organisation="police-19", roles=["worker"])
        answer = await known.get("/v1/organisations", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == httpx.codes.OK
    for by in (None, Authority(tmp_path, "somebody")):
        async with calling(url, authority, by) as stranger:
            with pytest.raises(httpx.TransportError):
                await stranger.get("/health/live")
    async with httpx.AsyncClient(base_url=url.replace("https", "http")) as in_the_clear:
        with pytest.raises(httpx.TransportError):
            await in_the_clear.get("/health/live")


@pytest.mark.parametrize("given", [{"tls_cert_file": "x"}, {"tls_key_file": "x"}, {"tls_client_ca_file": "x"}], ids=str)
def test_half_of_what_tls_needs_stops_the_service(network: Network, given: dict[str, str]) -> None:
    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(Agency.POLICE).items()}
    with pytest.raises(SettingsError, match="QORGAU_TLS_"):
        Settings.model_validate({**environment, **given})
