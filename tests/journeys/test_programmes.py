"""F7 across the running services: the police refer him to a programme, and learn on his consent if he came."""

import asyncio
from datetime import UTC, datetime, timedelta

from deploy.demo.office import Json, arrives, becomes, eventually
from deploy.demo.stage import Stage

HER = "Сәрсенова"
SECONDS_AHEAD = 6


async def test_he_is_referred_enrolled_and_the_police_learn_that_he_came(stage: Stage) -> None:
    police, social = stage.at("police"), stage.at("social")
    him = (await police.post("/persons", {"role": "alleged_offender", "family_name": "Серіков"}))["id"]
    purpose, until = "psycho_correction", datetime.now(UTC) + timedelta(days=30)
    given: Json = {"purposes": [purpose], "recipients": ["social"], "categories": ["identity", "narrative"]}
    given |= {"valid_until": until.isoformat(), "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    consent = (await police.post("/consents", {"person_id": him, **given}))["id"]
    body = {"to": {"organisation": stage.cast.social}, "purpose": purpose, "person_id": him}
    body |= {"subject": "alleged_offender", "circumstances": f"{HER} баспанада.", "call_back": "+7 727 000 01 02"}
    sent = await police.post("/referrals", {**body, "basis": {"kind": "consent", "consent_id": consent}})
    came = await arrives(social, sent["id"])
    assert HER not in str(came)
    await social.post(f"/referrals/{sent['id']}/accept")
    programme = (await social.post("/programmes", {"name": "Ашуды басқару", "purpose": purpose}))["id"]
    told_on = {"kind": "consent", "consent_id": consent}
    enrolled = await social.post(f"/programmes/{programme}/enrolments", {"referral_id": sent["id"], "told_on": told_on})
    begins = datetime.now(UTC) + timedelta(seconds=SECONDS_AHEAD)
    planned = await social.post(f"/programmes/{programme}/sessions", {"starts_at": begins.isoformat(), "minutes": 60})
    await becomes(police, sent["id"], state="in_progress")
    await asyncio.sleep(max(0.0, (begins - datetime.now(UTC)).total_seconds()) + 0.5)
    recorded = {"enrolment_id": enrolled["id"], "attended": True}
    done = await social.post(f"/sessions/{planned['id']}/attendance", recorded)
    assert (done["told"], done["kept_back_by"]) == (True, None)

    async def told() -> Json | None:
        return next(iter((await police.get(f"/referrals/{sent['id']}/progress"))["items"]), None)

    one: Json = await eventually("the police learn that he came", told)
    assert (one["content"]["attended"], one["counterpart_id"]) == (True, stage.cast.social)
    await police.post(f"/consents/{consent}/withdraw")

    async def ended() -> Json | None:
        found: Json = await social.get(f"/enrolments/{enrolled['id']}")
        return found if found["state"] == "withdrawn" else None

    left: Json = await eventually("his taking part ends with his consent", ended)
    assert [one["attended"] for one in left["attendance"]] == [None]
    (gone,) = (await police.get(f"/referrals/{sent['id']}/progress"))["items"]
    assert gone["content"] == {}
