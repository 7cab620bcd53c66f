"""What a changed Task asks of a referral: who may set which status, where a reason is needed, what can't be changed."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.health.fhir.asking import Asked, ChangedTask, asked_by
from services.health.fhir.statuses import REASONED, SET_BY, TaskStatus, task_status
from services.health.fhir.task import task
from shared.contract.errors import Problem
from shared.contract.vocabulary import ReasonCode, ReferralAction, ReferralState, Side
from tests.health.fhir.samples import REFERRAL, RESULT, followed

REASONS = "https://qorgau.invalid/fhir/CodeSystem/referral-reason"
SUGGESTED = "https://qorgau.invalid/fhir/StructureDefinition/suggested-organization"
NO_ROOM = {"coding": [{"system": REASONS, "code": "no_room"}], "text": "Нет мест."}
WITHDREW = {"coding": [{"system": REASONS, "code": "withdrawn"}], "text": "withdrawn"}


def asked(
    status: str, *, side: Side = Side.RECEIVER, state: ReferralState = ReferralState.REQUESTED, **but: Any
) -> Any:
    """What the Task asks for, as it was read here, with another status."""
    there = "police-19" if side is Side.RECEIVER else "shelter-19"
    one = followed(side=side, state=state, counterpart_id=there, results=(RESULT,))
    changed = ChangedTask.model_validate({**task(one), "status": status, **but})
    return asked_by(changed, one)


@pytest.mark.parametrize("status", [*TaskStatus])
@pytest.mark.parametrize("side", [*Side])
def test_a_status_is_set_by_whom_the_guide_says_and_with_a_reason_where_it_says(status: TaskStatus, side: Side) -> None:
    state = ReferralState.ACCEPTED if status is TaskStatus.REQUESTED else ReferralState.REQUESTED
    if side not in SET_BY[status]:
        with pytest.raises(Problem, match="only the"):
            asked(status, side=side, state=state, statusReason=NO_ROOM)
    elif status in (TaskStatus.DRAFT, TaskStatus.REQUESTED, TaskStatus.ON_HOLD):
        with pytest.raises(Problem, match="a referral"):
            asked(status, side=side, state=state, statusReason=NO_ROOM)
    elif status in REASONED:
        with pytest.raises(Problem, match="statusReason is needed"):
            asked(status, side=side, state=state)
    else:
        assert isinstance(asked(status, side=side, state=state), Asked)


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("accepted", ReferralAction.ACCEPT),
        ("in-progress", ReferralAction.START),
        ("completed", ReferralAction.COMPLETE),
    ],
)
def test_a_step_needs_no_reason_and_takes_none_along(status: str, action: ReferralAction) -> None:
    assert asked(status, statusReason=NO_ROOM) == asked(status) == Asked(action)


@pytest.mark.parametrize(("status", "action"), [("rejected", ReferralAction.DECLINE), ("failed", ReferralAction.FAIL)])
def test_a_no_takes_its_reason_along(status: str, action: ReferralAction) -> None:
    assert asked(status, statusReason=NO_ROOM) == Asked(action, ReasonCode.NO_ROOM, "Нет мест.")


def test_a_reason_in_words_or_in_somebody_elses_codes_is_another_reason_with_those_words() -> None:
    theirs = {"coding": [{"system": "http://example.org", "code": "no_room"}], "text": "Жоқ."}
    assert asked("rejected", statusReason={"text": "Жоқ."}) == asked("rejected", statusReason=theirs)
    assert asked("rejected", statusReason=theirs) == Asked(ReferralAction.DECLINE, ReasonCode.OTHER, "Жоқ.")


def test_a_code_that_our_code_system_does_not_have_is_refused() -> None:
    with pytest.raises(Problem, match="does not have"):
        asked("rejected", statusReason={"coding": [{"system": REASONS, "code": "no-room"}]})


def test_a_rejection_that_names_where_else_redirects() -> None:
    elsewhere = [{"url": SUGGESTED, "valueReference": {"reference": "Organization/hospital-23"}}]
    found = asked("rejected", statusReason=NO_ROOM, extension=elsewhere)
    assert found == Asked(ReferralAction.REDIRECT, ReasonCode.NO_ROOM, "Нет мест.", "hospital-23")


def test_a_requester_cancels_or_says_that_it_was_a_mistake() -> None:
    cancelled = asked("cancelled", side=Side.SENDER, statusReason=NO_ROOM)
    mistaken = asked("entered-in-error", side=Side.SENDER)
    assert cancelled == Asked(ReferralAction.CANCEL, ReasonCode.NO_ROOM, "Нет мест.")
    assert mistaken == Asked(ReferralAction.CANCEL, ReasonCode.SENT_BY_MISTAKE)


@pytest.mark.parametrize("side", [*Side])
def test_that_the_person_withdrew_is_told_to_either_side(side: Side) -> None:
    assert asked("cancelled", side=side, statusReason=WITHDREW) == Asked(ReferralAction.WITHDRAW)


def test_an_owner_cancels_nothing_else_and_nobody_withdraws_by_another_status() -> None:
    with pytest.raises(Problem, match="an owner cancels only"):
        asked("cancelled", statusReason=NO_ROOM)
    with pytest.raises(Problem, match="of 'cancelled' alone"):
        asked("rejected", statusReason=WITHDREW)


@pytest.mark.parametrize("state", [*ReferralState])
def test_a_task_as_it_was_read_asks_for_nothing(state: ReferralState) -> None:
    assert asked(task_status(state, None).value, state=state) is None


@pytest.mark.parametrize("status", ["ready", "received", "Accepted", "done"])
def test_a_status_that_no_referral_task_has_is_refused(status: str) -> None:
    with pytest.raises(Problem, match="no such status"):
        asked(status)


@pytest.mark.parametrize(
    ("element", "kind"), [("focus", "ServiceRequest"), ("requester", "Organization"), ("owner", "Organization")]
)
def test_what_it_is_about_and_between_whom_can_not_be_changed(element: str, kind: str) -> None:
    with pytest.raises(Problem) as refused:
        asked("accepted", **dict[str, Any]({element: {"reference": f"{kind}/another"}}))
    assert refused.value.told == f"a Task's {element} can't be changed"


def test_a_reference_may_have_the_servers_address_before_it() -> None:
    assert asked("accepted", focus={"reference": f"https://a.example/v1/fhir/ServiceRequest/{REFERRAL}"})


def test_an_output_is_a_procedure_that_was_recorded_for_this_referral() -> None:
    ours = {"valueReference": {"reference": f"Procedure/{RESULT}"}}
    assert asked("completed", output=[ours]) == Asked(ReferralAction.COMPLETE)
    for other in ({"valueReference": {"reference": f"Procedure/{REFERRAL}"}}, {"valueString": "Гематома."}):
        with pytest.raises(Problem, match="an output is a reference to a Procedure"):
            asked("completed", output=[ours, other])


def test_a_resource_of_another_kind_is_no_task() -> None:
    with pytest.raises(ValidationError):
        ChangedTask.model_validate({"resourceType": "Observation", "id": str(REFERRAL), "status": "accepted"})
