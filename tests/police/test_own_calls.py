"""What only the police do: incidents, and notices of refusal."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from deploy.demo.office import Json, eventually
from deploy.demo.stage import Stage

INCIDENT: Json = {
    "occurred_at": (datetime.now(UTC) - timedelta(hours=3)).isoformat(),
    "kinds": ["physical"],
    "relation": "spouse",
    "at_home": True,
    "children_present": True,
    "inebriated": False,
    "weapon": False,
}


async def test_an_incident_is_kept_by_the_reports_indicators_and_seen_by_its_organisation_only(stage: Stage) -> None:
    police, others = stage.at("police"), stage.at("rural_police")
    made = await police.post("/incidents", INCIDENT)
    assert (await police.get(f"/incidents/{made['id']}"))["kinds"] == ["physical"]
    assert (await others.client.get(f"/incidents/{made['id']}")).status_code == 404
    somebodys = {**INCIDENT, "victim_id": (await others.post("/persons", {"role": "victim"}))["id"]}
    assert (await police.client.post("/incidents", json=somebodys)).status_code == 404


async def test_an_incident_knows_the_victims_age_group_and_sex_as_codes(stage: Stage) -> None:
    police = stage.at("police")
    born = (datetime.now(UTC) - timedelta(days=366 * 35)).date().isoformat()
    victim = await police.post("/persons", {"role": "victim", "birth_date": born, "sex": "female"})
    known = await police.post("/incidents", {**INCIDENT, "victim_id": victim["id"]})
    unknown = await police.post("/incidents", INCIDENT)
    assert (known["victim_age_group"], known["victim_sex"]) == ("30_44", "female")
    assert (unknown["victim_age_group"], unknown["victim_sex"]) == ("unknown", "unknown")


async def test_measures_and_the_outcome_are_added_as_they_come(stage: Stage) -> None:
    police, others = stage.at("police"), stage.at("rural_police")
    made = await police.post("/incidents", {**INCIDENT, "measures": ["protective_order"]})
    where, added = f"/incidents/{made['id']}", ["protective_order", "preventive_registration"]
    match = {"If-Match": (await police.client.get(where)).headers["ETag"]}
    changed = await police.client.patch(where, json={"measures": added}, headers=match)
    late = await police.client.patch(where, json={"outcome": "conciliation"}, headers=match)
    blind = await police.client.patch(where, json={"outcome": "conciliation"})
    strange = await others.client.patch(where, json={"outcome": "conciliation"}, headers=match)
    assert (changed.status_code, late.status_code, blind.status_code, strange.status_code) == (200, 412, 428, 404)
    ended = await police.client.patch(
        where, json={"outcome": "conciliation"}, headers={"If-Match": changed.headers["ETag"]}
    )
    assert (ended.json()["measures"], ended.json()["outcome"]) == (added, "conciliation")


async def test_an_incident_is_not_in_the_future_nor_long_ago_nor_of_a_kind_the_law_does_not_know(stage: Stage) -> None:
    police = stage.at("police")
    for wrong in (
        {"occurred_at": "2099-01-01T00:00:00Z"},
        {"occurred_at": "1999-01-01T00:00:00Z"},
        {"kinds": ["rude"]},
    ):
        assert (await police.client.post("/incidents", json={**INCIDENT, **wrong})).status_code == 422


async def test_a_notice_is_acknowledged_by_the_police_it_went_to_and_only_once(stage: Stage) -> None:
    shelter, police, others = stage.at("near_shelter"), stage.at("police"), stage.at("rural_police")
    responsible = f"police-{stage.cast.here[:2]}"
    drafted = await shelter.post("/refusals", {"refused_at": datetime.now(UTC).isoformat()})
    sent = await shelter.post(f"/refusals/{drafted['id']}/send")
    assert sent["police_id"] == responsible
    for stranger in (police, others):
        answer = await stranger.client.post(f"/refusal-notices/{drafted['id']}/acknowledge")
        assert answer.status_code == 404
    assert (await police.client.post(f"/refusal-notices/{uuid4()}/acknowledge")).status_code == 404

    async def is_delivered() -> bool:
        items = (await shelter.get("/disclosures"))["items"]
        return bool(items) and items[0]["delivery"] == "received"

    await eventually("the notice arrives at the responsible police", is_delivered)
