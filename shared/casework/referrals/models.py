"""What the calls for referrals take and answer with."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.casework.disclosures.endpoints import Withheld
from shared.casework.referrals.sending import FreeText
from shared.casework.suitability.showing import Suggestion
from shared.contract.identifiers import OrganisationId
from shared.contract.vocabulary import EscalationStep, ReasonCode, ReferralAction, ReferralState, Side


class MoveOut(BaseModel):
    """One action of either side."""

    model_config = ConfigDict(title="Move")
    version: int
    side: Side
    action: ReferralAction
    reason: ReasonCode | None
    text: str | None
    at: datetime


class ReferralStep(BaseModel):
    """A step about a referral that nobody answers: planned, taken, or moot since it was answered.

    `row`: of the policy of the day on which it was sent. `next_organisation`: the next suitable place, once it is back.
    """

    model_config = ConfigDict(from_attributes=True, title="EscalationStep")
    step: EscalationStep
    row: str
    due_at: datetime
    done_at: datetime | None
    moot_at: datetime | None
    told: bool | None
    next_organisation: str | None


class Referral(BaseModel):
    """One side's copy. `content` is what crossed; after a withdrawal only what retention keeps."""

    id: UUID
    side: Side
    counterpart_id: str
    person_id: UUID | None
    replaces: UUID | None
    purpose: str
    subject: str
    basis: str
    consent_id: UUID | None
    state: ReferralState
    content: dict[str, Any] | None
    suggested: str | None
    hold: str | None
    hold_state: Literal["asked", "held", "refused"] | None
    held_until: datetime | None
    revision: int
    created_at: datetime
    updated_at: datetime
    erased_at: datetime | None


class ReferralDetails(Referral):
    """A copy with its history, what is done where nobody answers it, and what can be done now."""

    delivery: (
        Literal["waiting", "sent", "received", "refused", "withheld"] | None
    )  # of our own request; null at the receiver
    moves: list[MoveOut]
    escalation: list[ReferralStep]
    allowed: list[ReferralAction]


class SentReferral(Referral):
    """A referral as it left, what was withheld by which rule, and why it went there where a place was looked for."""

    withheld: list[Withheld]
    chosen: Suggestion | None


class Reasoned(BaseModel):
    """Why: a code that crosses, and a text that crosses where policy lets it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "no_room"}]})
    reason: ReasonCode
    text: FreeText | None = None


class Redirection(Reasoned):
    """Where the other side should turn instead."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "no_room", "suggested": "shelter-alatau"}]}
    )
    suggested: OrganisationId | None = None


class ReferralOutcome(BaseModel):
    """How it ended; a failure carries a reason."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{}, {"failed": {"reason": "did_not_arrive"}}]}
    )
    failed: Reasoned | None = None
