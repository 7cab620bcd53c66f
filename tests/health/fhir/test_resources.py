"""People, what they allowed, organisations with their room, messages and results: what health holds, in FHIR."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.network import Network
from services.health.fhir.capability import RESOURCES
from shared.adapters.audit import Action
from shared.casework.beds import store as board
from shared.contract.events import BedsCounted
from shared.contract.events.state import UnitCount
from shared.contract.vocabulary import Agency, BedKind
from tests.adapters.test_reads import entries
from tests.health.fhir.system import System, reason, said
from tests.health.fhir.test_no_entry import PUBLIC
from tests.health.fhir.test_searching import OURS, PURPOSES, came
from tests.workbench import Bench, bench

HER = {"role": "victim", "family_name": "Ахметова", "given_name": "Дана", "phone": "+7 701 000 00 09"}
TERMS: dict[str, Any] = {
    "purposes": ["lodging"],
    "recipients": ["shelter", "social-19"],
    "categories": ["identity", "contact"],
    "valid_until": "2026-06-01T00:00:00Z",
    "granted_by": "self",
    "form": "spoken",
    "explained_in": "kk",
}
KIND = "https://qorgau.invalid/fhir/CodeSystem/examination-kind"


@pytest.fixture
async def health(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH) as service:
        yield service


@pytest.fixture
async def system(health: Bench) -> AsyncIterator[System]:
    async with health.client(OURS) as client:
        yield System(client)


async def made(system: System, path: str, body: dict[str, Any]) -> str:
    answer = await system.client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def kinds(resource: dict[str, Any]) -> dict[str, Any]:
    return {extension["url"].rsplit("/", 1)[1]: extension for extension in resource["extension"]}


async def test_a_patient_has_the_name_that_this_hospital_knows(system: System) -> None:
    person = await made(system, "/persons", HER)
    patient = await system.read(f"Patient/{person}")
    assert patient["name"] == [{"family": "Ахметова", "given": ["Дана"]}]
    assert patient["identifier"][0]["value"] == person


async def test_who_is_anonymous_has_no_name_in_any_resource(system: System) -> None:
    person = await made(system, "/persons", {"role": "victim", "anonymous": True, "code": "қарлығаш 7"})
    consent = await made(system, "/consents", {"person_id": person, **TERMS, "categories": []})
    patient, allowed = await system.read(f"Patient/{person}"), await system.read(f"Consent/{consent}")
    assert patient["name"][0]["extension"][0]["valueCode"] == "masked"
    assert "REDACTED" in {label["code"] for label in patient["meta"]["security"]}
    assert "қарлығаш" not in json.dumps([patient, allowed], ensure_ascii=False)


async def test_a_consent_says_for_what_to_whom_which_data_and_until_when(system: System) -> None:
    person = await made(system, "/persons", HER)
    consent = await system.read(f"Consent/{await made(system, '/consents', {'person_id': person, **TERMS})}")
    provision = consent["provision"]
    assert (consent["status"], provision["type"]) == ("active", "permit")
    assert consent["patient"] == consent["performer"][0] == {"reference": f"Patient/{person}"}
    assert consent["organization"] == [{"reference": f"Organization/{OURS}"}]
    assert consent["category"][0]["coding"][0]["code"] == "IDSCL"
    assert [purpose["code"] for purpose in provision["purpose"]] == ["lodging"]
    assert [category["coding"][0]["code"] for category in provision["code"]] == ["identity", "contact"]
    assert provision["actor"][0]["reference"]["identifier"]["value"] == "shelter"
    assert provision["actor"][1]["reference"] == {"reference": "Organization/social-19"}
    assert provision["period"]["end"] == "2026-06-01T00:00:00+00:00"


async def test_consents_are_found_by_patient_and_by_whether_they_still_allow_anything(system: System) -> None:
    person = await made(system, "/persons", HER)
    old, new = [await made(system, "/consents", {"person_id": person, **TERMS}) for _ in range(2)]
    await system.client.post(f"/consents/{old}/withdraw")
    of_her = {"patient": f"Patient/{person}"}
    assert {one["id"] for one in await system.found("Consent", **of_her)} == {old, new}
    assert [one["id"] for one in await system.found("Consent", **of_her, status="active")] == [new]
    (ended,) = await system.found("Consent", **of_her, status="inactive")
    assert kinds(ended)["consent-end"]["valueCode"] == "withdrawn"
    assert (await system.call("GET", "Consent", params={"status": "active"})).status_code == 422


async def test_an_organisation_has_names_and_a_district_and_no_address(system: System) -> None:
    shelter = await system.read("Organization/shelter-near-19")
    assert (shelter["name"], shelter["id"]) == ("shelter-near-19", "shelter-near-19")
    assert kinds(shelter)["kato"]["valueCode"].startswith("19")
    service = await system.read("HealthcareService/shelter-near-19")
    assert not {"address", "location", "coverageArea"} & {*shelter, *service}


async def test_a_service_says_what_it_takes_referrals_for_and_how_much_room_it_has(
    health: Bench, system: System
) -> None:
    async with health.work() as work:
        units = [
            UnitCount(unit=name, kind=BedKind.DETOXIFICATION, capacity=4, free=free, counted_at=work.now)
            for name, free in (("ward", 0), ("detox", 3))
        ]
        counted = BedsCounted(organisation="addictology-19", units=tuple(units), at=work.now)
        await board.replace(work.session, counted=counted, at=work.now)
    service = await system.read("HealthcareService/addictology-19")
    assert [purpose["coding"][0]["code"] for purpose in service["type"]] == ["addiction_treatment"]
    (said_by_guide, *each, _) = service["extension"]
    assert said_by_guide["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "capacity"
    parts = [{part["url"]: part for part in unit["extension"]} for unit in each]
    assert [(unit["unit"]["valueString"], unit["free"]["valueUnsignedInt"]) for unit in parts] == [
        ("detox", 3),
        ("ward", 0),
    ]
    assert "bed-capacity" not in kinds(await system.read("HealthcareService/hospital-19"))


async def test_services_are_found_by_what_they_take_and_by_organisation(system: System) -> None:
    both = {"organization": "Organization/hospital-19,addictology-19"}
    assert [one["id"] for one in await system.found("HealthcareService", **both)] == ["addictology-19", "hospital-19"]
    treats = await system.found("HealthcareService", **both, **{"service-type": "addiction_treatment"})
    assert [one["id"] for one in treats] == ["addictology-19"]
    assert await system.found("HealthcareService", **both, active="false") == []
    everyone = {one["id"] for one in await system.found("HealthcareService")}
    assert "shelter-near-19" in everyone
    assert "police-19" not in everyone


async def test_a_message_is_written_once_and_read_by_its_referral(health: Bench, system: System) -> None:
    referral = await came(health, "social-19", PURPOSES[0])
    body = {
        "resourceType": "Communication",
        "status": "completed",
        "basedOn": [{"reference": f"Task/{referral}"}],
        "payload": [{"contentString": "Она у нас."}],
    }
    key = {"Idempotency-Key": "only-once"}
    first, again = [await system.call("POST", "Communication", body=body, headers=key) for _ in range(2)]
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    (message,) = await system.found("Communication", **{"based-on": f"Task/{referral}"})
    assert message == await system.read(first.headers["location"].removeprefix("/v1/fhir/"))
    assert message["payload"] == [{"contentString": "Она у нас."}]
    assert message["recipient"] == [{"reference": "Organization/social-19"}]


async def test_the_answer_to_a_message_is_not_given_again_once_it_was_erased(health: Bench, system: System) -> None:
    referral = await came(health, "social-19", PURPOSES[0])
    body = {
        "resourceType": "Communication",
        "basedOn": [{"reference": f"ServiceRequest/{referral}"}],
        "payload": [{"contentString": "Она у нас."}],
    }
    key = {"Idempotency-Key": "only-once"}
    written = (await system.call("POST", "Communication", body=body, headers=key)).json()
    await system.move(referral, "cancelled", statusReason=reason("withdrawn"))
    again = await system.call("POST", "Communication", body=body, headers=key)
    assert said(again) == (409, "this call was done; what it answered has been erased since")
    left = await system.read(f"Communication/{written['id']}")
    assert "payload" not in left
    assert "REDACTED" in {label["code"] for label in left["meta"]["security"]}


async def test_a_hospitals_own_patient_is_found_by_what_it_asked_for_them(system: System) -> None:
    person = await made(system, "/persons", HER)
    asked = {"to": {"organisation": "social-19"}, "purpose": "social_services", "basis": {"kind": "no_personal_data"}}
    referral = await made(system, "/referrals", {**asked, "person_id": person, "call_back": "+7 727 000 00 01"})
    for kind, searched in (("Task", "patient"), ("ServiceRequest", "patient"), ("ServiceRequest", "subject")):
        assert [one["id"] for one in await system.found(kind, **{searched: f"Patient/{person}"})] == [referral]


async def test_an_examination_is_recorded_and_read_as_a_procedure_and_a_result_of_its_referral(
    health: Bench, system: System
) -> None:
    referral = await came(health, "police-19", PURPOSES[0])
    body = {
        "resourceType": "Procedure",
        "status": "completed",
        "basedOn": [{"reference": f"ServiceRequest/{referral}"}],
        "subject": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason"}]},
        "code": {"coding": [{"system": KIND, "code": "injuries"}]},
        "note": [{"text": "Гематома."}],
    }
    early = await system.call("POST", "Procedure", body=body)
    assert said(early) == (409, "an examination belongs to a referral that was accepted and not withdrawn")
    await system.move(referral, "accepted")
    recorded = await system.call("POST", "Procedure", body=body)
    assert recorded.status_code == 201, recorded.text
    read = await system.read(recorded.headers["location"].removeprefix("/v1/fhir/"))
    assert read == recorded.json()
    assert (read["code"]["coding"][0]["code"], read["note"][0]["text"]) == ("injuries", "Гематома.")
    (output,) = (await system.read(f"Task/{referral}"))["output"]
    assert output["valueReference"] == {"reference": f"Procedure/{read['id']}"}


async def test_what_was_erased_of_an_examination_is_masked(health: Bench, system: System) -> None:
    examination = await made(system, "/examinations", {"kind": "injuries", "findings": "Гематома."})
    async with health.client(OURS, "supervisor") as chief:
        assert (await chief.delete(f"/examinations/{examination}")).is_success
    erased = await system.read(f"Procedure/{examination}")
    assert erased["code"]["extension"][0]["valueCode"] == "masked"
    assert "note" not in erased


async def test_each_change_leaves_the_entry_that_the_same_rest_call_leaves(health: Bench, system: System) -> None:
    one, other = [await came(health, "social-19", PURPOSES[0]) for _ in range(2)]
    based_on, no_one = [{"reference": f"ServiceRequest/{one}"}], {"display": "nobody named"}
    wrote = {"resourceType": "Communication", "basedOn": based_on, "payload": [{"contentString": "Она у нас."}]}
    found = {"resourceType": "Procedure", "status": "completed", "basedOn": based_on, "subject": no_one}
    found |= {"code": {"coding": [{"system": KIND, "code": "injuries"}]}, "note": [{"text": "Гематома."}]}
    task = {"resourceType": "Task", "id": one, "status": "accepted"}
    for verb, path, body, rest, same in (
        ("PUT", f"Task/{one}", task, f"/referrals/{other}/accept", None),
        ("POST", "Communication", wrote, f"/referrals/{other}/messages", {"body": "Она у нас."}),
        ("POST", "Procedure", found, "/examinations", {"kind": "injuries", "findings": "Гематома."}),
    ):
        before = len(await entries(health))
        assert (await system.call(verb, path, body=body)).is_success
        assert (await system.client.post(rest, json=same)).is_success
        left = [(e.action, {**e.details, "referral_id": None}) for e in (await entries(health))[before:]]
        changes = [entry for entry in left if entry[0] in (Action.CHANGED, Action.RECORDED)]
        assert changes == [changes[0]] * 2, path


async def test_each_read_leaves_the_entry_that_the_same_rest_call_leaves(health: Bench, system: System) -> None:
    person = await made(system, "/persons", HER)
    consent = await made(system, "/consents", {"person_id": person, **TERMS})
    referral = await came(health, "social-19", PURPOSES[0])
    examination = await made(system, "/examinations", {"kind": "injuries", "findings": "Гематома."})
    message = await made(system, f"/referrals/{referral}/messages", {"body": "Она у нас."})
    recorded = set()
    for fhir, rest, action in (
        (f"Task/{referral}", f"/referrals/{referral}", Action.READ_REFERRAL),
        (f"ServiceRequest/{referral}", f"/referrals/{referral}", Action.READ_REFERRAL),
        ("Task?owner=hospital-19", "/referrals?box=incoming", Action.READ_REFERRAL),
        ("ServiceRequest", "/referrals?box=incoming", Action.READ_REFERRAL),
        (f"Patient/{person}", f"/persons/{person}", Action.READ_PERSON),
        (f"Consent/{consent}", f"/consents/{consent}", Action.READ_CONSENT),
        (f"Consent?patient={person}", f"/persons/{person}/consents", Action.READ_CONSENT),
        (f"Procedure/{examination}", f"/examinations/{examination}", Action.READ_EXAMINATION),
        (f"Communication?based-on={referral}", f"/referrals/{referral}/messages", Action.READ_MESSAGES),
        (f"Communication/{message}", f"/referrals/{referral}/messages", Action.READ_MESSAGES),
    ):
        before = len(await entries(health))
        await system.read(fhir)
        assert (await system.client.get(rest)).is_success
        left = [(e.action, e.concerning, e.person_id, e.details) for e in (await entries(health))[before:]]
        assert left == [left[0]] * 2, fhir
        assert left[0][0] == action, fhir
        recorded.add(fhir.split("/")[0].split("?")[0])
    assert recorded == set(RESOURCES) - {*PUBLIC}
