"""F8 across the running services: compulsory treatment step by step, treatment that is nobody else's, a guardian."""

from datetime import date, datetime, timedelta

import pytest

from deploy.demo.office import Json, Office, StoryFailed, eventually
from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE

HIS, HIS_HOME, HERS = "Серіков", "Талғар қ., Рысқұлов к-сі, 9", "Сәрсенова"
CALL = "+7 727 000 01 03"


def today(days: int = 0) -> str:
    day: date = datetime.now(ZONE).date() + timedelta(days=days)
    return day.isoformat()


async def stands(office: Office, path: str, **expected: object) -> Json:
    """The path, once it stands like that there."""

    async def look() -> Json | None:
        answer = await office.client.get(f"/treatment-paths/{path}")
        found = dict(answer.json()) if answer.is_success else {}
        return found if found and all(found[name] == value for name, value in expected.items()) else None

    return dict(await eventually(f"{office.organisation} knows how the path stands", look))


async def does(office: Office, other: Office, path: str, what: str, body: Json | None = None) -> Json:
    """A step, once both stand the same."""
    taken = await office.post(f"/treatment-paths/{path}/{what}", body)
    return await stands(other, path, state=taken["state"], search=taken["search"], version=taken["version"])


async def free(clinic: Office) -> int:
    return int((await clinic.get("/units/ward"))["free"])


async def his_record(office: Office) -> str:
    him = {"role": "alleged_offender", "family_name": HIS, "address": HIS_HOME}
    return str((await office.post("/persons", him))["id"])


async def test_from_evasion_over_both_examinations_and_the_court_to_the_end_of_treatment(stage: Stage) -> None:
    clinic, police = stage.at("addictology"), stage.at("police")
    await clinic.count("ward", kind="addictology", capacity=1, occupied=0)
    evaded = {"person_id": await his_record(clinic), "evaded_on": today(-1), "to": police.organisation}
    path = (await clinic.post("/treatment-paths", evaded))["id"]
    told = await stands(police, path, state="evaded")
    assert told["person"] == {"family_name": HIS}
    await police.post(f"/treatment-paths/{path}/person", {"person_id": await his_record(police)})
    await does(police, clinic, path, "search")
    await does(police, clinic, path, "found")
    await does(police, clinic, path, "examination", {"setting": "out_patient"})
    await does(clinic, police, path, "out-patient-refused")
    await does(police, clinic, path, "examination", {"setting": "in_patient"})
    somebody = (await clinic.post("/stays", {"unit": "ward"}))["id"]
    with pytest.raises(StoryFailed, match="no place of this unit is free"):
        await clinic.post(f"/treatment-paths/{path}/admit", {"unit": "ward"})
    await clinic.post(f"/stays/{somebody}/end")
    await does(clinic, police, path, "admit", {"unit": "ward"})
    assert await free(clinic) == 0
    await does(clinic, police, path, "examined")
    assert await free(clinic) == 1
    await does(police, clinic, path, "materials", {"materials": ["offence_reports", "neighbour_interviews"]})
    at_court = await does(clinic, police, path, "court", {"received_on": today()})
    assert (at_court["state"], at_court["decide_by"]) == ("at_court", today(10))
    due = [one for one in (await police.get("/deadlines"))["items"] if one["concerning"] == path]
    assert [(one["kind"], one["due_on"]) for one in due] == [("court_decides", today(10))]
    court = {"number": "7599-26-00-4/112", "decided_on": today(), "until": today(90)}
    decided = {"ordered": True, "court": court, "from_day": today(), "last_day": today(90)}
    ordered = await does(police, clinic, path, "decision", decided)
    assert (ordered["state"], ordered["court"], ordered["last_day"]) == ("ordered", court, today(90))
    await does(clinic, police, path, "begin", {"unit": "ward"})
    ended = await does(clinic, police, path, "end", {"end": "court_ended"})
    assert (ended["state"], ended["ended_on"], await free(clinic)) == ("ended", today(), 1)
    disclosed = [one for one in (await clinic.get("/disclosures", limit="200"))["items"] if one["concerning"] == path]
    assert {one["recipient_id"] for one in disclosed} == {police.organisation}
    assert all("addiction" not in one["categories"] and "health" not in one["categories"] for one in disclosed)


