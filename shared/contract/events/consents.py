"""What becomes of a consent that others rely on."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.events.base import Event
from shared.contract.vocabulary import ConsentEnd, EventType
from shared.contract.vocabulary import DataCategory as C


class ConsentWithdrawn(Event):
    """A consent, or a declared emergency, has ended. Whoever relied on it erases what it opened."""

    type = EventType.CONSENT_WITHDRAWN
    consent_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
    end: Annotated[ConsentEnd, C.ROUTING] = ConsentEnd.WITHDRAWN
