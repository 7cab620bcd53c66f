"""F12 across the running services: a hospital talks to him; police and social services learn that, and no more."""

from datetime import UTC, datetime

from deploy.demo.office import Json, Office, eventually
from deploy.demo.stage import Stage

SAID = "Құқықтық салдары түсіндірілді."


async def told(office: Office, by: str) -> Json:
    """The conversation that the office was told of."""

    async def look() -> Json | None:
        items = (await office.get("/conversations"))["items"]
        return next((one for one in items if one["counterpart_id"] == by), None)

    found: Json = await eventually(f"{office.organisation} knows of the conversation", look)
    return found


async def test_that_a_conversation_was_held_is_told_and_what_was_said_stays(stage: Stage) -> None:
    hospital, police, social = stage.at("hospital"), stage.at("police"), stage.at("social")
    child = (await hospital.post("/persons", {"role": "dependant", "birth_date": "2012-09-01"}))["id"]
    talk: Json = {"person_id": child, "held_at": datetime.now(UTC).isoformat(), "minutes": 45, "place": "education"}
    talk |= {"forewarned": True, "said": SAID, "tell": [police.organisation, social.organisation]}
    alone = await hospital.client.post("/conversations", json=talk)
    assert alone.status_code == 422
    teacher = [{"kind": "teacher", "alleged_offender": False}]
    held = await hospital.post("/conversations", {**talk, "present": teacher})
    assert [one["kept_back_by"] for one in held["told"]] == [None, None]
    for office in (police, social):
        came = await told(office, hospital.organisation)
        assert (came["held_on"], came["subject"]) == (held["held_on"], "dependant")
        assert not [word for word in (SAID, "teacher", held["id"], child) if word in str(came)]
    assert (await hospital.get(f"/conversations/{held['id']}"))["said"] == SAID
