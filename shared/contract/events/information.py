"""One agency asks another for information about somebody, by a day; the other answers, or says why not (F14).

Source: report, 2.2, nos. 12, 25 and 30.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract.events.base import Event, LongText, ShortText
from shared.contract.identifiers import IIN
from shared.contract.plain import Day, Flag
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import (
    EventType,
    HandedTo,
    InformationKind,
    InquiryState,
    RefusalGround,
    Sex,
    SubjectRole,
)

MOST_CONVICTIONS = 100


class Conviction(BaseModel):
    """By which article of which code (cc: criminal, cao: on administrative offences), and when: not of what, to whom.

    `spent`: its consequences in law are over.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    article: str = Field(pattern=r"^(cc|cao)-[0-9]{1,3}(-[0-9]{1,2})?$")
    convicted_on: Day
    spent: Flag


class InformationRequested(Event):
    """A question. When its answer is due was worked out when it was asked, by the calendar that is named.

    There is no field for what happened, for health, or for where anybody is.
    """

    type = EventType.INFORMATION_REQUESTED
    inquiry_id: Annotated[UUID, C.ROUTING]
    kind: Annotated[InformationKind, C.ROUTING]
    subject: Annotated[SubjectRole, C.ROUTING]
    due_on: Annotated[date, C.ROUTING]
    remind_on: Annotated[date, C.ROUTING]
    calendar: Annotated[ShortText, C.ROUTING]
    call_back: Annotated[ShortText | None, C.WORKER_CONTACT] = None
    family_name: Annotated[ShortText | None, C.IDENTITY] = None
    given_name: Annotated[ShortText | None, C.IDENTITY] = None
    patronymic: Annotated[ShortText | None, C.IDENTITY] = None
    birth_date: Annotated[date | None, C.IDENTITY] = None
    sex: Annotated[Sex | None, C.IDENTITY] = None
    iin: Annotated[IIN | None, C.IDENTITY] = None


class InformationAnswered(Event):
    """The answer: what was asked for, or that it was handed to the court or to the person, and then nothing of it.

    There is no field for addiction: an addictologist's note does not cross.
    """

    type = EventType.INFORMATION_ANSWERED
    inquiry_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
    handed_to: Annotated[HandedTo | None, C.ROUTING] = None
    health: Annotated[LongText | None, C.HEALTH] = None
    circumstances: Annotated[LongText | None, C.NARRATIVE] = None
    convictions: Annotated[tuple[Conviction, ...] | None, C.CONVICTIONS] = Field(
        default=None, max_length=MOST_CONVICTIONS
    )


class InformationClosed(Event):
    """A question is taken back by who asked, or refused by who was asked. The code of a kind is said again: this may
    arrive before the question does."""

    type = EventType.INFORMATION_CLOSED
    inquiry_id: Annotated[UUID, C.ROUTING]
    kind: Annotated[InformationKind, C.ROUTING]
    state: Annotated[InquiryState, C.ROUTING]  # cancelled, refused
    at: Annotated[AwareDatetime, C.ROUTING]
    ground: Annotated[RefusalGround | None, C.ROUTING] = None
