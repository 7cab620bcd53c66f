"""A preventive conversation was held (F12)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from shared.contract.events.base import Event
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType


class ConversationHeld(Event):
    """That it was held, and on which day. There is no field for what was said, nor for with whom.

    `referral_id`: by which both know that, where there is one.
    """

    type = EventType.CONVERSATION_HELD
    conversation_id: Annotated[UUID, C.ROUTING]
    referral_id: Annotated[UUID | None, C.ROUTING] = None
    held_on: Annotated[date, C.ROUTING]
