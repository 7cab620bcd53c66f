"""One hospital treats her injuries and his addiction: it keeps them apart, and who sent both learns nothing."""

from typing import Any

import pytest

from deploy.demo.office import Json, Office, StoryFailed, arrives
from deploy.demo.people import iin, in_thirty_days
from deploy.demo.stage import Stage
from tests.network import Access

CALL = "+7 727 000 01 02"
HIS_IIN = iin("1985-02-03", 7711, digit=3)


async def referred(police: Office, hospital: Office, person: Json, categories: list[str]) -> str:
    """To a psychologist, on a consent, with the name."""
    whom = (await police.post("/persons", person))["id"]
    purpose, health = "psychological_help", ["health"]
    given = {"person_id": whom, "purposes": [purpose], "recipients": health, "categories": categories}
    given |= {"valid_until": in_thirty_days(), "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    basis = {"kind": "consent", "consent_id": (await police.post("/consents", given))["id"]}
    body = {"to": {"organisation": hospital.organisation}, "purpose": purpose, "subject": person["role"]}
    sent = await police.post("/referrals", {**body, "person_id": whom, "basis": basis, "call_back": CALL})
    await arrives(hospital, sent["id"])
    return str(sent["id"])


async def all_seen_by(police: Office) -> list[Any]:
    """All that the sender can see of it."""
    seen: list[Any] = [(await police.get(path))["items"] for path in ("/disclosures", "/reminders", "/deadlines")]
    return [*seen, (await police.get("/referrals", box="outgoing"))["items"]]


async def test_the_hospital_parts_them_and_the_police_learn_nothing(stage: Stage, access: Access) -> None:
    police, chief = stage.at("police"), stage.at("hospital")
    surgeon = access.office(chief.organisation, who="surgeon")
    addictologist = access.office(chief.organisation, who="addictologist")
    his = {"role": "alleged_offender", "family_name": "Серіков", "given_name": "Дәурен", "iin": HIS_IIN}
    hers = {"role": "victim", "family_name": "Серікова", "given_name": "Гүлнұр"}
    her_referral = await referred(police, chief, hers, ["identity"])
    his_referral = await referred(police, chief, his, ["identity"])
    her = await surgeon.post("/persons/from-referral", {"referral_id": her_referral})
    await addictologist.get(f"/referrals/{his_referral}")
    before, left = await all_seen_by(police), (await chief.get("/disclosures"))["items"]

    named: Json = {"other_party": {"iin": HIS_IIN}}
    path = f"/persons/{her['id']}"
    assert (await surgeon.client.patch(path, json=named, headers={"If-Match": "*"})).is_success
    (wall,) = (await chief.get("/walls"))["items"]
    sides = {(one["file_id"], one["side"]) for one in wall["files"]}
    assert {(her["id"], "victim"), (her_referral, "victim"), (his_referral, "alleged_offender")} == sides
    assert {"both_parties_here", "wall_staffed"} <= {one["kind"] for one in (await chief.get("/deadlines"))["items"]}
    for office, theirs in ((surgeon, his_referral), (addictologist, her_referral)):
        with pytest.raises(StoryFailed, match="404"):
            await office.get(f"/referrals/{theirs}")
        assert theirs not in str((await office.get("/referrals", box="incoming"))["items"])
    with pytest.raises(StoryFailed, match="404"):
        await addictologist.get(f"/persons/{her['id']}")
    ten = {"starts_at": "2099-03-23T10:00:00+05:00", "ends_at": "2099-03-23T10:30:00+05:00"}
    await surgeon.post("/appointments", {"person_id": her["id"], **ten})
    with pytest.raises(StoryFailed, match="this time is taken"):
        await addictologist.post("/appointments", {"referral_id": his_referral, **ten})

    assert (await chief.get("/disclosures"))["items"] == left
    assert await all_seen_by(police) == before
    for office in (surgeon, addictologist):
        await office.close()
