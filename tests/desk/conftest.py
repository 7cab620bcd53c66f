"""Somebody who is signed in at a service at rest."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from shared.desk import sessions
from tests.workbench import Bench, bench

SignIn = Callable[..., Coroutine[Any, Any, httpx.AsyncClient]]


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
async def health(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH) as service:
        yield service


@pytest.fixture
async def social(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SOCIAL) as service:
        yield service


@pytest.fixture
async def signed_in() -> AsyncIterator[SignIn]:
    """A browser of somebody of an organisation, in English unless it says otherwise."""
    async with AsyncExitStack() as open_:

        async def sign_in(service: Bench, organisation: str, *roles: str, who: str = "dev") -> httpx.AsyncClient:
            claims = {"sub": f"{who}@{organisation}", "org": organisation, "roles": list(roles or ("worker",))}
            key = await sessions.begin(service.app.state, claims | {"name": "Дәурен"})
            transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
            browser = httpx.AsyncClient(
                transport=transport,
                base_url="http://bench",
                cookies={sessions.COOKIE: key},
                headers={"accept-language": "en"},
            )
            return await open_.enter_async_context(browser)

        yield sign_in
