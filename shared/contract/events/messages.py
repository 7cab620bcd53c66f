"""What two workers write to each other about a referral."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.events.base import Event, LongText
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType


class MessagePosted(Event):
    """A worker wrote to the other side of a referral."""

    type = EventType.MESSAGE_POSTED
    message_id: Annotated[UUID, C.ROUTING]
    referral_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
    body: Annotated[LongText | None, C.CORRESPONDENCE] = None


class MessagesRead(Event):
    """The other side has read these messages."""

    type = EventType.MESSAGES_READ
    referral_id: Annotated[UUID, C.ROUTING]
    message_ids: Annotated[tuple[UUID, ...], C.ROUTING] = Field(max_length=200)
    at: Annotated[AwareDatetime, C.ROUTING]
