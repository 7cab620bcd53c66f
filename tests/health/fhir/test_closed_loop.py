"""A referral from the police to a hospital whose system speaks FHIR: both sides always see the same state."""

import json
from collections.abc import AsyncIterator

import pytest

from deploy.demo.office import Office, becomes
from deploy.demo.people import in_thirty_days
from deploy.demo.stage import Stage
from tests.health.fhir.system import System, reason, said
from tests.journeys.test_referrals import known, send
from tests.network import Access

NAMES = ("Ахметова", "Дана", "701 000 00 09")


@pytest.fixture(scope="module")
async def stage(access: Access) -> AsyncIterator[Stage]:
    """One cast for all: each test has a referral of its own, and looks at no other."""
    async with access.stage(next(access.casts)) as players:
        yield players


def at_the_hospital(stage: Stage) -> tuple[Office, Office, System]:
    police, hospital = stage.at("police"), stage.at("hospital")
    return police, hospital, System(hospital)


async def referred(police: Office, hospital: Office, **more: object) -> str:
    return await send(police, hospital, purpose="medical_examination", **more)


async def consented(police: Office, person_id: str) -> str:
    """Her consent that a hospital is told who she is and what happened."""
    consent = {
        "person_id": person_id,
        "purposes": ["medical_examination"],
        "recipients": ["health"],
        "categories": ["identity", "contact", "narrative"],
        "valid_until": in_thirty_days(),
        "granted_by": "self",
        "form": "spoken",
        "explained_in": "kk",
    }
    return str((await police.post("/consents", consent))["id"])


