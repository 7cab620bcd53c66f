"""What came of a referral, as far as it may be told: how a plan goes (F5), whether a session was attended (F7)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract.events.base import Event
from shared.contract.plain import Whole
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType, Progress, Right

HIGHEST_REVISION = 1_000_000


class GoalProgress(BaseModel):
    """A right, and how far its restoration is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    kind: Right
    progress: Progress


class PlanProgressed(Event):
    """How a plan goes that was asked for by a referral (F5): which needs are met. The newest revision replaces others.

    There is no field for what is done about them, with whom, or where.
    """

    type = EventType.PLAN_PROGRESSED
    referral_id: Annotated[UUID, C.ROUTING]
    plan_id: Annotated[UUID, C.ROUTING]
    revision: Annotated[Whole, C.ROUTING] = Field(ge=1, le=HIGHEST_REVISION)
    at: Annotated[AwareDatetime, C.ROUTING]
    review_on: Annotated[date | None, C.ROUTING] = None  # by when the plan is looked at again; none once it is closed
    goals: Annotated[tuple[GoalProgress, ...] | None, C.NEEDS] = Field(default=None, max_length=len(Right))


class ProgrammeAttended(Event):
    """Whether somebody came to a session of a programme that they were referred to (F7), and nothing more.

    A correction is a higher revision. There is no field for the programme, its place, or what was said there.
    """

    type = EventType.PROGRAMME_ATTENDED
    referral_id: Annotated[UUID, C.ROUTING]
    attendance_id: Annotated[UUID, C.ROUTING]
    revision: Annotated[Whole, C.ROUTING] = Field(ge=1, le=HIGHEST_REVISION)
    at: Annotated[AwareDatetime, C.ROUTING]
    held_on: Annotated[date | None, C.ATTENDANCE] = None
    attended: Annotated[bool | None, C.ATTENDANCE] = None