async def test_the_materials_of_the_police_begin_a_path_that_the_court_ends_or_treatment_of_ones_own_will(
    stage: Stage,
) -> None:
    clinic, police = stage.at("addictology"), stage.at("police")
    him = await his_record(police)
    begun = {"person_id": him, "to": clinic.organisation, "materials": ["workplace_note"]}
    declined, closed = [(await police.post("/treatment-paths", begun))["id"] for _ in range(2)]
    for path in (declined, closed):
        await stands(clinic, path, state="materials_sent")
    await does(clinic, police, declined, "court", {"received_on": today()})
    none = {"ordered": False, "number": "7599-26-00-4/113", "decided_on": today()}
    await does(clinic, police, declined, "decision", none)
    await stands(police, declined, state="not_ordered")
    await does(clinic, police, closed, "close")
    await stands(police, closed, state="closed")


async def test_voluntary_treatment_and_a_refusal_are_nobodys_business_and_a_patient_needs_no_name(
    stage: Stage,
) -> None:
    clinic, police = stage.at("addictology"), stage.at("police")
    nobody = (await clinic.post("/persons", {"role": "victim", "anonymous": True, "code": "қарлығаш"}))["id"]
    begun = await clinic.post("/voluntary-treatments", {"person_id": nobody, "agreed_by": "self"})
    assert begun["state"] == "under_way"
    sheet = {"signed_on": today(), "sha256": "9f" * 32}
    note: Json = {"explained_in": "kk", "signed_by": "self", "patient": sheet, "addictologist": sheet}
    consequences = ["illness_worsens", "evasion_is_told", "court_may_order"]
    with pytest.raises(StoryFailed):
        await clinic.post(f"/voluntary-treatments/{begun['id']}/refusal", {**note, "consequences": consequences[:1]})
    refused = await clinic.post(f"/voluntary-treatments/{begun['id']}/refusal", {**note, "consequences": consequences})
    assert (refused["state"], refused["refusal"]["addictologist"]) == ("refused", sheet)
    assert (await clinic.get("/disclosures"))["items"] == []
    assert (await police.get("/treatment-paths"))["items"] == []


async def test_for_a_minor_whose_representative_is_the_alleged_offender_the_guardianship_authority_decides(
    stage: Stage,
) -> None:
    clinic, social = stage.at("addictology"), stage.at("social")
    born = f"{datetime.now(ZONE).year - 14}-01-01"
    minor = {"role": "victim", "family_name": HERS, "birth_date": born, "representative_is_alleged_offender": True}
    child = (await clinic.post("/persons", minor))["id"]
    offered = (await clinic.post("/voluntary-treatments", {"person_id": child}))["id"]
    agreed = {"agreed_by": "guardianship_authority"}
    with pytest.raises(StoryFailed, match="has not answered that it consents"):
        await clinic.post(f"/voluntary-treatments/{offered}/begin", agreed)
    asked = {"person_id": child, "to": social.organisation, "call_back": CALL}
    request = (await clinic.post("/guardian-requests", asked))["id"]

    async def came() -> Json | None:
        items = (await social.get("/guardian-requests"))["items"]
        return next((one for one in items if one["id"] == request), None)

    there = await eventually("social services are asked", came)
    assert (there["content"], there["person_id"]) == ({"call_back": CALL}, None)
    await social.post(f"/guardian-requests/{request}/answer", {"answer": "consents"})

    async def answered() -> bool:
        return bool((await clinic.get(f"/guardian-requests/{request}"))["answer"])

    await eventually("the clinic has the answer", answered)
    begun = await clinic.post(f"/voluntary-treatments/{offered}/begin", agreed)
    assert (begun["state"], begun["agreed_by"]) == ("under_way", "guardianship_authority")
