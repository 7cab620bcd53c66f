"""F5 across the running services: police ask for her rights to be restored, and learn on her consent how it goes."""

from datetime import UTC, datetime, timedelta

from deploy.demo.office import Json, arrives, eventually
from deploy.demo.stage import Stage


async def test_the_police_ask_for_a_plan_and_learn_how_it_goes_until_she_says_no(stage: Stage) -> None:
    police, social = stage.at("police"), stage.at("social")
    her = (await police.post("/persons", {"role": "victim", "family_name": "Ахметова"}))["id"]
    purpose, until = "restoration_of_rights", datetime.now(UTC) + timedelta(days=60)
    given: Json = {"purposes": [purpose], "recipients": ["social"], "categories": ["identity"]}
    given |= {"valid_until": until.isoformat(), "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    consent = (await police.post("/consents", {"person_id": her, **given}))["id"]
    body = {"to": {"organisation": stage.cast.social}, "purpose": purpose, "person_id": her, "needs": ["documents"]}
    basis = {"kind": "consent", "consent_id": consent}
    sent = await police.post("/referrals", {**body, "basis": basis, "call_back": "+7 727 000 01 02"})
    await arrives(social, sent["id"])
    await social.post(f"/referrals/{sent['id']}/accept")
    partners = [{"organisation": police.organisation}, {"name": "Талғар ХҚКО"}]
    goals = [{"kind": "documents", "partners": partners}, {"kind": "housing"}]
    plan = await social.post("/plans", {"referral_id": sent["id"], "goals": goals})
    done = {"kind": "documents", "progress": "done", "text": "Жеке куәлігі берілді."}
    await social.post(f"/plans/{plan['id']}/entries", done)
    (due,) = (await social.get("/deadlines"))["items"]
    assert (due["kind"], due["concerning"], due["due_on"]) == ("plan_review", plan["id"], plan["review_on"])

    async def told() -> Json | None:
        items = (await police.get(f"/referrals/{sent['id']}/progress"))["items"]
        return next((one for one in items if one["revision"] == 2), None)

    one: Json = await eventually("the police learn that she has her documents", told)
    progress = [{"kind": "documents", "progress": "done"}, {"kind": "housing", "progress": "planned"}]
    assert one["content"]["goals"] == progress
    assert "ХҚКО" not in str(one)
    await police.post(f"/consents/{consent}/withdraw")

    async def closed() -> Json | None:
        found: Json = await social.get(f"/plans/{plan['id']}")
        return found if found["closed_at"] is not None else None

    left: Json = await eventually("the plan ends with her consent", closed)
    assert [entry["text"] for entry in left["entries"]] == [None]
    assert (await social.get("/deadlines"))["items"] == []
    (gone,) = (await police.get(f"/referrals/{sent['id']}/progress"))["items"]
    assert gone["content"] == {}
