"""How a referral stands, in the words of FHIR; and who may set which Task status by the guide. Literal tables, pure.

Source: SDOH Clinical Care 3.0.0, profile SDOHCC-TaskForReferralManagement, "Status Management" (its ten statuses: those
of FHIR R4 without `ready` and `received`), and the comment at `Task.statusReason`. Where the guide differs from the
life cycle of `shared.contract.referral`, the life cycle is what holds.
"""

from enum import StrEnum

from shared.contract.referral import BOTH, RECEIVER, SENDER
from shared.contract.vocabulary import ReasonCode, ReferralAction, ReferralState, Side


class TaskStatus(StrEnum):
    """The statuses of a referral's Task."""

    DRAFT = "draft"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    FAILED = "failed"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered-in-error"


# The requester is a referral's sender, the responder (the Task's owner) its receiver.
SET_BY: dict[TaskStatus, frozenset[Side]] = {
    TaskStatus.DRAFT: SENDER,
    TaskStatus.REQUESTED: SENDER,
    TaskStatus.ACCEPTED: RECEIVER,
    TaskStatus.REJECTED: RECEIVER,
    TaskStatus.CANCELLED: BOTH,
    TaskStatus.IN_PROGRESS: RECEIVER,
    TaskStatus.ON_HOLD: RECEIVER,
    TaskStatus.FAILED: RECEIVER,
    TaskStatus.COMPLETED: RECEIVER,
    TaskStatus.ENTERED_IN_ERROR: SENDER,
}
REASONED = frozenset({TaskStatus.REJECTED, TaskStatus.CANCELLED, TaskStatus.ON_HOLD, TaskStatus.FAILED})
ACTIONS = {
    TaskStatus.ACCEPTED: ReferralAction.ACCEPT,
    TaskStatus.REJECTED: ReferralAction.DECLINE,
    TaskStatus.IN_PROGRESS: ReferralAction.START,
    TaskStatus.COMPLETED: ReferralAction.COMPLETE,
    TaskStatus.FAILED: ReferralAction.FAIL,
    TaskStatus.CANCELLED: ReferralAction.CANCEL,
    TaskStatus.ENTERED_IN_ERROR: ReferralAction.CANCEL,
}
# What a referral here never is, or never becomes again, and what to do instead.
NOT_HERE = {
    TaskStatus.DRAFT: "a referral has no draft: it is sent, or it is not there",
    TaskStatus.REQUESTED: "a referral is requested once: what was answered or cancelled is sent as a new one",
    TaskStatus.ON_HOLD: "a referral is not put on hold: leave it as it is, and say why in a Communication",
}

TASK: dict[ReferralState, TaskStatus] = {
    ReferralState.REQUESTED: TaskStatus.REQUESTED,
    ReferralState.ACCEPTED: TaskStatus.ACCEPTED,
    ReferralState.IN_PROGRESS: TaskStatus.IN_PROGRESS,
    ReferralState.COMPLETED: TaskStatus.COMPLETED,
    ReferralState.FAILED: TaskStatus.FAILED,
    ReferralState.DECLINED: TaskStatus.REJECTED,
    ReferralState.REDIRECTED: TaskStatus.REJECTED,
    ReferralState.CANCELLED: TaskStatus.CANCELLED,
    ReferralState.WITHDRAWN: TaskStatus.CANCELLED,
}
# Of the request: whether it is still asked for. Nothing more is done about one that was answered with no.
REQUEST: dict[ReferralState, str] = {
    ReferralState.REQUESTED: "active",
    ReferralState.ACCEPTED: "active",
    ReferralState.IN_PROGRESS: "active",
    ReferralState.COMPLETED: "completed",
    ReferralState.FAILED: "revoked",
    ReferralState.DECLINED: "revoked",
    ReferralState.REDIRECTED: "revoked",
    ReferralState.CANCELLED: "revoked",
    ReferralState.WITHDRAWN: "revoked",
}
ENTERED_IN_ERROR = "entered-in-error"  # of a request, too: it was cancelled since it was sent by mistake
# By which move each state came that has a reason.
CAME_BY = {
    ReferralState.DECLINED: ReferralAction.DECLINE,
    ReferralState.REDIRECTED: ReferralAction.REDIRECT,
    ReferralState.FAILED: ReferralAction.FAIL,
    ReferralState.CANCELLED: ReferralAction.CANCEL,
    ReferralState.WITHDRAWN: ReferralAction.WITHDRAW,
}
# What a FHIR status does not say of the state: in Task.businessStatus.
SAID_BESIDES = frozenset({ReferralState.REDIRECTED, ReferralState.WITHDRAWN})


class Withdrawn(StrEnum):
    """The reason of a withdrawal, beside the reasons of `ReasonCode`: the person's own word, which needs none."""

    WITHDRAWN = "withdrawn"


def task_status(state: ReferralState, reason: ReasonCode | None) -> TaskStatus:
    """The status of a referral's Task. One cancelled as sent by mistake should never have existed."""
    if state is ReferralState.CANCELLED and reason is ReasonCode.SENT_BY_MISTAKE:
        return TaskStatus.ENTERED_IN_ERROR
    return TASK[state]


def request_status(state: ReferralState, reason: ReasonCode | None) -> str:
    """The status of a referral's ServiceRequest."""
    return ENTERED_IN_ERROR if task_status(state, reason) == ENTERED_IN_ERROR else REQUEST[state]