async def test_what_the_police_asked_is_done_and_they_see_each_step(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    referral = await referred(police, hospital)
    task = await system.read(f"Task/{referral}")
    request = await system.read(task["focus"]["reference"])
    assert (task["status"], request["status"]) == ("requested", "active")
    assert task["requester"] == request["requester"] == {"reference": f"Organization/{police.organisation}"}
    assert task["owner"] == request["performer"][0] == {"reference": f"Organization/{hospital.organisation}"}
    for status, state in (("accepted", "accepted"), ("in-progress", "in_progress"), ("completed", "completed")):
        assert (await system.move(referral, status))["status"] == status
        await becomes(police, referral, state=state)
    assert (await system.read(f"ServiceRequest/{referral}"))["status"] == "completed"


async def test_a_rejection_needs_a_reason_and_the_police_read_it(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    referral = await referred(police, hospital)
    task = await system.read(f"Task/{referral}")
    assert said(await system.put(task, status="rejected")) == (422, "statusReason is needed for 'rejected'")
    assert (await system.read(f"Task/{referral}"))["status"] == "requested"
    moved = await system.move(referral, "rejected", statusReason=reason("no_room"))
    assert moved["statusReason"]["coding"][0]["code"] == "no_room"
    assert (await becomes(police, referral, state="declined"))["moves"][0]["reason"] == "no_room"


async def test_the_life_cycle_says_what_may_follow_what(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    task = await system.read(f"Task/{await referred(police, hospital)}")
    early = await system.put(task, status="completed")
    assert said(early) == (409, "a referral that is requested can't be moved by 'complete' from this side")
    held = await system.put(task, status="on-hold", statusReason=reason("other"))
    assert held.status_code == 422
    assert "not put on hold" in held.text
    others = await system.put(task, status="entered-in-error")
    assert said(others) == (422, "only the requester sets 'entered-in-error'")


async def test_nobody_is_named_in_any_resource_without_consent(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    referral = await referred(police, hospital, person_id=await known(police))
    await police.post(f"/referrals/{referral}/messages", {"body": "Она выехала."})
    request = await system.read(f"ServiceRequest/{referral}")
    page = await system.read("Task", _id=referral, _include="Task:focus")
    task = await system.read(f"Task/{referral}")
    for resource, element in ((request, "subject"), (task, "for")):
        assert resource[element]["extension"][0]["valueCode"] == "masked"
        assert "REDACTED" in {label["code"] for label in resource["meta"]["security"]}
    told = json.dumps([request, task, page], ensure_ascii=False)
    assert not [name for name in NAMES if name in told]


async def test_with_consent_she_is_named_and_once_it_is_withdrawn_no_more(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    person = await known(police)
    consent = await consented(police, person)
    basis = {"kind": "consent", "consent_id": consent}
    referral = await referred(police, hospital, person_id=person, basis=basis, circumstances="Ударил.")
    request = await system.read(f"ServiceRequest/{referral}")
    assert request["contained"][0]["name"] == [{"family": "Ахметова", "given": ["Дана"]}]
    assert request["note"][0]["text"] == "Ударил."
    await police.post(f"/consents/{consent}/withdraw")
    task = await system.becomes(referral, "cancelled")
    assert task["statusReason"]["coding"][0]["code"] == "withdrawn"
    told = json.dumps([task, await system.read(f"ServiceRequest/{referral}")], ensure_ascii=False)
    assert not [name for name in (*NAMES, "Ударил") if name in told]


async def test_an_output_after_the_police_cancelled_does_not_change_the_state(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    referral = await referred(police, hospital)
    await system.move(referral, "accepted")
    await hospital.post("/examinations", {"kind": "injuries", "findings": "Гематома.", "referral_id": referral})
    before = await system.move(referral, "in-progress")
    await becomes(police, referral, state="in_progress")
    await police.post(f"/referrals/{referral}/cancel", {"reason": "no_longer_needed"})
    cancelled = await system.becomes(referral, "cancelled")
    assert cancelled["statusReason"]["coding"][0]["code"] == "no_longer_needed"
    late = await system.put(before, status="completed", output=before["output"])
    assert said(late) == (409, "a referral that is cancelled can't be moved by 'complete' from this side")
    with_output = await system.put(cancelled, output=before["output"])
    assert (with_output.status_code, with_output.json()["status"]) == (200, "cancelled")
    assert with_output.json()["output"] == before["output"]
    assert (await police.get(f"/referrals/{referral}"))["state"] == "cancelled"


async def test_a_mistake_of_the_police_is_entered_in_error(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    referral = await referred(police, hospital)
    await police.post(f"/referrals/{referral}/cancel", {"reason": "sent_by_mistake"})
    await system.becomes(referral, "entered-in-error")
    assert [one["id"] for one in await system.found("Task", status="entered-in-error", _id=referral)] == [referral]
    assert await system.found("Task", status="cancelled", _id=referral) == []


async def test_that_the_person_withdrew_is_told_to_the_hospital_and_reaches_the_police(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    referral = await referred(police, hospital)
    await system.move(referral, "accepted")
    moved = await system.move(referral, "cancelled", statusReason=reason("withdrawn"))
    assert moved["businessStatus"]["coding"][0]["code"] == "withdrawn"
    await becomes(police, referral, state="withdrawn")


async def test_of_two_changes_that_are_based_on_the_same_version_one_is_refused(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    referral = await referred(police, hospital)
    read = await system.call("GET", f"Task/{referral}")
    based_on = {"If-Match": read.headers["etag"]}
    assert read.headers["etag"] == f'W/"{read.json()["meta"]["versionId"]}"'
    first = await system.put(read.json(), status="accepted", headers=based_on)
    second = await system.put(read.json(), status="rejected", statusReason=reason("no_room"), headers=based_on)
    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["etag"] != read.headers["etag"]


async def test_another_hospital_of_the_same_service_finds_nothing(stage: Stage) -> None:
    police, hospital, system = at_the_hospital(stage)
    other = System(stage.at("addictology"))
    referral = await referred(police, hospital)
    task = await system.read(f"Task/{referral}")
    for kind in ("Task", "ServiceRequest"):
        assert said(await other.call("GET", f"{kind}/{referral}"))[0] == 404
        assert await other.found(kind, _id=referral) == []
    assert (await other.put(task, status="accepted")).status_code == 404
    assert (await system.read(f"Task/{referral}"))["status"] == "requested"


async def test_a_hospital_that_refers_someone_itself_is_the_requester(stage: Stage) -> None:
    hospital, clinic = stage.at("hospital"), stage.at("addictology")
    referral = await send(hospital, clinic, purpose="addiction_treatment")
    here, there = System(hospital), System(clinic)
    assert (await here.read(f"Task/{referral}"))["owner"] == (await there.read(f"Task/{referral}"))["owner"]
    refused = await here.put(await here.read(f"Task/{referral}"), status="accepted")
    assert said(refused) == (422, "only the owner sets 'accepted'")
    await here.move(referral, "cancelled", statusReason=reason("no_longer_needed"))
    await there.becomes(referral, "cancelled")
