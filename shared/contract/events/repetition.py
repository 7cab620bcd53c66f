"""Violence repeats (F18; report, 2.1, questions 16, 17 and 30)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contract.events.base import Event
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType, Pattern


class RepetitionWarned(Event):
    """The police warn who protects somebody that it repeats: what, how often, in which time.

    `referral_id` is how both know whom it is about; no field says who that is.
    """

    type = EventType.REPETITION_WARNED
    warning_id: Annotated[UUID, C.ROUTING]
    referral_id: Annotated[UUID, C.ROUTING]
    pattern: Annotated[Pattern | None, C.OCCURRENCE] = None
    times: Annotated[int | None, C.OCCURRENCE] = Field(default=None, ge=1, le=1000)
    first_on: Annotated[date | None, C.OCCURRENCE] = None
    last_on: Annotated[date | None, C.OCCURRENCE] = None
