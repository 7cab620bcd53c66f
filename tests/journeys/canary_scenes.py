"""Canaries put in at every agency, through every call that takes words: what leaves, what stays, what is refused.

Each word stands in one place only, so that wherever it turns up it says how it got there.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from deploy.demo.office import Json, Office, arrives, becomes, eventually
from deploy.demo.people import iin, in_thirty_days
from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE

MARK = uuid4().hex[:10]
CONSENT_SECONDS = 20  # longer than a busy machine takes for all that rests on it
NUMBER = int(MARK, 16)
KINDS = (
    *(
        f"{who}_{what}"
        for who in ("her", "his", "guest", "in_danger", "reported", "asked", "lettered")
        for what in ("family", "given", "address")
    ),
    *("her_patronymic", "dependants", "health_withheld", "addiction_withheld", "narrative_withheld"),
    *("message_there", "message_back", "failed_because", "health_opened", "narrative_opened", "dependants_withheld"),
    *("his_addiction", "his_narrative", "findings", "forbidden_message", "guest_narrative", "guest_health"),
    *("danger", "review", "danger_health", "danger_narrative", "declined_because", "forgotten_family"),
    *("reported_story", "reported_children", "owed_story", "admitted_with", "talked_of", "met_in"),
    *("asked_answer", "asked_erased"),
    *("lettered_story", "lettered_signed", "recalled_story"),
    *("evader_family", "evader_given", "evader_address", "minor_family"),
)
TEXTS = {kind: f"{MARK}{number:02d} Қанарейка {kind}" for number, kind in enumerate(KINDS)}
IINS = {f"{who}_iin": iin("1987-06-05", (NUMBER + 997 * n) % 9000, digit=4) for n, who in enumerate(("her", "guest"))}
PHONES = {
    f"{who}_phone": f"+7 {(NUMBER + 10**7 * n) % 10**9 + 10**9:010d}"
    for n, who in enumerate(("her", "his", "guest", "in_danger", "calls_back"))
}
SCAN = sha256(MARK.encode()).hexdigest()  # of a signed paper
NOTE_SCAN = sha256(f"{MARK} note".encode()).hexdigest()  # of a signed refusal
COURT, TREATED_BY = f"{MARK}98 /26", f"{MARK}80 /26"
MISPLACED, FORGED = f"{MARK}99 Қанарейка misplaced", f"{MARK}97 Қанарейка forged"
CANARIES = {
    **TEXTS,
    **IINS,
    **PHONES,
    "scan": SCAN,
    "note_scan": NOTE_SCAN,
    "court": COURT,
    "treated_by": TREATED_BY,
    "misplaced": MISPLACED,
    "forged": FORGED,
}


def of(who: str) -> Json:
    """What is known of somebody: every field that says who they are."""
    fields = {"family_name": "family", "given_name": "given", "patronymic": "patronymic", "address": "address"}
    fields |= {"phone": "phone", "iin": "iin"}
    return {field: CANARIES[f"{who}_{kind}"] for field, kind in fields.items() if f"{who}_{kind}" in CANARIES}


def written(**kinds: str) -> Json:
    """Free texts of a referral by the name of the canary that stands there."""
    return {field: CANARIES[kind] for field, kind in kinds.items()}


async def person(office: Office, who: str, role: str = "victim") -> str:
    return str((await office.post("/persons", {"role": role, **of(who)}))["id"])


async def consent(office: Office, person_id: str, purpose: str, to: str, *opened: str, **more: Any) -> str:
    body = {"person_id": person_id, "purposes": [purpose], "recipients": [to], "categories": list(opened)}
    body |= {"valid_until": in_thirty_days(), "granted_by": "self", "form": "spoken", "explained_in": "kk", **more}
    return str((await office.post("/consents", body))["id"])


async def refer(office: Office, to: Office, purpose: str, person_id: str, basis: Json, **more: Any) -> str:
    body = {"to": {"organisation": to.organisation}, "purpose": purpose, "person_id": person_id, "basis": basis}
    sent = await office.post("/referrals", {**body, "call_back": CANARIES["calls_back_phone"], **more})
    await arrives(to, sent["id"])
    return str(sent["id"])


def on(consent_id: str) -> Json:
    return {"kind": "consent", "consent_id": consent_id}


async def she_is_lodged(stage: Stage) -> None:
    """Police to shelter: her name, telephone and children cross; address, health, addiction and story stay."""
    police, shelter = stage.at("police"), stage.at("near_shelter")
    stage.ids["her"] = her = await person(police, "her")
    paper = {"form": "signed_paper", "document_sha256": SCAN}
    given = await consent(police, her, "lodging", "shelter", "identity", "contact", "dependants", **paper)
    said = written(dependants="dependants", health="health_withheld", addiction="addiction_withheld")
    said |= written(circumstances="narrative_withheld")
    referral = await refer(police, shelter, "lodging", her, on(given), **said)
    await police.post(f"/referrals/{referral}/messages", {"body": TEXTS["message_there"]})
    await shelter.post(f"/referrals/{referral}/messages", {"body": TEXTS["message_back"]})
    await shelter.post(f"/referrals/{referral}/accept")
    failed = {"reason": "did_not_arrive", "text": TEXTS["failed_because"]}
    await shelter.post(f"/referrals/{referral}/complete", {"failed": failed})
    await becomes(police, referral, state="failed")
    await read(police, referral, 2)
    await read(shelter, referral, 2)
    stage.ids["lodging"] = referral


async def read(office: Office, referral: str, number: int) -> None:
    async def all_are_there() -> bool:
        return len((await office.get(f"/referrals/{referral}/messages"))["items"]) == number

    await eventually("the conversation is complete", all_are_there)


async def she_is_examined_and_withdraws(stage: Stage) -> None:
    """Police to hospital: health and story cross, and are erased when she takes her consent back. Findings stay."""
    police, hospital = stage.at("police"), stage.at("hospital")
    opened = ("identity", "health", "narrative")
    given = await consent(police, stage.ids["her"], "medical_examination", "health", *opened)
    said = written(health="health_opened", circumstances="narrative_opened", dependants="dependants_withheld")
    referral = await refer(police, hospital, "medical_examination", stage.ids["her"], on(given), **said)
    await hospital.post(f"/referrals/{referral}/accept")
    found = {"kind": "injuries", "findings": TEXTS["findings"], "referral_id": referral}
    await hospital.post("/examinations", found)
    no = await hospital.client.post(f"/referrals/{referral}/messages", json={"body": TEXTS["forbidden_message"]})
    assert no.status_code == 403
    stage.ids["refused"] = no.text
    await police.post(f"/consents/{given}/withdraw")
    await becomes(hospital, referral, state="withdrawn")


async def he_is_treated(stage: Stage) -> None:
    """Police to addictologist, on a court's decision: his name and addiction cross, what speaks of her stays."""
    police, clinic = stage.at("police"), stage.at("addictology")
    stage.ids["him"] = him = await person(police, "his", "alleged_offender")
    today = datetime.now(UTC).date()
    court = {"number": COURT, "decided_on": str(today - timedelta(days=1)), "until": str(today + timedelta(days=90))}
    said = written(addiction="his_addiction", circumstances="his_narrative")
    basis = {"kind": "court_decision", "court": court}
    referral = await refer(police, clinic, "compulsory_treatment", him, basis, subject="alleged_offender", **said)
    await clinic.post(f"/referrals/{referral}/decline", {"reason": "no_room", "text": TEXTS["declined_because"]})
    await becomes(police, referral, state="declined")


