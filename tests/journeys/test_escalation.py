"""A referral that nobody answers, across the running services: each step comes through, and it is back in the end."""

from uuid import UUID

import pytest
from sqlalchemy.engine import make_url

from deploy.demo.office import Json, Office, arrives, eventually
from deploy.demo.stage import Stage
from deploy.network import Network
from shared.contract.vocabulary import Agency

pytestmark = pytest.mark.processes  # the clock is moved in a database of its own network
CALL = "+7 727 000 01 02"


async def time_comes(network: Network, referral: str, step: str) -> None:
    """As if it had been sent earlier: the moment of a step is brought forward in the sender's database."""
    connection = await network.postgres.connect(make_url(network.database_url(Agency.POLICE)).database or "")
    try:
        done = "update escalation_steps set due_at = now() where referral_id = $1 and step = $2"
        assert await connection.execute(done, UUID(referral), step) == "UPDATE 1"
    finally:
        await connection.close()


async def reminded(office: Office, referral: str, kind: str) -> Json:
    """The alarm at an office, once it was given."""

    async def look() -> Json | None:
        items = (await office.get("/reminders"))["items"]
        fitting = (one for one in items if one["deadline"]["concerning"] == referral and one["kind"] == "overdue")
        return next((one for one in fitting if one["deadline"]["kind"] == kind), None)

    found: Json = await eventually(f"{office.organisation} is reminded: {kind}", look)
    return found


async def test_reminder_chief_and_back_with_the_next_place(stage: Stage, network: Network) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    body: Json = {"to": {"organisation": shelter.organisation}, "purpose": "lodging", "call_back": CALL}
    body |= {"basis": {"kind": "no_personal_data"}, "urgency": "stat", "answer_within_minutes": 5}
    referral = (await police.post("/referrals", body))["id"]
    await arrives(shelter, referral)
    await time_comes(network, referral, "reminder")
    await reminded(shelter, referral, "referral_answered")
    await time_comes(network, referral, "chief")
    await reminded(shelter, referral, "referral_seen_to")
    await time_comes(network, referral, "back")

    async def is_back() -> list[Json] | None:
        steps = (await police.get(f"/referrals/{referral}"))["escalation"]
        return steps if all(step["done_at"] for step in steps) else None

    steps: list[Json] = await eventually("it is back at the police", is_back)
    back = next(step for step in steps if step["step"] == "back")
    assert back["next_organisation"] not in (None, shelter.organisation)
    again = {**body, "to": {"organisation": back["next_organisation"]}, "replaces": referral}
    assert (await police.post("/referrals", again))["replaces"] == referral


async def test_whoever_answers_ends_it(stage: Stage, network: Network) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    body: Json = {"to": {"organisation": shelter.organisation}, "purpose": "lodging", "call_back": CALL}
    body |= {"basis": {"kind": "no_personal_data"}, "urgency": "asap"}
    referral = (await police.post("/referrals", body))["id"]
    await arrives(shelter, referral)
    await time_comes(network, referral, "reminder")
    await reminded(shelter, referral, "referral_answered")
    await shelter.post(f"/referrals/{referral}/accept")

    async def is_moot() -> bool:
        steps = (await police.get(f"/referrals/{referral}"))["escalation"]
        return [bool(step["moot_at"]) for step in steps] == [False, True, True]

    await eventually("nobody is reminded any more", is_moot)
    assert referral not in str((await shelter.get("/deadlines"))["items"])
