"""F11 across the running services: police and social services learn whom both have in their registers, and no more."""

from typing import Any
from uuid import uuid4

from deploy.demo.office import Json, Office, eventually
from deploy.demo.people import iin
from deploy.demo.stage import Stage

FEWEST, SHARED = 20, 3
BORN = "1987-06-05"


async def entered(office: Office, kind: str, numbers: list[str]) -> dict[str, str]:
    """By IIN, the entry of each in a register of this office's, for failing in their duties."""
    found = {}
    for number in numbers:
        person = (await office.post("/persons", {"role": "alleged_offender", "iin": number}))["id"]
        entry: Json = {"kind": kind, "person_id": person, "codes": ["duties_not_performed"], "since": "2026-03-20"}
        found[number] = str((await office.post("/register-entries", entry))["id"])
    return found


async def stands(office: Office, comparison: str, state: str) -> Json:
    """The office's copy, once it stands like that."""

    async def look() -> Json | None:
        items = (await office.get("/comparisons"))["items"]
        return next((one for one in items if (one["id"], one["state"]) == (comparison, state)), None)

    found: Json = await eventually(f"{office.organisation} sees the comparison {state}", look)
    return found


async def told_about(office: Office, entry: str) -> list[Any]:
    """To whom something left of the person of an entry."""
    person = (await office.get(f"/register-entries/{entry}"))["person_id"]
    items = (await office.get(f"/persons/{person}/disclosures"))["items"]
    return [(one["event_type"], one["recipient"]["id"]) for one in items]


async def test_two_registers_learn_whom_both_have_and_nothing_of_the_others(stage: Stage) -> None:
    police, social = stage.at("police"), stage.at("social")
    first = uuid4().int % 5000
    numbers = [iin(BORN, first + 31 * n, digit=3) for n in range(2 * FEWEST - SHARED)]
    ours = await entered(police, "preventive_monitoring", numbers[:FEWEST])
    theirs = await entered(social, "troubled_families", numbers[FEWEST - SHARED :])
    body = {"counterpart_id": social.organisation, "kind": "preventive_monitoring", "their_kind": "troubled_families"}
    comparison = (await police.post("/comparisons", body))["id"]
    asked = await stands(social, comparison, "opened")
    assert (asked["side"], asked["counterpart_id"]) == ("theirs", police.organisation)
    assert not [word for word in (*numbers, *ours.values()) if word in str(asked)]
    await social.post(f"/comparisons/{comparison}/answer")
    both = set(numbers[FEWEST - SHARED : FEWEST])
    for office, known, other in ((police, ours, social), (social, theirs, police)):
        seen = await stands(office, comparison, "compared")
        assert set(seen["also_there"]) == {known[number] for number in both}
        assert (seen["entries"], seen["size"], seen["their_size"]) == (FEWEST, 64, 64)
        for number, entry in known.items():
            told = [("register.compared", other.organisation)] if number in both else []
            assert await told_about(office, entry) == told
    hospital = {"counterpart_id": stage.at("hospital").organisation, "their_kind": "dispensary"}
    refused = await police.client.post("/comparisons", json={**body, **hospital})
    assert (refused.status_code, refused.json()["rule"]) == (403, "NO-RULE")
