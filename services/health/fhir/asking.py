"""What a changed Task asks of a referral: which action, for which reason. Pure.

Of a Task that comes in, the status, its reason, a suggested organisation and the results are read. What else is there
is this service's own: who asks, who is asked and what for can't be changed by it.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.health.fhir.elements import OURS
from services.health.fhir.given import Concept, Reference
from services.health.fhir.statuses import (
    ACTIONS,
    NOT_HERE,
    REASONED,
    SET_BY,
    TaskStatus,
    Withdrawn,
)
from services.health.fhir.task import REASONS, SUGGESTED, Followed
from shared.adapters.http import invalid
from shared.contract.errors import Problem
from shared.contract.vocabulary import ReasonCode, ReferralAction, Side

WHO_SETS = {Side.SENDER: "requester", Side.RECEIVER: "owner"}


class Extension(BaseModel):
    """An extension that refers to something."""

    url: str
    value: Reference | None = Field(default=None, alias="valueReference")


class Output(BaseModel):
    """A result."""

    value: Reference | None = Field(default=None, alias="valueReference")


class ChangedTask(BaseModel):
    """A Task as its requester or owner changed it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)
    kind: Literal["Task"] = Field(alias="resourceType")
    id: UUID
    status: str = Field(max_length=64)
    reason: Concept | None = Field(default=None, alias="statusReason")
    focus: Reference | None = None
    requester: Reference | None = None
    owner: Reference | None = None
    extension: list[Extension] = Field(default=[], max_length=50)
    output: list[Output] = Field(default=[], max_length=200)

    @property
    def suggested(self) -> str | None:
        """The organisation that it should be sent to instead."""
        named = [one.value.what for one in self.extension if one.url == _SUGGESTED and one.value]
        return named[0].removeprefix("Organization/") if named and named[0] else None


_SUGGESTED = f"{OURS}/StructureDefinition/{SUGGESTED}"


@dataclass(frozen=True)
class Asked:
    """What to do with a referral."""

    action: ReferralAction
    reason: ReasonCode | None = None
    text: str | None = None
    suggested: str | None = None


def asked_by(changed: ChangedTask, one: Followed) -> Asked | None:
    """What a changed Task asks for; None where its status is as it was. Problem 422 for what no such Task may ask.

    Whether the referral may be moved so, now, from this side, is for the life cycle to say.
    """
    _check_unchanged(changed, one)
    wanted = _wanted(changed.status)
    if wanted is one.status:
        return None
    side = one.referral.side
    if side not in SET_BY[wanted]:
        raise invalid("only the %(who)s sets '%(status)s'", who=_who(wanted), status=wanted.value)
    if wanted in NOT_HERE:
        raise invalid(NOT_HERE[wanted])
    if wanted in REASONED and changed.reason is None:
        raise invalid("statusReason is needed for '%(status)s'", status=wanted.value)
    return _with_reason(changed, wanted, side)


def _wanted(status: str) -> TaskStatus:
    try:
        return TaskStatus(status)
    except ValueError:
        raise Problem(422, "invalid-input", "a referral's Task has no such status") from None


def _who(status: TaskStatus) -> str:
    return " or ".join(WHO_SETS[side] for side in sorted(SET_BY[status]))


def _with_reason(changed: ChangedTask, wanted: TaskStatus, side: Side) -> Asked:
    said = changed.reason or Concept()
    code = _reason(said)
    if wanted is TaskStatus.CANCELLED and code == Withdrawn.WITHDRAWN:
        return Asked(ReferralAction.WITHDRAW)
    if wanted is TaskStatus.CANCELLED and side is Side.RECEIVER:
        raise invalid(
            "an owner cancels only what the person withdrew, with the reason 'withdrawn'; "
            "else 'rejected' before help has begun, 'failed' after that"
        )
    if isinstance(code, Withdrawn):
        raise invalid("'withdrawn' is the reason of 'cancelled' alone")
    if wanted is TaskStatus.ENTERED_IN_ERROR:
        code = ReasonCode.SENT_BY_MISTAKE
    if wanted not in REASONED and wanted is not TaskStatus.ENTERED_IN_ERROR:
        return Asked(ACTIONS[wanted])
    instead = changed.suggested if wanted is TaskStatus.REJECTED else None
    action = ReferralAction.REDIRECT if instead else ACTIONS[wanted]
    return Asked(action, reason=code or ReasonCode.OTHER, text=said.text, suggested=instead)


def _reason(said: Concept) -> ReasonCode | Withdrawn | None:
    """Our own code, if there is one. Codes of other systems stay with who uses them."""
    ours = [one.code for one in said.coding if one.system == f"{OURS}/CodeSystem/{REASONS}"]
    if not ours:
        return None
    if ours[0] == Withdrawn.WITHDRAWN:
        return Withdrawn.WITHDRAWN
    try:
        return ReasonCode(ours[0] or "")
    except ValueError:
        raise Problem(422, "invalid-input", "statusReason has a code that its code system does not have") from None


def _check_unchanged(changed: ChangedTask, one: Followed) -> None:
    ours = {
        "focus": (changed.focus, f"ServiceRequest/{one.referral.id}"),
        "requester": (changed.requester, f"Organization/{one.sender}"),
        "owner": (changed.owner, f"Organization/{one.receiver}"),
    }
    for name, (given, as_it_is) in ours.items():
        if given is not None and given.reference is not None and given.what != as_it_is:
            raise invalid("a Task's %(name)s can't be changed", name=name)
    known = {f"Procedure/{result}" for result in one.results}
    if any(output.value is None or output.value.what not in known for output in changed.output):
        raise invalid("an output is a reference to a Procedure that was recorded for this referral here")
