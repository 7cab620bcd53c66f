"""A joint assessment is proposed, answered, signed, and ended (F4)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.assessment import HIGHEST_ROUND, AssessmentAnswer, AssessmentEnd, Seat
from shared.contract.events.base import Event, ShortText
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Whole
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType


class AssessmentProposed(Event):
    """When and where her state is to be assessed together: the highest round counts. `agreed`: it takes place then.

    The place is an organisation of the directory, and `room` where in it the officer is met. There is no field for an
    address, nor for who else was invited: a shelter among them would say where she stays.
    """

    type = EventType.ASSESSMENT_PROPOSED
    assessment_id: Annotated[UUID, C.ROUTING]
    round: Annotated[Whole, C.ROUTING] = Field(ge=1, le=HIGHEST_ROUND)
    seat: Annotated[Seat, C.ROUTING]
    referral_id: Annotated[UUID | None, C.ROUTING] = None  # by which both know whom it is about
    meets_at: Annotated[AwareDatetime, C.ROUTING]
    place: Annotated[OrganisationId, C.ROUTING]
    room: Annotated[ShortText | None, C.WORKER_CONTACT] = None
    call_back: Annotated[ShortText | None, C.WORKER_CONTACT] = None
    answer_by: Annotated[date, C.ROUTING]
    agreed: Annotated[bool, C.ROUTING] = False


class AssessmentAnswered(Event):
    """What an organisation that is invited says to a round. Once: another time or place is another round."""

    type = EventType.ASSESSMENT_ANSWERED
    assessment_id: Annotated[UUID, C.ROUTING]
    round: Annotated[Whole, C.ROUTING] = Field(ge=1, le=HIGHEST_ROUND)
    answer: Annotated[AssessmentAnswer, C.ROUTING]
    suggests: Annotated[AwareDatetime | None, C.ROUTING] = None
    at: Annotated[AwareDatetime, C.ROUTING]
    call_back: Annotated[ShortText | None, C.WORKER_CONTACT] = None


class AssessmentSigned(Event):
    """To who proposed: who takes part signs what was found. From there, once it stands: the outcome, and whose it is.

    `quorum`: the seats on whose signatures it stands; without all that the law asks for there is no outcome.
    """

    type = EventType.ASSESSMENT_SIGNED
    assessment_id: Annotated[UUID, C.ROUTING]
    round: Annotated[Whole, C.ROUTING] = Field(ge=1, le=HIGHEST_ROUND)
    seat: Annotated[Seat, C.ROUTING]  # the sender's
    held_on: Annotated[date, C.ROUTING]
    signed_at: Annotated[AwareDatetime, C.ROUTING]
    challenging: Annotated[bool | None, C.ASSESSMENT] = None  # whether she is in challenging life circumstances
    quorum: Annotated[tuple[Seat, ...] | None, C.ASSESSMENT] = Field(default=None, max_length=len(Seat))
    family_name: Annotated[ShortText | None, C.IDENTITY] = None
    given_name: Annotated[ShortText | None, C.IDENTITY] = None
    patronymic: Annotated[ShortText | None, C.IDENTITY] = None
    birth_date: Annotated[date | None, C.IDENTITY] = None


class AssessmentEnded(Event):
    """There is no assessment any more: this beats whatever else is said of it, before or after."""

    type = EventType.ASSESSMENT_ENDED
    assessment_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
    end: Annotated[AssessmentEnd, C.ROUTING]
