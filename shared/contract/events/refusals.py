"""A refusal to report, and that the police have read of it (F3)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.events.base import Event
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType


class RefusalNoticeIssued(Event):
    """A service recipient refused to report the violence to the police (F3; Standard No. 1079).

    Says that it happened, when, and what the police may do. There is no field that could say who she is; of where,
    the envelope says only which organisation reports.
    """

    type = EventType.REFUSAL_NOTICE_ISSUED
    notice_id: Annotated[UUID, C.ROUTING]
    refused_on: Annotated[date, C.ROUTING]
    due_on: Annotated[date, C.ROUTING]
    police_may: Annotated[tuple[Literal["offer_contact", "record_statistics", "preventive_talk"], ...], C.ROUTING]


class RefusalNoticeAcknowledged(Event):
    """The police have read a refusal notice."""

    type = EventType.REFUSAL_NOTICE_ACKNOWLEDGED
    notice_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
