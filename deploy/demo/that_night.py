"""That night: the call, the bed board, the referral that holds a room, the shelter that takes her in."""

from datetime import UTC, datetime, timedelta

from deploy.demo.office import Json, arrives, becomes, ensure, eventually
from deploy.demo.people import HER, HER_ADDRESS, HER_INJURY, HER_PHONE, HIM, HIS_ADDRESS, iin, in_thirty_days
from deploy.demo.stage import Stage


async def count_beds(stage: Stage) -> None:
    """The shelters count their beds before the night begins."""
    await stage.at("near_shelter").count("family-rooms", kind="women_with_children", capacity=3, occupied=3)
    await stage.at("far_shelter").count("family-rooms", kind="women_with_children", capacity=4, occupied=3)
    stage.say("near_shelter", "posts its count: 3 family rooms, all occupied")
    stage.say("far_shelter", "posts its count: 4 family rooms, one free")


async def night_call(stage: Stage) -> None:
    """Rayon police answer a call at night; she consents to lodging and to a medical examination, for 30 days."""
    police = stage.at("police")
    her = {**HER, "role": "victim", "phone": HER_PHONE, "address": HER_ADDRESS, "languages": ["kk", "ru"]}
    her["iin"] = iin(HER["birth_date"], 4567, digit=4)
    him = {**HIM, "role": "alleged_offender", "address": HIS_ADDRESS, "iin": iin(HIM["birth_date"], 1234, digit=3)}
    stage.ids["her"] = (await police.post("/persons", her))["id"]
    stage.ids["him"] = (await police.post("/persons", him))["id"]
    incident = {
        "victim_id": stage.ids["her"],
        "alleged_offender_id": stage.ids["him"],
        "occurred_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "kinds": ["physical", "psychological"],
        "relation": "spouse",
        "at_home": True,
        "children_present": True,
        "inebriated": True,
        "weapon": False,
    }
    await police.post("/incidents", incident)
    stage.say("police", "answers a call at night and records the incident: a woman with two children")
    consent = {
        "person_id": stage.ids["her"],
        "purposes": ["lodging", "medical_examination"],
        "recipients": ["shelter", "health"],
        "categories": ["identity", "contact", "dependants", "health"],
        "valid_until": in_thirty_days(),
        "granted_by": "self",
        "form": "spoken",
        "explained_in": "kk",
    }
    stage.ids["consent"] = (await police.post("/consents", consent))["id"]
    stage.say(
        "police",
        "records her consent: lodging and medical examination, for 30 days, nothing about her health to police",
    )


async def bed_board(stage: Stage) -> None:
    """The officer looks at the board: the nearest shelter is full, the second has a family room."""
    cast = stage.cast

    async def look() -> list[Json] | None:
        query = {"for": "women_with_children", "near": cast.here}
        items = [
            i
            for i in (await stage.at("police").get("/beds", **query))["items"]
            if i["organisation_id"] in vars(cast).values()
        ]
        return items if [i["free"] for i in items] == [0, 1] else None

    near, far = await eventually("the bed board shows both counts", look)
    ensure(near["organisation_id"] == cast.near_shelter, "the nearest shelter comes first")
    ensure(far["distance_km"] > near["distance_km"], "the second is farther away")
    stage.say("police", f"looks at the bed board: {near['name_en']}, {near['distance_km']:.0f} km, full")
    how_old = f"counted {far['age_minutes']} min ago"
    stage.say("police", f"and {far['name_en']}, {far['distance_km']:.0f} km, one family room free, {how_old}")


async def refer_to_shelter(stage: Stage) -> None:
    """The referral previews what will leave, goes to the nearest with room, and holds the family room."""
    police, shelter = stage.at("police"), stage.at("far_shelter")
    body = {
        "to": {"nearest": stage.cast.here},
        "purpose": "lodging",
        "person_id": stage.ids["her"],
        "basis": {"kind": "consent", "consent_id": stage.ids["consent"]},
        "urgency": "stat",
        "household": {"adults": 1, "children": 2},
        "needs": ["school", "documents"],
        "hold": "women_with_children",
        "call_back": "+7 727 000 01 02",
        "dependants": "Сын 7 лет, дочь 3 года.",
        "health": HER_INJURY,
        "circumstances": "Муж избил вечером дома.",
    }
    preview = await police.post("/disclosures/preview", body)
    withheld = {item["field"] for item in preview["withheld"]}
    ensure(
        withheld == {"address", "health", "circumstances"}, "the preview withholds address, health and circumstances"
    )
    sent = await police.post("/referrals", body)
    stage.ids["lodging"] = sent["id"]
    ensure(sent["counterpart_id"] == stage.cast.far_shelter, "nearest means the nearest with a free room")
    came = await arrives(shelter, sent["id"])
    ensure(came["content"]["family_name"] == HER["family_name"], "her name arrives, as she consented")
    ensure(came["content"]["address"] is None and came["content"]["health"] is None, "address and health do not")
    await becomes(police, sent["id"], hold_state="held")
    stage.say("police", "refers her to the nearest shelter with room", await police.disclosure(sent["id"]))
    stage.say("far_shelter", "holds the family room for 90 minutes on receipt, and says so")
    board = await police.get("/beds", **{"for": "women_with_children", "near": stage.cast.here})
    ensure(
        any(i["organisation_id"] == shelter.organisation for i in board["items"]), "the held room stays on the board"
    )


async def shelter_accepts(stage: Stage) -> None:
    """The shelter screens, asks, accepts; the two sides write to each other; she arrives and a stay begins."""
    police, shelter, referral = stage.at("police"), stage.at("far_shelter"), stage.ids["lodging"]
    await shelter.post(f"/referrals/{referral}/messages", {"body": "Нужна ли детская кровать?"})

    async def look() -> Json | None:
        items: list[Json] = (await police.get(f"/referrals/{referral}/messages"))["items"]
        return items[-1] if items else None

    await eventually("the message arrives", look)
    await police.post(f"/referrals/{referral}/messages", {"body": "Да, одна."})
    await shelter.post(f"/referrals/{referral}/accept")
    await becomes(police, referral, state="accepted")
    stage.say(
        "far_shelter",
        "screens, asks a question, and accepts; the police see it",
        await shelter.disclosure(referral, "referral.moved"),
    )
    stay = await shelter.post("/stays", {"unit": "family-rooms", "referral_id": referral})
    stage.ids["stay"] = stay["id"]
    await becomes(police, referral, state="in_progress")
    stage.say("far_shelter", "she arrives: the stay begins, the hold has become an occupied room")