async def he_is_talked_to_and_she_is_to_be_assessed(stage: Stage) -> None:
    """Police to social services and a hospital: that a conversation was held, not a word of it; where they meet."""
    police, social, hospital = stage.at("police"), stage.at("social"), stage.at("hospital")
    now = datetime.now(UTC)
    talk = {"person_id": stage.ids["him"], "held_at": now.isoformat(), "minutes": 30, "place": "office"}
    talk |= {"forewarned": True, "said": TEXTS["talked_of"], "tell": [social.organisation]}
    await police.post("/conversations", talk)
    listed = {"kind": "preventive_monitoring", "codes": ["protective_order"], "since": str(now.date())}
    await police.post("/register-entries", {**listed, "person_id": stage.ids["him"]})
    when = {"meets_at": (now + timedelta(days=1)).isoformat(), "place": police.organisation, "room": TEXTS["met_in"]}
    seats = ((social, "social_worker"), (hospital, "psychologist"))
    asked: Json = {"invite": [{"organisation": office.organisation, "seat": seat} for office, seat in seats]}
    asked |= {"basis": {"kind": "own_request"}, "person_id": stage.ids["her"]}
    await police.post("/assessments", {**when, **asked, "call_back": CANARIES["calls_back_phone"]})

    async def all_are_there() -> bool:
        told = [
            await social.get("/conversations"),
            await social.get("/assessments"),
            await hospital.get("/assessments"),
        ]
        return all(one["items"] for one in told)

    await eventually("social services and the hospital know", all_are_there)


