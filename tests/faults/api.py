"""An agency that listens, and calls of each sort that take a body."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_reads import OF_ONE_AGENCY
from tests.deploy.test_security import OURS
from tests.serving import serving
from tests.workbench import bench

CANARY = "Құпия-7391"  # in no text of ours
PERSON = {"role": "victim", "family_name": CANARY}
REFERRAL = {"to": {"organisation": "shelter-far-23"}, "purpose": "lodging", "basis": {"kind": "no_personal_data"}}
REFERRAL |= {"call_back": "+7 727 000 00 00"}


@dataclass(frozen=True)
class Api:
    """An agency that listens, and a call of each sort that takes a body: path and a body that is taken."""

    agency: Agency
    client: httpx.AsyncClient
    posts: dict[str, dict[str, Any]]


@asynccontextmanager
async def listening(network: Network, agency: Agency) -> AsyncIterator[Api]:
    """One agency, and a supervisor of it."""
    token = network.enrolment.token(organisation=OURS[agency], roles=["supervisor"])
    path, body, _ = OF_ONE_AGENCY[agency]
    async with (
        bench(network, agency) as service,
        serving(service) as url,
        httpx.AsyncClient(base_url=f"{url}/v1", headers={"Authorization": f"Bearer {token}"}) as client,
    ):
        yield Api(agency, client, {"/persons": PERSON, "/referrals": REFERRAL, path: body})
