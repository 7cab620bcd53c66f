"""A region's agreement (F16) is drafted, signed by all its parties across the running services, comes into force when
the network's operator puts it into the trust list, binds at once, and ends for all when one of them gives notice."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from deploy.demo.office import Json, Office, eventually
from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE
from tests.journeys.test_agreements import operator, refer
from tests.network import Access

ROLES = ("social", "police", "near_shelter", "hospital")
LINE = {
    "permit": "P-F1-LODGING",
    "senders": ["police"],
    "recipients": ["shelter"],
    "bases": ["consent"],
    "categories": ["routing", "needs", "identity"],
}


async def stands(office: Office, agreement_id: str, **expected: Any) -> Json:
    """The agreement, once the office's copy shows these values."""

    async def look() -> Json | None:
        page = await office.get("/agreements", limit="200")
        mine = [one for one in page["items"] if one["id"] == agreement_id]
        return next((one for one in mine if all(one[key] == value for key, value in expected.items())), None)

    found: Json = await eventually(f"{office.organisation} sees {expected}", look)
    return found


async def drafted(stage: Stage, today: date) -> Json:
    """What social services propose."""
    parties = [stage.at(role).organisation for role in ROLES]
    body = {"region": stage.cast.here[:2], "parties": parties, "exchanges": [LINE], "valid_from": today.isoformat()}
    return await stage.at("social").post("/agreements", body)


async def all_sign(stage: Stage, made: Json) -> None:
    for role in ROLES:
        await stands(stage.at(role), made["id"], version=made["version"], state="draft")
        signing = {"version": made["version"], "sha256": made["sha256"]}
        await stage.at(role).post(f"/agreements/{made['id']}/sign", signing)
    for role in ROLES:
        await stands(stage.at(role), made["id"], version=made["version"], state="concluded")


async def put_in(access: Access, office: Office, made: Json, folder: Path) -> None:
    """The operator takes what a party exports."""
    file = folder / "bundle.json"
    file.write_text(json.dumps(await office.get(f"/agreements/{made['id']}/bundle")))
    await operator(access, "sign", str(file))


async def test_a_region_agrees_and_what_was_agreed_binds_until_one_of_them_gives_notice(
    stage: Stage, access: Access, tmp_path: Path
) -> None:
    today = datetime.now(ZONE).date()
    shelter, hospital = stage.at("near_shelter"), stage.at("hospital")
    made = await drafted(stage, today)
    await all_sign(stage, made)
    assert (await refer(stage)).status_code == 201
    await put_in(access, shelter, made, tmp_path)
    for role in ROLES:
        await stands(stage.at(role), made["id"], state="in_force", in_list=True)
    refused = await refer(stage)
    assert (refused.status_code, refused.json()["rule"]) == (403, made["name"])
    assert (await hospital.client.get(f"/agreements/{made['id']}")).json()["terms"]["exchanges"][0]["bases"] == [
        "consent"
    ]

    wider = {**LINE, "bases": ["consent", "no_personal_data"]}
    wider["categories"] = [*LINE["categories"], "household", "worker_contact"]
    parties = [stage.at(role).organisation for role in ROLES]
    body = {"parties": parties, "exchanges": [wider], "valid_from": today.isoformat()}
    changed = await stage.at("social").post(f"/agreements/{made['id']}/versions", body)
    await all_sign(stage, changed)
    await stands(hospital, made["id"], version=1, state="in_force")
    await put_in(access, hospital, changed, tmp_path)
    await stands(hospital, made["id"], version=1, state="replaced")
    await stands(hospital, made["id"], version=2, state="in_force")
    assert (await refer(stage)).status_code == 201

    ends_on = (today + timedelta(days=60)).isoformat()
    await shelter.post(f"/agreements/{made['id']}/notice", {"ends_on": ends_on})
    for role in ROLES:
        await stands(stage.at(role), made["id"], version=2, state="in_force", ends_on=ends_on)
    await put_in(access, stage.at("police"), changed, tmp_path)
    listed = {one.id: one.valid_until for one in access.enrolment.trust_now().whole.agreements}
    assert str(listed[made["name"]]) == ends_on
    await operator(access, "end", made["name"])
    await stands(hospital, made["id"], version=2, state="ended")
