"""F4 across the running services: proposed, agreed, held, signed by all three; ended everywhere by her withdrawal."""

import asyncio
from datetime import UTC, datetime, timedelta

from deploy.demo.office import Json, Office, arrives, becomes, eventually
from deploy.demo.people import in_thirty_days
from deploy.demo.stage import Stage

CALL, HERS = "+7 727 000 01 02", "Ахметова"
SECONDS_AHEAD = 6


async def stands(office: Office, assessment: str, state: str) -> Json:
    """The office's copy, once it stands like that."""

    async def look() -> Json | None:
        items = (await office.get("/assessments"))["items"]
        return next((one for one in items if (one["id"], one["state"]) == (assessment, state)), None)

    found: Json = await eventually(f"{office.organisation} sees the assessment {state}", look)
    return found


async def taken_in(stage: Stage, her: str) -> str:
    """The shelter has accepted a referral of hers."""
    police, shelter = stage.at("police"), stage.at("near_shelter")
    body = {"to": {"organisation": shelter.organisation}, "purpose": "lodging", "person_id": her}
    sent = await police.post("/referrals", {**body, "basis": {"kind": "own_request"}, "call_back": CALL})
    await arrives(shelter, sent["id"])
    await shelter.post(f"/referrals/{sent['id']}/accept")
    await becomes(police, sent["id"], state="accepted")
    return str(sent["id"])


async def test_her_state_is_assessed_together_and_her_withdrawal_ends_it_everywhere(stage: Stage) -> None:
    police, social, hospital, shelter = (stage.at(role) for role in ("police", "social", "hospital", "near_shelter"))
    address = "Есік қ., Абай к-сі, 5"
    her = (await police.post("/persons", {"role": "victim", "family_name": HERS, "address": address}))["id"]
    referral = await taken_in(stage, her)
    given: Json = {
        "purposes": ["joint_assessment"],
        "recipients": ["health", "social", "shelter"],
        "granted_by": "self",
    }
    given |= {"categories": ["identity", "assessment"], "form": "spoken", "explained_in": "kk"}
    consent = (await police.post("/consents", {"person_id": her, **given, "valid_until": in_thirty_days()}))["id"]
    seats = ((social, "social_worker"), (hospital, "psychologist"), (shelter, "host"))
    meets = datetime.now(UTC) + timedelta(seconds=SECONDS_AHEAD)
    asked: Json = {"meets_at": meets.isoformat(), "place": police.organisation, "room": "214", "call_back": CALL}
    asked |= {"invite": [{"organisation": office.organisation, "seat": seat} for office, seat in seats]}
    basis = {"kind": "consent", "consent_id": consent}
    assessment = (await police.post("/assessments", {**asked, "person_id": her, "basis": basis}))["id"]
    for office, seat in seats:
        came = await stands(office, assessment, "proposed")
        assert (came["seat"], came["place"], came["room"]) == (seat, police.organisation, "214")
        assert not [word for word in (HERS, address) if word in str(came)]
        assert [one["kind"] for one in (await office.get("/deadlines"))["items"]] == ["assessment_answer"]
    assert came["referral_id"] == referral  # the shelter knows by it who it is
    for office, _ in seats:  # only once all were asked: two answers agree it, the host's is not needed
        await office.post(f"/assessments/{assessment}/answer", {"answer": "accepted", "call_back": CALL})
    for office in (police, social, hospital, shelter):
        await stands(office, assessment, "agreed")
    await asyncio.sleep(max(0.0, (meets - datetime.now(UTC)).total_seconds()) + 0.5)
    for office in (social, hospital):
        await office.post(f"/assessments/{assessment}/sign", {"challenging": True})

    async def both_signed() -> Json | None:
        found: Json = await police.get(f"/assessments/{assessment}")
        return found if found["missing"] == ["officer"] else None

    waits = await eventually("the police have both signatures, and no outcome without their own", both_signed)
    assert waits["outcome"] is None
    await police.post(f"/assessments/{assessment}/sign", {"challenging": True})
    for office in (police, social, hospital, shelter):
        outcome = (await stands(office, assessment, "concluded"))["outcome"]
        assert (outcome["challenging"], outcome["quorum"]) == (True, ["officer", "psychologist", "social_worker"])
    assert (await social.get(f"/assessments/{assessment}"))["outcome"]["family_name"] == HERS
    left = await police.disclosure(assessment, "assessment.signed")
    assert (left["basis"], set(left["categories"])) == ("consent", {"routing", "identity", "assessment"})
    await police.post(f"/consents/{consent}/withdraw")
    for office in (police, social, hospital, shelter):
        ended = await stands(office, assessment, "ended")
        assert (ended["end"], ended["outcome"], ended["room"]) == ("consent_ended", None, None)
        assert HERS not in str(ended)


async def test_without_her_consent_it_is_agreed_called_off_and_says_nothing_of_her(stage: Stage) -> None:
    police, social, hospital = stage.at("police"), stage.at("social"), stage.at("hospital")
    seats = ((social, "social_worker"), (hospital, "psychologist"))
    when = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    asked: Json = {
        "meets_at": when,
        "place": police.organisation,
        "call_back": CALL,
        "basis": {"kind": "no_personal_data"},
    }
    asked |= {"invite": [{"organisation": office.organisation, "seat": seat} for office, seat in seats]}
    assessment = (await police.post("/assessments", asked))["id"]
    await stands(social, assessment, "proposed")
    suggested = {"answer": "other_time", "suggests": (datetime.now(UTC) + timedelta(days=4)).isoformat()}
    await social.post(f"/assessments/{assessment}/answer", suggested)

    async def asked_for() -> str | None:
        invited = (await police.get(f"/assessments/{assessment}"))["invited"]
        return next((one["suggests"] for one in invited if one["suggests"]), None)

    other = await eventually("the police learn of another time", asked_for)
    again = {"meets_at": other, "place": hospital.organisation, "call_back": CALL}
    await police.post(f"/assessments/{assessment}/rounds", again)

    async def second() -> Json | None:
        found: Json = await social.get(f"/assessments/{assessment}")
        return found if found["round"] == 2 else None

    assert (await eventually("social services are asked again", second))["answer"] is None
    await police.post(f"/assessments/{assessment}/end", {"end": "person_declined"})
    for office, _ in seats:
        assert (await stands(office, assessment, "ended"))["end"] == "person_declined"
        assert (await office.get("/deadlines"))["items"] == []
