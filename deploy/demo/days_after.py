"""The days after: onward to health and social services, her husband, her refusal, her withdrawal, a cut line."""

import asyncio
from datetime import UTC, datetime

from deploy.demo.office import Json, arrives, becomes, ensure, eventually
from deploy.demo.people import HER, HER_INJURY, HER_PHONE, iin, in_thirty_days
from deploy.demo.stage import Stage

WHILE_SECONDS = 2.0


async def record_at_shelter(stage: Stage) -> None:
    """The shelter records what she tells it, and what she allows it: her own consents, separately for each purpose."""
    shelter = stage.at("far_shelter")
    person = {**HER, "role": "victim", "phone": HER_PHONE, "iin": iin(HER["birth_date"], 4567, digit=4)}
    stage.ids["guest"] = (await shelter.post("/persons", person))["id"]
    shared = {
        "person_id": stage.ids["guest"],
        "valid_until": in_thirty_days(),
        "granted_by": "self",
        "form": "spoken",
        "explained_in": "kk",
    }
    to_health = {
        "purposes": ["medical_examination"],
        "recipients": ["health"],
        "categories": ["identity", "contact", "health"],
    }
    to_social = {
        "purposes": ["restoration_of_rights"],
        "recipients": ["social"],
        "categories": ["identity", "dependants"],
    }
    stage.ids["health_consent"] = (await shelter.post("/consents", {**shared, **to_health}))["id"]
    stage.ids["social_consent"] = (await shelter.post("/consents", {**shared, **to_social}))["id"]
    stage.say("far_shelter", "records two consents of hers: one for health, one for social services")


async def onward_to_health(stage: Stage) -> None:
    """The shelter refers her on to health, for her injuries."""
    shelter, hospital = stage.at("far_shelter"), stage.at("hospital")
    body = {
        "to": {"organisation": stage.cast.hospital},
        "purpose": "medical_examination",
        "person_id": stage.ids["guest"],
        "basis": {"kind": "consent", "consent_id": stage.ids["health_consent"]},
        "urgency": "urgent",
        "call_back": "+7 727 000 03 02",
        "health": HER_INJURY,
    }
    sent = await shelter.post("/referrals", body)
    stage.ids["medical"] = sent["id"]
    came = await arrives(hospital, sent["id"])
    ensure(came["content"]["health"] == HER_INJURY, "what she allowed about her health arrives at the hospital")
    await hospital.post(f"/referrals/{sent['id']}/accept")
    await hospital.post(f"/referrals/{sent['id']}/start")
    findings = {"referral_id": sent["id"], "kind": "injuries", "findings": "Гематома левого предплечья 4×6 см."}
    stage.ids["examination"] = (await hospital.post("/examinations", findings))["id"]
    await becomes(shelter, sent["id"], state="in_progress")
    stage.say("far_shelter", "refers her on to health, for her injuries", await shelter.disclosure(sent["id"]))
    stage.say("hospital", "accepts and examines her; the findings stay in health")


async def onward_to_social(stage: Stage) -> None:
    """And to social services, for documents and benefits."""
    shelter, social = stage.at("far_shelter"), stage.at("social")
    body = {
        "to": {"organisation": stage.cast.social},
        "purpose": "restoration_of_rights",
        "person_id": stage.ids["guest"],
        "basis": {"kind": "consent", "consent_id": stage.ids["social_consent"]},
        "needs": ["documents", "benefits"],
        "call_back": "+7 727 000 03 02",
        "dependants": "Сын 7 лет, дочь 3 года.",
        "health": HER_INJURY,
    }
    sent = await shelter.post("/referrals", body)
    stage.ids["rights"] = sent["id"]
    came = await arrives(social, sent["id"])
    ensure(came["content"]["health"] is None, "nothing about her health arrives at social services")
    await social.post(f"/referrals/{sent['id']}/accept")
    goals = [{"kind": "documents", "progress": "under_way"}, {"kind": "benefits"}]
    stage.ids["plan"] = (await social.post("/plans", {"referral_id": sent["id"], "goals": goals}))["id"]
    await becomes(shelter, sent["id"], state="accepted")
    stage.say("far_shelter", "refers her on to social services", await shelter.disclosure(sent["id"]))
    stage.say("social", "accepts, and plans documents and benefits")


async def husband(stage: Stage) -> None:
    """Her husband is referred to an addictologist: nothing about her, nor where she is, is in that event."""
    police, clinic = stage.at("police"), stage.at("addictology")
    consent = {
        "person_id": stage.ids["him"],
        "purposes": ["addiction_treatment"],
        "recipients": ["health"],
        "categories": ["identity", "addiction", "narrative"],
        "valid_until": in_thirty_days(),
        "granted_by": "self",
        "form": "spoken",
        "explained_in": "kk",
    }
    his_consent = (await police.post("/consents", consent))["id"]
    body = {
        "to": {"organisation": stage.cast.addictology},
        "purpose": "addiction_treatment",
        "subject": "alleged_offender",
        "person_id": stage.ids["him"],
        "basis": {"kind": "consent", "consent_id": his_consent},
        "call_back": "+7 727 000 01 02",
        "addiction": "Алкоголь, запои.",
        "circumstances": f"Избил жену {HER['given_name']}; она сейчас в приюте.",
    }
    sent = await police.post("/referrals", body)
    stage.ids["addiction"] = sent["id"]
    came = await arrives(clinic, sent["id"])
    text = str(came["content"])
    ensure(came["content"]["circumstances"] is None, "the narrative, which speaks of her, is withheld")
    ensure(HER["given_name"] not in text and "приют" not in text, "nothing about her, nor where she is")
    await clinic.post(f"/referrals/{sent['id']}/accept")
    await becomes(police, sent["id"], state="accepted")
    stage.say("police", "refers her husband to an addictologist", await police.disclosure(sent["id"]))