async def a_consent_runs_out(stage: Stage) -> None:
    """Shelter to social services: what crossed is erased when the consent's time is over. A refusal, and its notice."""
    shelter, social = stage.at("far_shelter"), stage.at("social")
    guest = await person(shelter, "guest")
    until = datetime.now(UTC) + timedelta(seconds=CONSENT_SECONDS)
    opened = ("identity", "contact", "narrative")
    given = await consent(shelter, guest, "social_services", "social", *opened, valid_until=until.isoformat())
    said = written(circumstances="guest_narrative", health="guest_health")
    referral = await refer(shelter, social, "social_services", guest, on(given), **said)
    await social.post("/plans", {"referral_id": referral, "goals": [{"kind": "documents"}]})
    refused = await shelter.post("/refusals", {"person_id": guest, "refused_at": datetime.now(UTC).isoformat()})
    await shelter.post(f"/refusals/{refused['id']}/send")

    async def erased() -> bool:
        copies = [await side.get(f"/referrals/{referral}") for side in (shelter, social)]
        return all(copy["erased_at"] for copy in copies)

    await asyncio.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
    await eventually("what the consent opened is erased at both sides", erased)


async def a_life_is_in_danger(stage: Stage, reviewer: Office) -> None:
    """Rural police to hospital: all that is needed crosses, where she is included. Why, and the review, stay."""
    police, hospital = stage.at("rural_police"), stage.at("hospital")
    who = await person(police, "in_danger")
    declared = await police.post("/emergencies", {"person_id": who, "why": TEXTS["danger"], "minutes": 60})
    basis = {"kind": "emergency", "emergency_id": declared["id"]}
    said = written(health="danger_health", circumstances="danger_narrative")
    await refer(police, hospital, "protection_of_life", who, basis, **said)
    note = {"justified": True, "note": TEXTS["review"]}
    await reviewer.post(f"/emergencies/{declared['id']}/review", note)


async def violence_is_reported(stage: Stage) -> None:
    """Shelter to police: on her consent her name and story cross, on the duty neither. An injury stays in health."""
    shelter, police, hospital = stage.at("near_shelter"), stage.at("police"), stage.at("hospital")
    who = await person(shelter, "reported")
    given = await consent(shelter, who, "statutory_report", "police", "identity", "narrative")
    said = {"to": police.organisation, "call_back": CANARIES["calls_back_phone"]}
    happened = {"kinds": ["physical"], "happened_on": "2026-03-20", "children_present": True, "weapon": False}
    report = {**said, **happened, "person_id": who}
    named = {**report, "basis": on(given), **written(circumstances="reported_story", dependants="reported_children")}
    sent = [await shelter.post("/violence-reports", named)]
    sent.append(await shelter.post("/violence-reports", {**report, **written(circumstances="owed_story")}))
    facts = {"complains_of_offence": True, "criminal_in_nature": False, "died": False}
    found = {"admitted_at": datetime.now(UTC).isoformat(), "injuries": TEXTS["admitted_with"], **facts}
    sent.append({"id": (await hospital.post("/admissions", {**said, **found}))["report_id"]})

    async def all_are_there() -> bool:
        there = [one["id"] for one in (await police.get("/violence-reports"))["items"]]
        return all(one["id"] in there for one in sent)

    await eventually("the police have the reports", all_are_there)


