"""F14 across the running services: questions, answers and refusals, and how her consent ends them."""

from datetime import UTC, datetime, timedelta

from deploy.demo.office import Json, Office, eventually
from deploy.demo.people import in_thirty_days
from deploy.demo.stage import Stage

TOLD = "Амбулаторлық ем алды: білек сынған."
HERS, HIS = "Сәрсенова", "Серіков"


async def person(office: Office, role: str, name: str) -> str:
    return str((await office.post("/persons", {"role": role, "family_name": name}))["id"])


def court(number: str) -> Json:
    today = datetime.now(UTC).date()
    decided, until = str(today - timedelta(days=1)), str(today + timedelta(days=90))
    return {"kind": "court_decision", "court": {"number": number, "decided_on": decided, "until": until}}


async def stands(office: Office, inquiry: str, state: str) -> Json:
    """The question, once it stands so there."""

    async def found() -> Json | None:
        answer = await office.client.get(f"/inquiries/{inquiry}")
        return dict(answer.json()) if answer.is_success and answer.json()["state"] == state else None

    return dict(await eventually(f"the question is {state} at {office.organisation}", found))


async def test_social_services_ask_the_hospital_on_her_consent_and_with_it_everything_goes(stage: Stage) -> None:
    social, hospital = stage.at("social"), stage.at("hospital")
    her = await person(social, "victim", HERS)
    given: Json = {"purposes": ["information_request"], "recipients": ["health"], "categories": ["identity", "health"]}
    given |= {"valid_until": in_thirty_days(), "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    consent = (await social.post("/consents", {"person_id": her, **given}))["id"]
    asked: Json = {"to": hospital.organisation, "kind": "medical_certificate", "person_id": her}
    asked |= {"basis": {"kind": "consent", "consent_id": consent}, "call_back": "+7 727 000 01 02"}
    sent = await social.post("/inquiries", asked)
    came = await stands(hospital, sent["id"], "asked")
    assert (came["asked"]["family_name"], came["due_on"]) == (HERS, sent["due_on"])
    due = (await hospital.get("/deadlines"))["items"]
    assert [one["kind"] for one in due if one["concerning"] == sent["id"]] == ["inquiry_answer"]
    there = await person(hospital, "victim", HERS)
    await hospital.post(f"/inquiries/{sent['id']}/answer", {"text": TOLD, "person_id": there})
    answered = await stands(social, sent["id"], "answered")
    assert (answered["answer"], answered["late"]) == ({"health": TOLD}, False)
    (question,) = (await social.get(f"/persons/{her}/disclosures"))["items"]
    (answer,) = (await hospital.get(f"/persons/{there}/disclosures"))["items"]
    assert (question["event_type"], answer["event_type"]) == ("information.requested", "information.answered")
    await social.post(f"/consents/{consent}/withdraw")
    for side in (social, hospital):
        gone = await stands(side, sent["id"], "ended")
        assert (gone["asked"], gone["answer"]) == (None, None)


async def test_the_police_ask_for_a_court_and_the_note_goes_to_the_court_alone(stage: Stage) -> None:
    police, clinic = stage.at("police"), stage.at("addictology")
    him = await person(police, "alleged_offender", HIS)
    asked: Json = {"to": clinic.organisation, "kind": "addictologist_note", "person_id": him}
    asked |= {"subject": "alleged_offender", "basis": court("7599-26-00-4/14")}
    sent = await police.post("/inquiries", {**asked, "call_back": "+7 727 000 01 02"})
    await stands(clinic, sent["id"], "asked")
    await clinic.post(f"/inquiries/{sent['id']}/answer", {"handed_to": "court"})
    answered = await stands(police, sent["id"], "answered")
    assert (answered["handed_to"], answered["answer"]) == ("court", {})


async def test_convictions_are_told_a_refusal_says_why_and_what_is_taken_back_is_forgotten(stage: Stage) -> None:
    social, police, shelter = stage.at("social"), stage.at("police"), stage.at("near_shelter")
    basis: Json = {"basis": court("7599-26-00-4/15"), "call_back": "+7 727 000 01 02"}
    him = await person(social, "alleged_offender", HIS)
    asked = {"kind": "prior_convictions", "subject": "alleged_offender", "to": police.organisation, **basis}
    sent = await social.post("/inquiries", {**asked, "person_id": him})
    await stands(police, sent["id"], "asked")
    one = {"article": "cc-109", "convicted_on": "2025-04-11", "spent": False}
    await police.post(f"/inquiries/{sent['id']}/answer", {"convictions": [one]})
    assert (await stands(social, sent["id"], "answered"))["answer"] == {"convictions": [one]}
    her = await person(shelter, "victim", HERS)
    asked = {"kind": "social_services", "to": social.organisation, "person_id": her, **basis}
    refused, cancelled = [(await shelter.post("/inquiries", asked))["id"] for _ in range(2)]
    for inquiry in (refused, cancelled):
        await stands(social, inquiry, "asked")
    await social.post(f"/inquiries/{refused}/refuse", {"ground": "not_held"})
    assert (await stands(shelter, refused, "refused"))["ground"] == "not_held"
    await shelter.post(f"/inquiries/{cancelled}/cancel")
    assert (await stands(social, cancelled, "cancelled"))["asked"] is None