async def refusal(stage: Stage) -> None:
    """She decides not to report: the notice says that, and not who; the police acknowledge."""
    shelter, police = stage.at("far_shelter"), stage.at("police")
    body = {"person_id": stage.ids["guest"], "refused_at": datetime.now(UTC).isoformat(), "agrees_to_contact": False}
    drafted = await shelter.post("/refusals", body)
    stage.ids["refusal"] = drafted["id"]
    ensure(set(drafted["notice"]) == {"notice_id", "refused_on", "due_on", "police_may"}, "the notice names nobody")
    stage.say(
        "far_shelter", f"she decides not to report; the notice is shown before it is sent; due by {drafted['due_on']}"
    )
    await shelter.post(f"/refusals/{drafted['id']}/send")
    stage.say(
        "far_shelter", "sends the notice of refusal", await shelter.disclosure(drafted["id"], "refusal_notice.issued")
    )

    async def look() -> bool:
        items = (await police.get("/refusal-notices"))["items"]
        return any(item["id"] == drafted["id"] for item in items)

    await eventually("the refusal notice arrives at the responsible police", look)
    await police.post(f"/refusal-notices/{drafted['id']}/acknowledge")

    async def read() -> bool:
        return bool((await shelter.get(f"/refusals/{drafted['id']}"))["state"] == "acknowledged")

    await eventually("the acknowledgement arrives at the shelter", read)
    stage.say("police", "acknowledges it: it knows that somebody refused, not who or where")


async def withdraw(stage: Stage) -> None:
    """She withdraws her consent to health: health's copy closes and is erased down to what the law keeps."""
    shelter, hospital, referral = stage.at("far_shelter"), stage.at("hospital"), stage.ids["medical"]
    await shelter.post(f"/consents/{stage.ids['health_consent']}/withdraw")
    copy = await becomes(hospital, referral, state="withdrawn")
    kept = {name for name, value in copy["content"].items() if value is not None}
    ensure(copy["erased_at"] is not None, "health's copy is erased")
    ensure(kept <= {"referral_id", "replaces", "purpose", "subject"}, "only that there was a referral is kept")
    examination = await hospital.get(f"/examinations/{stage.ids['examination']}")
    ensure(examination["kind"] == "injuries", "health's own medical record stays, as the law wants")
    stage.say("far_shelter", "withdraws her consent to health, as she asks; no reason is needed")
    stage.say("hospital", f"its copy closes and is erased; kept: {', '.join(sorted(kept))}, and its own medical record")


async def accounting(stage: Stage) -> None:
    """The accounting of disclosures lists all that moved about her."""
    shelter = stage.at("far_shelter")

    async def look() -> list[Json] | None:
        items: list[Json] = (await shelter.get("/disclosures", person_id=stage.ids["guest"], limit="200"))["items"]
        return items if all(item["delivery"] == "received" for item in items) else None

    items = await eventually("everything that left about her is confirmed", look)
    kinds = {item["event_type"] for item in items}
    wanted = {"referral.requested", "referral.moved", "refusal_notice.issued", "consent.withdrawn"}
    ensure(wanted <= kinds, "the accounting lists requests, moves, the notice and the withdrawal")
    what = f"prints the accounting: {len(items)} disclosures about her, all confirmed by their receivers"
    stage.say("far_shelter", what, accounting=tuple(reversed(items)))
    theirs = (await stage.at("police").get("/disclosures", person_id=stage.ids["her"], limit="200"))["items"]
    ensure(
        {item["recipient_id"] for item in theirs} == {stage.cast.far_shelter}, "the police told nobody else about her"
    )
    stage.say("police", f"prints its own: {len(theirs)} disclosures about her", accounting=tuple(reversed(theirs)))


async def rural_link(stage: Stage) -> None:
    """A rural district's link is cut for a while (where it can be): its referral waits and arrives."""
    rural, social = stage.at("rural_police"), stage.at("social")
    if stage.line is not None:
        stage.line.cut()
        stage.say("rural_police", "the line to the network is cut; it writes a referral all the same")
    body = {
        "to": {"organisation": stage.cast.social},
        "purpose": "social_services",
        "basis": {"kind": "no_personal_data"},
        "household": {"adults": 1, "children": 3},
        "call_back": "+7 727 000 02 02",
    }
    sent = await rural.post("/referrals", body)
    stage.ids["rural"] = sent["id"]
    if stage.line is not None:
        await asyncio.sleep(WHILE_SECONDS)
        ensure((await rural.disclosure(sent["id"]))["delivery"] == "waiting", "the referral waits")
        box = (await social.get("/referrals", box="incoming", limit="200"))["items"]
        ensure(all(item["id"] != sent["id"] for item in box), "it has not arrived while the line is cut")
        stage.line.mend()
    await arrives(social, sent["id"])
    stage.say("rural_police", "the line is mended: what waited arrives by itself", await rural.disclosure(sent["id"]))
