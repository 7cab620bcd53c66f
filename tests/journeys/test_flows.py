"""Flows across the running services: what one agency does, and what another sees of it."""

from datetime import UTC, datetime

from deploy.demo.office import Json, Office, eventually
from deploy.demo.stage import Stage

CALL = "+7 727 000 01 02"


async def reported(office: Office, report_id: str, state: str) -> Json:
    """The report, once the office's copy is that far."""

    async def look() -> Json | None:
        items = (await office.get("/violence-reports"))["items"]
        return next((one for one in items if (one["id"], one["state"]) == (report_id, state)), None)

    found: Json = await eventually(f"{office.organisation} sees the report {state}", look)
    return found


async def test_violence_is_reported_at_once_received_and_registered_and_of_no_one(stage: Stage) -> None:
    """F6: shelter to police, on the statutory duty."""
    shelter, police = stage.at("near_shelter"), stage.at("police")
    person = (await shelter.post("/persons", {"role": "victim", "family_name": "Ахметова"}))["id"]
    happened = {"kinds": ["physical", "psychological"], "happened_at": datetime.now(UTC).isoformat()}
    about = {"person_id": person, "children_present": True, "weapon": False, "circumstances": "Ол есікті сындырды."}
    sent = await shelter.post("/violence-reports", {"to": police.organisation, **happened, **about, "call_back": CALL})
    came = await reported(police, sent["id"], "received")
    assert (came["counterpart_id"], came["content"]["kinds"]) == (shelter.organisation, happened["kinds"])
    assert "Ахметова" not in str(came)
    assert "сындырды" not in str(came)
    await reported(shelter, sent["id"], "received")
    assert (await shelter.get("/deadlines"))["items"] == []
    (due,) = (await police.get("/deadlines"))["items"]
    assert (due["kind"], due["concerning"]) == ("report_registered", sent["id"])
    await police.post(f"/violence-reports/{sent['id']}/register")
    told = await reported(shelter, sent["id"], "registered")
    assert told["registered_at"] is not None
    assert (await police.get("/deadlines"))["items"] == []


async def test_a_trauma_room_tells_the_police_of_a_complaint_and_keeps_all_else(stage: Stage) -> None:
    """F15: hospital to police, by the three criteria."""
    hospital, police = stage.at("hospital"), stage.at("police")
    facts = {"complains_of_offence": False, "criminal_in_nature": False, "died": False}
    injured = {"admitted_at": datetime.now(UTC).isoformat(), "injuries": "Перелом лучевой кости.", "call_back": CALL}
    quiet = await hospital.post("/admissions", {"to": police.organisation, **injured, **facts})
    told = await hospital.post(
        "/admissions", {"to": police.organisation, **injured, **facts, "complains_of_offence": True}
    )
    assert quiet["report_id"] is None
    came = await reported(police, told["report_id"], "received")
    assert (came["kind"], came["content"]["criteria"]) == ("admission", ["complaint_of_offence"])
    assert "Перелом" not in str(came)
    await police.post(f"/violence-reports/{told['report_id']}/register")
    await reported(hospital, told["report_id"], "registered")
    assert [one["id"] for one in (await police.get("/violence-reports"))["items"]] == [told["report_id"]]
