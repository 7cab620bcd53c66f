"""An order protects her (F10): from the police to the shelter that took her in, across the running services."""

from datetime import date, datetime, timedelta

from deploy.demo.office import Json, Office, arrives, becomes, eventually
from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE


async def the_order(office: Office, **expected: object) -> Json:
    """The one order that the office was told of, once it stands like that."""

    async def look() -> Json | None:
        items = (await office.get("/orders"))["items"]
        return next((one for one in items if all(one[name] == value for name, value in expected.items())), None)

    found: Json = await eventually(f"{office.organisation} knows of the order", look)
    return found


async def taken_in(stage: Stage) -> tuple[str, str]:
    """(the police's record of her, the referral that the shelter has accepted)"""
    police, shelter = stage.at("police"), stage.at("near_shelter")
    her = (await police.post("/persons", {"role": "victim", "family_name": "Ахметова"}))["id"]
    body = {"to": {"organisation": shelter.organisation}, "purpose": "lodging", "person_id": her}
    body |= {"basis": {"kind": "own_request"}, "call_back": "+7 727 000 01 02"}
    referral = (await police.post("/referrals", body))["id"]
    await arrives(shelter, referral)
    await shelter.post(f"/referrals/{referral}/accept")
    await becomes(police, referral, state="accepted")
    return her, referral


async def test_the_shelter_learns_that_an_order_protects_her_until_when_and_that_it_was_broken(stage: Stage) -> None:
    police, shelter, hospital = stage.at("police"), stage.at("near_shelter"), stage.at("hospital")
    her, referral = await taken_in(stage)
    him = (await police.post("/persons", {"role": "alleged_offender", "family_name": "Жұмабаев"}))["id"]
    today: date = datetime.now(ZONE).date()
    last_day = (today + timedelta(days=10)).isoformat()
    body = {"kind": "protective", "protected_id": her, "alleged_offender_id": him, "from_day": today.isoformat()}
    order = await police.post("/orders", {**body, "last_day": last_day, "asks": ["no_violence", "no_contact"]})
    told = await the_order(shelter, referral_id=referral)
    assert (told["state"], told["content"]["last_day"]) == ("in_force", last_day)
    assert "Жұмабаев" not in str(told)
    await police.post(f"/orders/{order['id']}/breaches", {"breached_at": datetime.now(ZONE).isoformat()})

    async def warned() -> Json | None:
        items = (await shelter.get("/warnings", unread="true"))["items"]
        return next((one for one in items if one["referral_id"] == referral), None)

    warning = await eventually("the shelter is warned of the breach", warned)
    assert warning["pattern"] == "orders_breached"
    await police.post(f"/orders/{order['id']}/end", {"end": "lifted"})
    await the_order(shelter, referral_id=referral, state="ended", end="lifted")
    assert (await hospital.get("/orders"))["items"] == []
