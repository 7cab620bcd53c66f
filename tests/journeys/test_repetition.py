"""Violence repeats (F18): the police are warned by what they hold, and warn the shelter that protects her."""

from datetime import UTC, datetime, timedelta

from deploy.demo.office import Json, eventually
from deploy.demo.stage import Stage
from tests.journeys.test_orders import taken_in


async def test_the_third_incident_warns_the_police_who_warn_the_shelter_and_say_no_name(stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    her, referral = await taken_in(stage)
    facts = {"kinds": ["physical"], "relation": "spouse", "at_home": True, "children_present": False}
    facts |= {"inebriated": False, "weapon": False, "victim_id": her}
    for days in (60, 30, 1):
        await police.post(
            "/incidents", {**facts, "occurred_at": (datetime.now(UTC) - timedelta(days=days)).isoformat()}
        )
    (warning,) = (await police.get("/warnings", unread="true"))["items"]
    assert (warning["pattern"], warning["person_id"], len(warning["facts"])) == ("incidents", her, 3)
    assert (await shelter.get("/warnings"))["items"] == []
    await police.post(f"/warnings/{warning['id']}/share")

    async def warned() -> Json | None:
        return next(iter((await shelter.get("/warnings"))["items"]), None)

    came = await eventually("the shelter is warned", warned)
    assert (came["referral_id"], came["pattern"], came["times"]) == (referral, "incidents", 3)
    assert "Ахметова" not in str(came)
    await shelter.post(f"/warnings/{came['id']}/acknowledge")
    assert (await shelter.get("/warnings", unread="true"))["items"] == []
