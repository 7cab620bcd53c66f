"""What one service tells another of the events it got."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contract.events.base import Event, ShortText
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType


class Refused(BaseModel):
    """An event that the receiver may not keep, and the rule that says so."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    event_id: UUID
    rule: ShortText


class EventsReceived(Event):
    """A receipt from one service to another: these events are committed here, those are refused."""

    type = EventType.EVENTS_RECEIVED
    received: Annotated[tuple[UUID, ...], C.ROUTING] = ()
    refused: Annotated[tuple[Refused, ...], C.ROUTING] = ()
