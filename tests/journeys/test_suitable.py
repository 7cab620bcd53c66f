"""The nearest suitable place, across the running services: what places say travels, what is said of her does not."""

from collections.abc import AsyncIterator

import pytest

from deploy.demo.office import Json, arrives, eventually
from deploy.demo.stage import Stage
from tests.network import Access

CALL = "+7 727 000 01 02"


@pytest.fixture
async def stage(access: Access) -> AsyncIterator[Stage]:
    """Where no other shelter lies nearer, whatever other tests count."""
    async with access.stage(next(access.alone)) as players:
        yield players


async def test_she_is_referred_where_she_is_served_and_never_where_he_would_look(stage: Stage) -> None:
    police, near, far = stage.at("police"), stage.at("near_shelter"), stage.at("far_shelter")
    for shelter, serves in ((near, ["infant"]), (far, ["infant", "wheelchair"])):
        await shelter.count("rooms", kind="women_with_children", capacity=4, occupied=1)
        count = {"for": "women_with_children", "capacity": 4, "occupied": 1, "serves": serves}
        counted = await shelter.client.put("/beds/rooms", json=count, headers={"If-Match": "*"})
        assert counted.json()["serves"] == serves

    asked: Json = {
        "near": stage.cast.here,
        "purpose": "lodging",
        "hold": "women_with_children",
        "needs": ["wheelchair"],
    }

    async def proposed() -> dict[str, Json] | None:
        items = (await police.post("/referrals/suggestions", asked))["items"]
        places = {one["organisation_id"]: one for one in items}
        heard = [why["code"] for why in places[near.organisation]["excluded"]] == ["not_served"]
        served = "needs" in {part["name"] for part in places[far.organisation]["parts"]}
        return places if heard and served else None

    places: dict[str, Json] = await eventually("the police hear what the shelters serve", proposed)
    assert next(one for one in places.values() if not one["excluded"])["organisation_id"] == far.organisation
    assert {part["name"] for part in places[far.organisation]["parts"]} >= {"distance", "needs", "freshness"}

    person = {"role": "victim", "family_name": "Ахметова", "places_known_to_offender": [near.organisation]}
    her = (await police.post("/persons", person))["id"]
    body = {"to": {"nearest": stage.cast.here}, "purpose": "lodging", "person_id": her, "call_back": CALL}
    body |= {"needs": ["wheelchair"]}
    body |= {"basis": {"kind": "no_personal_data"}, "hold": "women_with_children"}
    sent = await police.post("/referrals", body)
    assert sent["counterpart_id"] == far.organisation
    assert sent["chosen"]["score"] > 0
    came = await arrives(far, sent["id"])
    assert near.organisation not in str(came)
    assert "known" not in str(came)
