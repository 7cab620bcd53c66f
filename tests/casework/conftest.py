"""What tests of casework share."""

from collections.abc import AsyncIterator

import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.asking import GIVEN, HOSPITAL, SOCIAL, SPOKEN, Case
from tests.pair import NAME, NOW, POLICE, SHELTER, Two, made
from tests.workbench import bench


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.SHELTER, at=NOW) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)


@pytest.fixture
async def social_asks_health(network: Network) -> AsyncIterator[Case]:
    async with (
        bench(network, Agency.SOCIAL, at=NOW) as social,
        bench(network, Agency.HEALTH, at=NOW) as health,
        social.client(SOCIAL, "supervisor") as asker,
        health.client(HOSPITAL, "supervisor") as clerk,
    ):
        one = Case(social, health, asker, clerk)
        one.her = await made(
            await asker.post("/persons", json={"role": "victim", "family_name": NAME, "address": "Есік"})
        )
        one.consent = await made(await asker.post("/consents", json={"person_id": one.her, **GIVEN, **SPOKEN}))
        yield one


@pytest.fixture
async def police_ask_health(network: Network) -> AsyncIterator[Case]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.HEALTH, at=NOW) as health,
        police.client(POLICE) as asker,
        health.client(HOSPITAL) as clerk,
    ):
        one = Case(police, health, asker, clerk)
        one.her = await made(await asker.post("/persons", json={"role": "alleged_offender", "family_name": NAME}))
        given = {**GIVEN, "categories": ["identity", "addiction", "health"], "person_id": one.her, **SPOKEN}
        one.consent = await made(await asker.post("/consents", json=given))
        yield one