async def one_agency_asks_another(stage: Stage) -> None:
    """Social services to hospital: name and answer cross on her consent. With another consent both are gone."""
    social, hospital = stage.at("social"), stage.at("hospital")
    who = await person(social, "asked")
    for word in ("asked_answer", "asked_erased"):
        given = await consent(social, who, "information_request", "health", "identity", "health")
        asked = {"to": hospital.organisation, "kind": "medical_certificate", "person_id": who, "basis": on(given)}
        sent = await social.post("/inquiries", {**asked, "call_back": CANARIES["calls_back_phone"]})
        await settled(hospital, sent["id"], "asked")
        await hospital.post(f"/inquiries/{sent['id']}/answer", {"text": TEXTS[word]})
        await settled(social, sent["id"], "answered")
    await social.post(f"/consents/{given}/withdraw")
    await settled(hospital, sent["id"], "ended")


async def settled(office: Office, inquiry: str, state: str) -> None:
    async def is_so() -> bool:
        answer = await office.client.get(f"/inquiries/{inquiry}")
        return answer.is_success and answer.json()["state"] == state

    await eventually(f"the question is {state}", is_so)


async def a_school_is_written_to(stage: Stage) -> None:
    """Social services to a school, on paper: her name and story are in the letter. With the consent they are gone."""
    social = stage.at("social")
    who, today = await person(social, "lettered"), datetime.now(ZONE).date().isoformat()
    for story in ("lettered_story", "recalled_story"):
        given = await consent(social, who, "restoration_of_rights", "school", "identity", "narrative")
        body = {"to": stage.ids["school"], "person_id": who, "purpose": "restoration_of_rights", "basis": on(given)}
        body |= {"call_back": CANARIES["calls_back_phone"], "circumstances": TEXTS[story]}
        letter = (await social.post("/letters", body))["id"]
        for path in (f"/letters/{letter}", f"/letters/{letter}/pdf?language=ru"):
            assert (await social.client.get(path)).status_code == 200
        if story == "lettered_story":
            signed = {"their_number": "31-26", "came_back_on": today, "signed_by": TEXTS["lettered_signed"]}
            await social.post(f"/letters/{letter}/confirm", signed)
    await social.post(f"/consents/{given}/withdraw")
    assert (await social.client.get(f"/letters/{letter}/recall?language=ru")).status_code == 200
    await social.post(f"/letters/{letter}/recall", {"end": "never_handed_over", "on": today})


async def he_evades_and_a_minor_refuses(stage: Stage) -> None:
    """Addictologist to police: his name, and the court's decision. To social services of a minor: whom to call."""
    clinic, police, social = stage.at("addictology"), stage.at("police"), stage.at("social")
    today = datetime.now(UTC).date()
    him = await person(clinic, "evader", "alleged_offender")
    evaded = {"person_id": him, "evaded_on": str(today - timedelta(days=1)), "to": police.organisation}
    path = f"/treatment-paths/{(await clinic.post('/treatment-paths', evaded))['id']}"
    await stands(police, path, "evaded")
    await police.post(f"{path}/examination", {"setting": "out_patient"})
    await stands(clinic, path, "out_patient_ordered")
    await clinic.post(f"{path}/examined")
    await stands(police, path, "examined")
    await police.post(f"{path}/materials", {"materials": ["other_papers"]})
    await stands(clinic, path, "materials_sent")
    await clinic.post(f"{path}/court", {"received_on": str(today)})
    court = {"number": TREATED_BY, "decided_on": str(today), "until": str(today + timedelta(days=90))}
    days = {"from_day": str(today), "last_day": str(today + timedelta(days=90))}
    await clinic.post(f"{path}/decision", {"ordered": True, "court": court, **days})
    await stands(police, path, "ordered")
    minor = {"role": "victim", "birth_date": f"{today.year - 12}-01-01", **of("minor")}
    child = (await clinic.post("/persons", minor))["id"]
    asked = {"person_id": child, "to": social.organisation, "call_back": CANARIES["calls_back_phone"]}
    request = f"/guardian-requests/{(await clinic.post('/guardian-requests', asked))['id']}"

    async def arrived() -> bool:
        return (await social.client.get(request)).is_success

    await eventually("social services are asked", arrived)
    sheet = {"signed_on": str(today), "sha256": NOTE_SCAN}
    note: Json = {"explained_in": "kk", "signed_by": "legal_representative", "patient": sheet, "addictologist": sheet}
    note["consequences"] = ["illness_worsens", "evasion_is_told", "court_may_order"]
    offered = (await clinic.post("/voluntary-treatments", {"person_id": child}))["id"]
    await clinic.post(f"/voluntary-treatments/{offered}/refusal", note)


