"""Referrals between agencies: what the other side sees, and when."""

import asyncio

from deploy.demo.office import Json, Office, arrives, becomes, eventually
from deploy.demo.people import in_thirty_days
from deploy.demo.stage import Stage

OPAQUE: Json = {
    "purpose": "lodging",
    "basis": {"kind": "no_personal_data"},
    "household": {"adults": 1, "children": 0},
    "call_back": "+7 727 000 01 02",
}


async def send(sender: Office, receiver: Office, **more: object) -> str:
    body = {**OPAQUE, "to": {"organisation": receiver.organisation}, **more}
    sent = await sender.post("/referrals", body)
    await arrives(receiver, sent["id"])
    return str(sent["id"])


async def known(office: Office) -> str:
    """A person recorded at an office."""
    person = {"role": "victim", "family_name": "Ахметова", "given_name": "Дана", "phone": "+7 701 000 00 09"}
    return str((await office.post("/persons", person))["id"])


async def consented(office: Office, person_id: str, *categories: str) -> str:
    """Her consent to lodging at any shelter."""
    consent = {
        "person_id": person_id,
        "purposes": ["lodging"],
        "recipients": ["shelter"],
        "categories": list(categories),
        "valid_until": in_thirty_days(),
        "granted_by": "self",
        "form": "spoken",
        "explained_in": "kk",
    }
    return str((await office.post("/consents", consent))["id"])


async def test_without_consent_a_referral_says_nothing_of_who_it_is_about(stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    referral = await send(police, shelter, person_id=await known(police))
    content = (await shelter.get(f"/referrals/{referral}"))["content"]
    assert content["household"] == {"adults": 1, "children": 0}
    assert content["call_back"] == OPAQUE["call_back"]
    assert "Ахметова" not in str(content)
    assert (await shelter.get(f"/referrals/{referral}"))["person_id"] is None


async def test_a_decline_carries_its_reason_to_the_sender(stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    referral = await send(police, shelter)
    await shelter.post(f"/referrals/{referral}/decline", {"reason": "no_room", "text": "Все комнаты заняты."})
    seen = await becomes(police, referral, state="declined")
    assert [(m["action"], m["reason"], m["text"]) for m in seen["moves"]] == [
        ("decline", "no_room", "Все комнаты заняты.")
    ]


async def test_a_redirection_suggests_another_shelter_and_a_new_referral_replaces_the_old(stage: Stage) -> None:
    police, near, far = stage.at("police"), stage.at("near_shelter"), stage.at("far_shelter")
    referral = await send(police, near)
    suggestion = {"reason": "not_suitable", "suggested": far.organisation}
    await near.post(f"/referrals/{referral}/redirect", suggestion)
    seen = await becomes(police, referral, state="redirected")
    following = await send(police, far, replaces=referral)
    assert seen["suggested"] == far.organisation
    assert (await far.get(f"/referrals/{following}"))["replaces"] == referral


async def test_a_failed_referral_says_why(stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    referral = await send(police, shelter)
    await shelter.post(f"/referrals/{referral}/accept")
    await shelter.post(f"/referrals/{referral}/complete", {"failed": {"reason": "did_not_arrive"}})
    seen = await becomes(police, referral, state="failed")
    assert seen["moves"][-1]["reason"] == "did_not_arrive"


async def test_she_can_withdraw_at_either_side_and_both_copies_are_erased(stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    person = await known(police)
    basis = {"kind": "consent", "consent_id": await consented(police, person, "identity", "contact")}
    referral = await send(police, shelter, person_id=person, basis=basis)
    await police.post(f"/referrals/{referral}/messages", {"body": "Дана приедет на такси."})
    await shelter.post(f"/referrals/{referral}/accept")
    await shelter.post(f"/referrals/{referral}/withdraw")
    await becomes(police, referral, state="withdrawn")
    for side in (police, shelter):
        copy = await becomes(side, referral, state="withdrawn")
        written = await side.get(f"/referrals/{referral}/messages")
        assert "Ахметова" not in str(copy)
        assert "Дана" not in str(written)
        assert copy["allowed"] == []


async def test_of_two_who_ask_for_the_last_bed_one_gets_it_and_both_are_told(stage: Stage) -> None:
    police, rural, shelter = stage.at("police"), stage.at("rural_police"), stage.at("near_shelter")
    await shelter.count("beds", kind="all_adults", capacity=3, occupied=2)
    one, other = await asyncio.gather(*(send(o, shelter, hold="all_adults") for o in (police, rural)))

    async def both_answered() -> list[str] | None:
        answers = [(await police.get(f"/referrals/{one}"))["hold_state"]]
        answers.append((await rural.get(f"/referrals/{other}"))["hold_state"])
        return answers if "asked" not in answers else None

    assert sorted(await eventually("both are told", both_answered)) == ["held", "refused"]
    unit = (await shelter.get("/units"))["items"][0]
    assert (unit["held"], unit["free"]) == (1, 0)


async def test_a_declined_referral_gives_its_bed_back_to_the_board(stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    await shelter.count("beds", kind="seniors", capacity=1, occupied=0)
    referral = await send(police, shelter, hold="seniors")
    await becomes(police, referral, hold_state="held")

    async def free() -> int | None:
        items = (await police.get("/beds", **{"for": "seniors"}))["items"]
        return next((int(i["free"]) for i in items if i["organisation_id"] == shelter.organisation), None)

    async def is_gone() -> bool:
        return await free() == 0

    async def is_back() -> bool:
        return await free() == 1

    await eventually("the board shows no room while it is held", is_gone)
    await shelter.post(f"/referrals/{referral}/decline", {"reason": "not_suitable"})
    await eventually("the board shows the room again", is_back)


async def test_a_doctor_can_not_write_to_the_police_and_is_told_the_rule(stage: Stage) -> None:
    police, hospital = stage.at("police"), stage.at("hospital")
    referral = await send(police, hospital, purpose="medical_examination")
    answer = await hospital.client.post(f"/referrals/{referral}/messages", json={"body": "Она беременна."})
    assert answer.status_code == 403
    assert answer.json()["rule"] == "F-DOCTOR-WRITES-NOT-TO-POLICE"
    assert answer.json()["reason"]["ru"]
    assert (await police.get(f"/referrals/{referral}/messages"))["items"] == []


async def test_consent_that_does_not_name_the_recipient_opens_nothing(stage: Stage) -> None:
    police = stage.at("police")
    person = await known(police)
    basis = {"kind": "consent", "consent_id": await consented(police, person, "identity")}
    body = {**OPAQUE, "to": {"organisation": stage.cast.hospital}, "purpose": "medical_examination"}
    answer = await police.client.post("/referrals", json={**body, "person_id": person, "basis": basis})
    assert answer.status_code == 403
    assert answer.json()["rule"] == "F-NO-LIVE-CONSENT"
    assert (await police.get("/referrals", box="outgoing"))["items"] == []


async def test_the_preview_is_exactly_what_leaves(stage: Stage) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    person = await known(police)
    basis = {"kind": "consent", "consent_id": await consented(police, person, "identity")}
    body = {**OPAQUE, "to": {"organisation": shelter.organisation}, "person_id": person, "basis": basis}
    shown = await police.post("/disclosures/preview", body)
    sent = await police.post("/referrals", body)
    came = await arrives(shelter, sent["id"])
    arrived = {k: v for k, v in came["content"].items() if v is not None}
    assert {**shown["content"], "referral_id": sent["id"]} == arrived
    assert [w["field"] for w in shown["withheld"]] == ["phone"]
