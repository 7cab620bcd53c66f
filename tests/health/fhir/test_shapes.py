"""What a referral is in FHIR: a Task that says how it stands, and a ServiceRequest that says what is asked."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.health.fhir.service_request import service_request
from services.health.fhir.statuses import ACTIONS, NOT_HERE, REQUEST, SET_BY, TASK, TaskStatus
from services.health.fhir.task import Followed, task
from shared.contract.referral import TRANSITIONS
from shared.contract.vocabulary import Purpose, ReasonCode, ReferralAction, ReferralState, Side
from tests.health.fhir.samples import CONSENT, NAMED, REFERRAL, RESULT, WHEN, followed, move, referral
from tests.health.fhir.valid import valid

EVERYTHING: dict[str, Any] = {
    "content": {**NAMED, "addiction": "Алкоголь.", "dependants": "Сын, 4 года.", "address": "Талғар қ."},
    "basis": "consent",
    "consent_id": CONSENT,
    "replaces": RESULT,
    "suggested": "hospital-23",
    "hold": "detoxification",
    "hold_state": "held",
    "held_until": WHEN + timedelta(hours=1),
}


def security(resource: dict[str, Any]) -> set[str]:
    return {label["code"] for label in resource["meta"]["security"]}


@pytest.mark.parametrize("state", list(ReferralState))
def test_a_referral_in_any_state_is_a_valid_task_and_a_valid_service_request(state: ReferralState) -> None:
    for but in ({}, EVERYTHING, {"content": None, "erased_at": WHEN}):
        one = followed(*map(move, ReferralAction), results=(RESULT,), state=state, **but)
        assert valid(task(one))["status"] in {status.value for status in TaskStatus}
        assert valid(service_request(one))["status"] == REQUEST[state]


def test_the_guides_ten_statuses_are_those_of_fhir_without_ready_and_received() -> None:
    in_fhir = "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed"
    assert {status.value for status in TaskStatus} == {*in_fhir.split(), "entered-in-error"} - {"ready", "received"}
    assert set(SET_BY) == set(TaskStatus) == {*ACTIONS, *NOT_HERE}
    assert set(TASK.values()) | {TaskStatus.ENTERED_IN_ERROR} == set(ACTIONS) | {TaskStatus.REQUESTED}


def test_who_may_set_a_status_by_the_guide_may_move_the_referral_so_at_some_time() -> None:
    """The guide lets an owner cancel, too: here that is what the person withdrew, which either side may be told."""
    for status, action in ACTIONS.items():
        by_the_life_cycle = {side for (_, a), (sides, _) in TRANSITIONS.items() if a is action for side in sides}
        if status is TaskStatus.CANCELLED:
            by_the_life_cycle |= {
                side for (_, a), (sides, _) in TRANSITIONS.items() if a is ReferralAction.WITHDRAW for side in sides
            }
        assert SET_BY[status] == by_the_life_cycle


def test_a_task_has_what_the_guide_requires_of_it() -> None:
    found = task(followed(results=(RESULT,)))
    assert (found["intent"], found["code"]["coding"][0]["code"]) == ("order", "fulfill")
    assert found["focus"] == {"reference": f"ServiceRequest/{REFERRAL}"}
    assert found["requester"] == {"reference": "Organization/police-19"}
    assert found["owner"] == {"reference": "Organization/hospital-19"}
    assert found["authoredOn"] == found["lastModified"] == "2026-03-20T07:00:00+00:00"
    assert found["identifier"] == [{"system": "https://qorgau.invalid/fhir/referral", "value": str(REFERRAL)}]
    assert found["for"]["type"] == "Patient"
    (output,) = found["output"]
    assert output["type"]["coding"][0]["code"] == "resulting-activity"
    assert output["valueReference"] == {"reference": f"Procedure/{RESULT}"}


def test_who_asks_and_who_is_asked_are_the_same_at_either_side() -> None:
    theirs = Followed(referral(side=Side.SENDER, counterpart_id="hospital-19"), "police-19")
    there, here = task(theirs), task(followed())
    assert (there["requester"], there["owner"]) == (here["requester"], here["owner"])


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (ReferralState.DECLINED, ReferralAction.DECLINE),
        (ReferralState.REDIRECTED, ReferralAction.REDIRECT),
        (ReferralState.FAILED, ReferralAction.FAIL),
        (ReferralState.CANCELLED, ReferralAction.CANCEL),
    ],
)
def test_a_status_that_has_a_reason_says_it_as_a_code_and_in_words(
    state: ReferralState, action: ReferralAction
) -> None:
    coded = task(followed(move(action, ReasonCode.NO_ROOM), state=state))["statusReason"]
    written = task(followed(move(action, ReasonCode.NO_ROOM, "Нет мест."), state=state))["statusReason"]
    assert (coded["coding"][0]["code"], coded["text"]) == ("no_room", "no room")
    assert (written["coding"][0]["code"], written["text"]) == ("no_room", "Нет мест.")


def test_a_reason_is_of_the_move_that_led_there_and_of_no_other() -> None:
    late = move(ReferralAction.CANCEL, ReasonCode.NO_LONGER_NEEDED)
    one = followed(move(ReferralAction.DECLINE, ReasonCode.NO_ROOM), late, state=ReferralState.DECLINED)
    assert task(one)["statusReason"]["coding"][0]["code"] == "no_room"
    assert "statusReason" not in task(followed(late, state=ReferralState.ACCEPTED))


def test_what_the_person_withdrew_is_cancelled_with_no_other_reason_than_that() -> None:
    found = task(followed(move(ReferralAction.WITHDRAW), state=ReferralState.WITHDRAWN, content=None, erased_at=WHEN))
    assert (found["status"], found["statusReason"]["coding"][0]["code"]) == ("cancelled", "withdrawn")
    assert found["businessStatus"]["coding"][0]["code"] == "withdrawn"


def test_what_was_sent_by_mistake_should_never_have_existed() -> None:
    mistake = followed(move(ReferralAction.CANCEL, ReasonCode.SENT_BY_MISTAKE), state=ReferralState.CANCELLED)
    assert task(mistake)["status"] == service_request(mistake)["status"] == "entered-in-error"


def test_a_redirected_referral_is_rejected_and_names_where_else() -> None:
    moved = move(ReferralAction.REDIRECT, ReasonCode.NO_ROOM)
    found = task(followed(moved, state=ReferralState.REDIRECTED, suggested="hospital-23"))
    assert (found["status"], found["businessStatus"]["coding"][0]["code"]) == ("rejected", "redirected")
    assert found["extension"][0]["valueReference"] == {"reference": "Organization/hospital-23"}


def test_who_may_not_be_named_is_masked_and_the_resource_says_that_it_is_redacted() -> None:
    masked = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
    for resource, element in ((task(followed()), "for"), (service_request(followed()), "subject")):
        assert resource[element] == {"type": "Patient", "extension": [masked]}
        assert "contained" not in resource
        assert security(resource) == {"V", "SDV", "REDACTED"}


def test_who_may_be_named_is_named_in_the_service_request_alone() -> None:
    one = followed(content=NAMED, basis="consent", consent_id=CONSENT)
    asked, stands = service_request(one), task(one)
    (her,) = asked["contained"]
    assert asked["subject"] == {"reference": "#subject"}
    assert her["name"] == [{"family": "Сәрсенова", "given": ["Айгүл"]}]
    assert (her["gender"], her["birthDate"]) == ("female", "1991-04-12")
    assert her["telecom"] == [{"system": "phone", "value": "+7 701 000 00 01"}]
    assert stands["for"]["identifier"] in her["identifier"]
    assert not [
        text for text in ("Сәрсенова", "Айгүл", "1991", "701") if text in json.dumps(stands, ensure_ascii=False)
    ]
    assert security(asked) == security(stands) == {"V", "SDV"}
    assert asked["supportingInfo"] == [{"reference": f"Consent/{CONSENT}"}]


def test_whom_this_hospital_refers_itself_is_its_own_patient_and_is_not_named_again() -> None:
    one = followed(side=Side.SENDER, person_id=CONSENT, content=NAMED, basis="consent")
    ours = {"reference": f"Patient/{CONSENT}"}
    assert (task(one)["for"], service_request(one)["subject"]) == (ours, ours)
    assert "contained" not in service_request(one)


def test_addiction_is_labelled_and_so_is_who_is_said_to_have_done_it() -> None:
    treated = service_request(followed(purpose=Purpose.ADDICTION_TREATMENT, subject="alleged_offender"))
    assert security(treated) == {"R", "SDV", "ETH", "REDACTED"}


def test_what_is_asked_for_is_said_in_codes_and_each_text_under_its_category() -> None:
    found = service_request(followed(**EVERYTHING))
    assert found["code"]["coding"][0]["code"] == "medical_examination"
    assert [detail["coding"][0]["code"] for detail in found["orderDetail"]] == ["infant", "medicines"]
    ours = {extension["url"].rsplit("/", 1)[1]: extension for extension in found["extension"]}
    assert set(ours) == {"subject-role", "basis", "household", "bed-hold", "call-back"}
    assert {part["url"]: part["valueInteger"] for part in ours["household"]["extension"]} == {
        "adults": 1,
        "children": 2,
    }
    notes = {note["extension"][0]["valueCode"]: note["text"] for note in found["note"]}
    assert notes["health"] == "Гематома."
    assert set(notes) == {"narrative", "dependants", "health", "addiction"}
