"""Where FHIR's own forms could say less, more, or something else than the same call of our API."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.health.fhir.service_request import service_request
from services.health.fhir.task import task
from shared.casework.messages import store as messages
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals import store as referrals
from shared.casework.referrals.moves import erase
from tests.health.fhir.samples import NAMED, followed
from tests.health.fhir.system import said
from tests.health.fhir.test_searching import OURS, Box, box
from tests.health.fhir.valid import valid

__all__ = ["box"]
KIND = {"coding": [{"system": "https://qorgau.invalid/fhir/CodeSystem/examination-kind", "code": "injuries"}]}
DONE: dict[str, Any] = {"resourceType": "Procedure", "status": "completed", "code": KIND}
DONE |= {"note": [{"text": "Гематома."}]}


async def versions(box: Box) -> tuple[str, str]:
    read = await box.system.call("GET", f"Task/{box.ids[0]}")
    return read.headers["etag"], read.json()["meta"]["lastUpdated"]


async def test_a_result_is_another_version_of_its_referral(box: Box) -> None:
    await box.system.move(box.ids[0], "accepted")
    before = await versions(box)
    box.service.clock.now += timedelta(minutes=5)
    given = {**DONE, "subject": {}, "basedOn": [{"reference": f"ServiceRequest/{box.ids[0]}"}]}
    assert (await box.system.call("POST", "Procedure", body=given)).status_code == 201
    after = await versions(box)
    assert before[0] != after[0]
    assert before[1] < after[1]


async def test_who_asks_what_changed_learns_that_what_consent_opened_is_gone(box: Box) -> None:
    last = box.service.clock.now.isoformat()
    assert await box.system.found("ServiceRequest", _lastUpdated=f"gt{last}") == []
    box.service.clock.now += timedelta(minutes=5)
    async with box.service.work(OURS) as work:
        row = await referrals.get(work.session, organisation_id=OURS, referral_id=UUID(box.ids[0]), for_update=True)
        assert row is not None
        await erase(work, row)
    assert [one["id"] for one in await box.system.found("ServiceRequest", _lastUpdated=f"gt{last}")] == [box.ids[0]]


async def test_a_message_of_somebody_whom_the_referral_does_not_concern_is_not_shown(box: Box) -> None:
    message = MessageRow(
        id=uuid4(),
        organisation_id=OURS,
        referral_id=UUID(box.ids[0]),
        author_id="shelter-near-23",
        at=box.service.clock(),
    )
    async with box.service.work(OURS) as work:
        await messages.add(work.session, message, body="От посторонних.")
    assert said(await box.system.call("GET", f"Communication/{message.id}"))[0] == 404


def test_how_somebody_is_reached_is_told_where_it_is_not_told_who_they_are() -> None:
    one = followed(content={"phone": NAMED["phone"], "address": "Талғар қ."})
    (patient,) = valid(service_request(one))["contained"]
    assert patient["telecom"] == [{"system": "phone", "value": NAMED["phone"]}]
    assert patient["address"] == [{"text": "Талғар қ."}]
    assert patient["name"][0]["extension"][0]["valueCode"] == "masked"
    assert "REDACTED" in {label["code"] for label in service_request(one)["meta"]["security"]}
    assert "identifier" in valid(task(one))["for"]


LOGICAL = {"identifier": {"system": "https://his.example.kz", "value": "7"}}


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": LOGICAL},
        {"subject": {"reference": "urn:uuid:5f1d3c52-0c1f-4f0e-9a43-2b7b0b6c1f5e"}},
        {"subject": {}, "basedOn": [LOGICAL]},
        {"subject": {}, "basedOn": [{}]},
    ],
)
async def test_an_examination_of_whom_is_not_understood_is_not_recorded_of_nobody(
    box: Box, changes: dict[str, Any]
) -> None:
    status, why = said(await box.system.call("POST", "Procedure", body={**DONE, **changes}))
    assert status == 422
    assert "literal reference" in why


@pytest.mark.parametrize(
    "asked",
    [
        "Task?_count=²",
        f"Task?_count={'9' * 5000}",
        "ServiceRequest?code=%00",
        "Task?requester=%00",
        "Organization/%00",
        "HealthcareService/%00",
        "HealthcareService?_count=1",
        "Task?status=http://hl7.org/fhir/task-status%7C",
    ],
)
async def test_what_can_not_be_asked_is_said_in_fhirs_own_form(box: Box, asked: str) -> None:
    answer = await box.system.call("GET", asked)
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"


async def test_an_empty_if_match_is_no_leave_to_change_anything(box: Box) -> None:
    read = await box.system.read(f"Task/{box.ids[0]}")
    assert (await box.system.put(read, status="accepted", headers={"If-Match": ""})).status_code == 412


async def test_what_of_a_task_is_somebody_elses_is_left_as_it_is(box: Box) -> None:
    read = await box.system.read(f"Task/{box.ids[0]}")
    theirs = [{"url": "https://his.example.kz/bed", "valueReference": {"reference": "#a"}}]
    answer = await box.system.put(read, status="accepted", extension=theirs)
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
