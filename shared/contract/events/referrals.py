"""A referral is asked for, moved, and its bed held (F1, F2, F5, F7, F9)."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract.events.base import Event, LongText, ShortText
from shared.contract.events.someone import AboutSomeone
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Whole
from shared.contract.vocabulary import (
    BedKind,
    EscalationStep,
    EventType,
    Need,
    Purpose,
    ReasonCode,
    ReferralAction,
    SubjectRole,
    Urgency,
)
from shared.contract.vocabulary import DataCategory as C

HIGHEST_VERSION = 1_000_000


class Household(BaseModel):
    """How many come, without saying who."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    adults: Whole = Field(ge=0, le=20)
    children: Whole = Field(ge=0, le=20)


class ReferralRequested(Event, AboutSomeone):
    """An organisation asks another to help someone (F1, F2, F5, F7)."""

    type = EventType.REFERRAL_REQUESTED
    referral_id: Annotated[UUID, C.ROUTING]
    replaces: Annotated[UUID | None, C.ROUTING] = None
    purpose: Annotated[Purpose, C.ROUTING]
    subject: Annotated[SubjectRole, C.ROUTING]
    urgency: Annotated[Urgency | None, C.NEEDS] = None
    household: Annotated[Household | None, C.HOUSEHOLD] = None
    needs: Annotated[tuple[Need, ...] | None, C.NEEDS] = None
    hold: Annotated[BedKind | None, C.NEEDS] = None
    health: Annotated[LongText | None, C.HEALTH] = None
    addiction: Annotated[LongText | None, C.ADDICTION] = None


class ReferralMoved(Event):
    """One side acted on a referral: see `shared.contract.referral` for what may follow what."""

    type = EventType.REFERRAL_MOVED
    referral_id: Annotated[UUID, C.ROUTING]
    version: Annotated[int, C.ROUTING] = Field(ge=1, le=HIGHEST_VERSION)
    action: Annotated[ReferralAction, C.ROUTING]
    reason: Annotated[ReasonCode | None, C.ROUTING] = None
    suggested: Annotated[OrganisationId | None, C.ROUTING] = None
    at: Annotated[AwareDatetime, C.ROUTING]
    text: Annotated[LongText | None, C.CORRESPONDENCE] = None


class BedHoldAnswered(Event):
    """Whether the place asked for with a referral is held, and until when (F9)."""

    type = EventType.BED_HOLD_ANSWERED
    referral_id: Annotated[UUID, C.ROUTING]
    held: Annotated[bool, C.ROUTING]
    until: Annotated[AwareDatetime | None, C.ROUTING] = None


class ReferralReminded(Event):
    """Nobody has answered a referral in time: its sender says so again, by which row of which day's policy."""

    type = EventType.REFERRAL_REMINDED
    referral_id: Annotated[UUID, C.ROUTING]
    step: Annotated[EscalationStep, C.ROUTING]
    row: Annotated[ShortText, C.ROUTING]  # see `shared.contract.escalation`
    at: Annotated[AwareDatetime, C.ROUTING]
