"""What becomes of a consent that others rely on."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.events.base import Event
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType


class ConsentWithdrawn(Event):
    """A person took a consent back: whoever relied on it closes and erases what it opened."""

    type = EventType.CONSENT_WITHDRAWN
    consent_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
