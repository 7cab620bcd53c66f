"""Keys are replaced and revoked while the network works: nothing is lost, nothing happens twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from typer.testing import CliRunner

from deploy.cli import app
from deploy.demo.office import Office, arrives, eventually
from deploy.network import Network, Options, sample_organisations
from shared.contract.vocabulary import Agency
from tests.journeys.test_referrals import OPAQUE

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("keys")]
IMPATIENT = (("QORGAU_RESEND_AFTER", "2"), ("QORGAU_RESEND_AT_MOST", "3"))
REFUSED = "select id || ' ' || reason from quarantine"


@pytest.fixture(scope="module")
async def own_network(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """Its keys change, so no other test shares it."""
    options = Options(durable=False, environment=IMPATIENT)
    running = Network(tmp_path_factory.mktemp("keys"), sample_organisations(), options)
    try:
        await running.start()
        yield running
    finally:
        await running.stop()
        running.postgres.remove()


@asynccontextmanager
async def office(network: Network, agency: Agency, organisation: str) -> AsyncIterator[Office]:
    token = network.enrolment.token(organisation=organisation, roles=["supervisor"])
    worker = Office(organisation, url=network.url(agency), token=token)
    yield worker
    await worker.close()


async def keys(network: Network, *arguments: str) -> None:
    """The command, as the operator types it."""
    done = await asyncio.to_thread(CliRunner().invoke, app, ["keys", *arguments, "--folder", str(network.folder)])
    assert done.exit_code == 0, done.output


async def ask(network: Network, agency: Agency, query: str) -> list[str]:
    """What is in an agency's database."""
    engine = create_async_engine(network.database_url(agency))
    async with engine.connect() as connection:
        await connection.execute(text("select set_config('qorgau.organisation', '*', true)"))
        rows = (await connection.execute(text(query))).scalars().all()
    await engine.dispose()
    return [str(row) for row in rows]


async def talk(sender: Office, referral: str, said: list[str], stop: asyncio.Event) -> None:
    """Messages, one after the other, until told to stop."""
    while not stop.is_set():
        body = f"{sender.organisation} {len(said)}"
        await sender.post(f"/referrals/{referral}/messages", {"body": body})
        said.append(body)
        await asyncio.sleep(0.15)


async def more_is_said(said: dict[str, list[str]]) -> None:
    """Until each side has said two more things."""
    before = {side: len(words) for side, words in said.items()}

    async def both_have() -> bool:
        return all(len(words) >= before[side] + 2 for side, words in said.items())

    await eventually("both sides go on talking", both_have)


async def test_keys_are_rotated_and_revoked_under_traffic_and_nothing_is_lost_or_happens_twice(
    own_network: Network,
) -> None:
    stop, said = asyncio.Event(), {"police": list[str](), "shelter": list[str]()}
    async with (
        office(own_network, Agency.POLICE, "police-talgar") as police,
        office(own_network, Agency.SHELTER, "shelter-alatau") as shelter,
    ):
        await both_are_known(police, shelter)
        sent = await police.post("/referrals", {**OPAQUE, "to": {"organisation": shelter.organisation}})
        referral = str(sent["id"])
        await arrives(shelter, referral)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(talk(police, referral, said["police"], stop))
            tasks.create_task(talk(shelter, referral, said["shelter"], stop))
            for change in (("rotate", "police"), ("rotate", "shelter"), ("revoke", "police/sign-1")):
                await more_is_said(said)
                await keys(own_network, *change)
            await more_is_said(said)
            stop.set()
        everything = sorted(said["police"] + said["shelter"])
        for side in (police, shelter):
            await has_heard(side, referral, everything)
    for agency in (Agency.POLICE, Agency.SHELTER):
        assert len(await ask(own_network, agency, "select id from messages")) == len(everything)
    assert len(said["police"]) > 5
    assert len(said["shelter"]) > 5


async def test_what_was_on_its_way_under_a_stolen_key_is_refused_and_comes_again_under_the_next(
    own_network: Network,
) -> None:
    async with (
        office(own_network, Agency.HEALTH, "hospital-talgar") as hospital,
        office(own_network, Agency.SHELTER, "shelter-alatau") as shelter,
    ):
        await both_are_known(hospital, shelter)
        before = await ask(own_network, Agency.SHELTER, REFUSED)
        await own_network.services[Agency.SHELTER].kill()
        body = {**OPAQUE, "to": {"organisation": shelter.organisation}}
        ids = [str((await hospital.post("/referrals", body))["id"]) for _ in range(5)]
        await eventually("they are at the broker, signed with the first key", lambda: all_sent(own_network))
        await keys(own_network, "rotate", "health")
        await keys(own_network, "revoke", "health/sign-1")
        await own_network.start_service(Agency.SHELTER)
        await eventually("the shelter is back", lambda: is_back(shelter))
        await eventually("the shelter has every one of them", lambda: all_are_there(own_network, ids))
        await eventually("the hospital knows that", lambda: none_waits(own_network))
    refused = set(await ask(own_network, Agency.SHELTER, REFUSED)) - set(before)
    assert {entry.partition(" ")[2] for entry in refused} == {"signed with a key that was revoked"}
    assert len(refused) >= 5
    from_hospital = "select id from referrals where counterpart_id = 'hospital-talgar'"
    assert sorted(await ask(own_network, Agency.SHELTER, from_hospital)) == sorted(ids)


async def both_are_known(*sides: Office) -> None:
    async def they_are() -> bool:
        boxes = [await side.get("/organisations") for side in sides]
        return all({s.organisation for s in sides} <= {i["id"] for i in box["items"]} for box in boxes)

    await eventually("both sides know each other", they_are)


async def has_heard(side: Office, referral: str, everything: list[str]) -> None:
    """Every message once, no other, whatever it takes."""

    async def all_of_it() -> bool:
        page = await side.get(f"/referrals/{referral}/messages", limit="200")
        return sorted(item["body"] for item in page["items"]) == everything

    await eventually(f"{side.organisation} has heard everything", all_of_it)


async def is_back(side: Office) -> bool:
    try:
        return (await side.client.get("/organisations")).is_success
    except httpx.HTTPError:
        return False


async def all_sent(network: Network) -> bool:
    waiting = await ask(
        network, Agency.HEALTH, "select state from outbox where sent_at is not null and done_at is null"
    )
    return len(waiting) == 5


async def none_waits(network: Network) -> bool:
    return await ask(network, Agency.HEALTH, "select id from outbox where done_at is null") == []


async def all_are_there(network: Network, ids: list[str]) -> bool:
    return set(ids) <= set(await ask(network, Agency.SHELTER, "select id from referrals"))