async def stands(office: Office, path: str, state: str) -> None:
    async def is_so() -> bool:
        answer = await office.client.get(path)
        return answer.is_success and answer.json()["state"] == state

    await eventually(f"the path is {state}", is_so)


async def she_is_looked_for_and_told(stage: Stage) -> None:
    """Searches, the letter, and somebody who is erased for good."""
    police, social = stage.at("police"), stage.at("social")
    for search in ({"iin": IINS["her_iin"]}, {"family_name": TEXTS["her_family"], "given_name": TEXTS["her_given"]}):
        assert (await police.post("/persons/search", search))["items"]
    letter = await police.client.get(f"/persons/{stage.ids['her']}/disclosures/letter", params={"language": "kk"})
    assert letter.status_code == 200
    gone = (await social.post("/persons", {"role": "victim", "family_name": TEXTS["forgotten_family"]}))["id"]
    assert (await social.client.delete(f"/persons/{gone}")).status_code == 200


async def what_does_not_fit(office: Office) -> dict[str, str]:
    """One word in every wrong place of a call; `<call> <number>`: what was answered."""
    bad, path, some = MISPLACED, "/persons", uuid4()
    plain = f"{MARK}99"
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", path, {"json": {"role": bad}}),
        ("POST", path, {"json": {"role": "victim", bad: bad, "iin": bad, "phone": bad, "birth_date": bad}}),
        ("POST", path, {"json": {"role": "victim", "family_name": bad * 20, "languages": [bad]}}),
        ("POST", path, {"json": {"role": "victim", "family_name": [bad], "incapacitated": bad, "sex": {bad: bad}}}),
        ("POST", path, {"content": f'{{"role": "{bad}'.encode()}),
        ("POST", path, {"content": bad.encode(), "headers": {"content-type": f"text/{plain}"}}),
        ("POST", path, {"json": {"role": "victim"}, "headers": {"Idempotency-Key": plain * 30}}),
        ("POST", f"{path}/search", {"json": {"iin": bad, "given_name": bad}}),
        ("POST", f"{path}/search", {"json": {"given_name": bad}, "params": {"cursor": bad, "limit": bad}}),
        ("POST", "/consents", {"json": {"person_id": bad, "purposes": [bad], "document_sha256": bad, "form": bad}}),
        ("POST", "/referrals", {"json": {"to": {bad: bad}, "basis": {"kind": bad}, "household": {bad: bad}}}),
        ("POST", "/referrals", {"json": {"to": {"organisation": bad, "nearest": bad}, "needs": [bad], "hold": bad}}),
        ("POST", "/emergencies", {"json": {"person_id": str(some), "why": bad, "minutes": bad}}),
        ("POST", "/conversations", {"json": {"person_id": bad, "said": bad * 500, "place": bad, "present": [bad]}}),
        ("POST", "/assessments", {"json": {"place": bad, "room": bad * 9, "invite": [{"seat": bad}], "basis": bad}}),
        ("POST", f"/assessments/{some}/answer", {"json": {"answer": bad, "suggests": bad}}),
        ("POST", f"/assessments/{some}/sign", {"json": {"challenging": bad}}),
        ("POST", "/register-entries", {"json": {"kind": bad, "person_id": bad, "codes": [bad], "since": bad}}),
        ("POST", f"/register-entries/{some}/remove", {"json": {"because": bad}}),
        ("POST", "/comparisons", {"json": {"counterpart_id": bad, "kind": bad, "their_kind": bad, bad: bad}}),
        ("POST", "/letters", {"json": {"to": bad, "person_id": bad, "circumstances": bad * 500, "needs": [bad]}}),
        ("POST", f"/letters/{some}/confirm", {"json": {"their_number": bad, "came_back_on": bad, "signed_by": bad}}),
        ("POST", f"/letters/{some}/recall", {"json": {"end": bad, "on": bad}}),
        ("POST", "/treatment-paths", {"json": {"person_id": bad, "to": bad, "evaded_on": bad, "materials": [bad]}}),
        ("POST", f"/treatment-paths/{some}/decision", {"json": {"ordered": bad, "court": {"number": bad}}}),
        ("POST", f"/treatment-paths/{some}/{bad}", {"json": {"unit": bad, "end": bad}}),
        ("POST", "/guardian-requests", {"json": {"person_id": bad, "to": bad, "call_back": bad}}),
        ("POST", f"/guardian-requests/{some}/answer", {"json": {"answer": bad}}),
        ("POST", f"/voluntary-treatments/{some}/refusal", {"json": {"patient": bad, "consequences": [bad]}}),
        ("POST", f"/referrals/{some}/messages", {"json": {"body": bad}}),
        ("POST", f"/referrals/{some}/decline", {"json": {"reason": bad, "text": bad}}),
        ("POST", f"/referrals/{some}/redirect", {"json": {"reason": "no_room", "suggested": bad}}),
        ("POST", f"/referrals/{some}/withdraw", {"headers": {"If-Match": plain, "Idempotency-Key": plain}}),
        ("GET", f"{path}/{bad}", {}),
        ("GET", f"/{bad}", {"params": {bad: bad}}),
        ("GET", "/beds", {"params": {"for": bad, "near": bad}}),
        ("GET", "/referrals", {"params": {"box": bad, "cursor": bad}}),
        ("GET", "/statistics/" + bad, {"params": {"month": bad}}),
        ("GET", "/organisations", {"headers": {"Authorization": f"Bearer {plain}.{plain}.{plain}"}}),
        ("GET", f"{path}/{some}", {"headers": {"User-Agent": plain, "Referer": plain, "X-Request-Id": plain}}),
        ("GET", f"{path}/{some}", {"headers": {"traceparent": plain, "tracestate": f"a={plain}", "baggage": plain}}),
        ("DELETE", f"{path}/{bad}", {}),
        ("PATCH", f"{path}/{some}", {"json": {bad: bad}, "headers": {"If-Match": plain}}),
        (f"X{plain}", path, {}),
    ]
    answers = {}
    for number, (method, where, what) in enumerate(calls):
        answer = await office.client.request(method, where, **what)
        assert answer.is_error, f"call {number} was taken"
        answers[f"call {number}"] = answer.text + str(dict(answer.headers))
    return answers


async def play(stage: Stage, reviewer: Office) -> dict[str, str]:
    """All scenes; every refusal, word for word."""
    await she_is_lodged(stage)
    await she_is_examined_and_withdraws(stage)
    await he_is_treated(stage)
    await he_is_talked_to_and_she_is_to_be_assessed(stage)
    await a_consent_runs_out(stage)
    await a_life_is_in_danger(stage, reviewer)
    await violence_is_reported(stage)
    await one_agency_asks_another(stage)
    await a_school_is_written_to(stage)
    await he_evades_and_a_minor_refuses(stage)
    await she_is_looked_for_and_told(stage)
    answers = {"the doctor's message": stage.ids["refused"]}
    for role in ("police", "near_shelter", "hospital", "social", "addictology"):
        answers |= {f"{role}, {call}": text for call, text in (await what_does_not_fit(stage.at(role))).items()}
    return answers
