"""The case file (F17) across the running services: each agency has its own timeline of the same case."""

from datetime import UTC, datetime

from deploy.demo.office import Json, Office, arrives, becomes, eventually
from deploy.demo.stage import Stage
from shared.casework.files.exporting import digest_of

CALLED, ANSWERED = "Она в пути, с ней двое детей.", "Ждём у ворот."


async def told(office: Office, path: str) -> set[tuple[str, str]]:
    """What the file says, and which way."""
    return {(one["kind"], one["way"]) for one in (await office.get(f"{path}/file", limit="200"))["items"]}


async def heard(office: Office, referral: str) -> None:
    """The other side's message has come, and is read."""

    async def look() -> Json | None:
        items = (await office.get(f"/referrals/{referral}/messages"))["items"]
        return next((one for one in items if one["author_id"] != office.organisation), None)

    await eventually(f"{office.organisation} has the message", look)


async def test_each_side_of_a_case_has_a_file_of_what_it_sent_received_and_did_and_of_nothing_else(
    stage: Stage,
) -> None:
    police, shelter, hospital = stage.at("police"), stage.at("near_shelter"), stage.at("hospital")
    her = (await police.post("/persons", {"role": "victim", "family_name": "Ахметова", "phone": "+7 701 000 00 01"}))[
        "id"
    ]
    occurred: Json = {"occurred_at": datetime.now(UTC).isoformat(), "kinds": ["physical"], "relation": "spouse"}
    occurred |= dict.fromkeys(("at_home", "children_present", "inebriated", "weapon"), False)
    await police.post("/incidents", {**occurred, "victim_id": her})
    body = {"to": {"organisation": shelter.organisation}, "purpose": "lodging", "person_id": her}
    body |= {"basis": {"kind": "own_request"}, "call_back": "+7 727 000 01 02"}
    referral = (await police.post("/referrals", body))["id"]
    await arrives(shelter, referral)
    await police.post(f"/referrals/{referral}/messages", {"body": CALLED})
    await heard(shelter, referral)
    await shelter.post(f"/referrals/{referral}/accept")
    await shelter.post(f"/referrals/{referral}/messages", {"body": ANSWERED})
    await becomes(police, referral, state="accepted")
    await heard(police, referral)

    ours, theirs = await told(police, f"/persons/{her}"), await told(shelter, f"/referrals/{referral}")
    assert {("incident", "done"), ("referral", "sent"), ("referral_moved", "received"), ("message", "sent")} <= ours
    assert {("message", "received"), ("disclosed", "sent"), ("withheld", "withheld")} <= ours
    assert {
        ("referral", "received"),
        ("referral_moved", "sent"),
        ("message", "sent"),
        ("message", "received"),
    } <= theirs
    assert not [kind for kind, _ in theirs if kind in ("incident", "withheld", "consent_given")]

    document = await shelter.get(f"/referrals/{referral}/file/json")
    assert digest_of(document) == document["digest"]
    assert CALLED in str(document)
    assert not [word for word in ("+7 701 000 00 01", her) if word in str(document)], "what did not cross is not there"
    paper = await police.client.get(f"/persons/{her}/file/pdf", params={"language": "kk"})
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    for path in (f"/persons/{her}", f"/referrals/{referral}"):
        assert (await hospital.client.get(f"{path}/file")).status_code == 404
