"""What was acknowledged is kept, and both sides agree in the end, whatever breaks in between."""

import asyncio

import httpx
import pytest

from deploy.demo.office import arrives, becomes, eventually
from deploy.demo.stage import Stage
from deploy.demo.story import play
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.journeys.test_referrals import OPAQUE, consented, known, send
from tests.network import Access

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("lines")]


async def test_killing_the_broker_in_the_middle_changes_nothing_in_the_outcome(
    network: Network, access: Access
) -> None:
    async with access.stage(next(access.alone)) as stage:
        stage.in_the_middle = network.restart_broker
        await play(stage)


async def test_wiping_the_brokers_disk_in_the_middle_changes_nothing_in_the_outcome(
    network: Network, access: Access
) -> None:
    async def wipe() -> None:
        await network.restart_broker(wipe=True)

    async with access.stage(next(access.alone)) as stage:
        stage.in_the_middle = wipe
        await play(stage)


async def the_police_answer(network: Network) -> bool:
    async with httpx.AsyncClient(timeout=5) as client:
        try:
            return (await client.get(f"{network.url(Agency.POLICE)}/health/ready")).is_success
        except httpx.HTTPError:
            return False


async def test_a_service_killed_with_mail_in_its_outbox_sends_it_after_its_restart(
    network: Network, stage: Stage
) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    line = network.links[Agency.POLICE]
    line.cut()
    try:
        body = {**OPAQUE, "to": {"organisation": shelter.organisation}}
        sent = await police.post("/referrals", body)
        await network.services[Agency.POLICE].kill()
    finally:
        line.mend()
    await network.start_service(Agency.POLICE)
    await eventually("the police are back", lambda: the_police_answer(network))
    assert (await arrives(shelter, sent["id"]))["state"] == "requested"


async def test_a_consent_withdrawn_while_the_line_is_cut_keeps_the_referral_from_ever_leaving(
    network: Network, stage: Stage
) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    person = await known(police)
    consent = await consented(police, person, "identity")
    line = network.links[Agency.POLICE]
    line.cut()
    try:
        body = {**OPAQUE, "to": {"organisation": shelter.organisation}, "person_id": person}
        sent = await police.post("/referrals", {**body, "basis": {"kind": "consent", "consent_id": consent}})
        await police.post(f"/consents/{consent}/withdraw")
    finally:
        line.mend()
    later = await send(police, shelter)
    box = (await shelter.get("/referrals", box="incoming"))["items"]
    accounting = await police.disclosure(sent["id"])
    assert [item["id"] for item in box] == [later]
    assert accounting["delivery"] == "withheld"
    assert (await police.get(f"/referrals/{sent['id']}"))["state"] == "withdrawn"


async def test_when_both_sides_act_while_the_line_is_cut_they_agree_afterwards(network: Network, stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    referral = await send(police, shelter)
    line = network.links[Agency.POLICE]
    line.cut()
    try:
        await shelter.post(f"/referrals/{referral}/accept")
        await shelter.post(f"/referrals/{referral}/start")
        await police.post(f"/referrals/{referral}/withdraw")
    finally:
        line.mend()

    async def all_moves() -> bool:
        seen = [(await side.get(f"/referrals/{referral}"))["moves"] for side in (police, shelter)]
        return all(len(moves) == 3 for moves in seen)

    await eventually("both sides know all moves", all_moves)
    await asyncio.gather(*(becomes(side, referral, state="withdrawn") for side in (police, shelter)))


async def test_readiness_tells_the_broker_and_the_database_apart(network: Network, stage: Stage) -> None:
    police = stage.at("police")
    network.links[Agency.POLICE].cut()
    try:

        async def is_down() -> bool:
            ready = await police.client.get(f"{network.url(Agency.POLICE)}/health/ready")
            told = ready.json()
            return ready.status_code == 200 and (told["database"], told["broker"]) == ("up", "down")

        await eventually("readiness says that only the broker is away", is_down)
    finally:
        network.links[Agency.POLICE].mend()
    await send(police, stage.at("near_shelter"))
