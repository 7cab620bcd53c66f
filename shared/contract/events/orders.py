"""An order protects somebody: it was made, changed, broken (F10; report, 1.3 and 1.4).

An order is told under an id that it has at that recipient alone, so that no two of them can compare theirs. To who
protects her it goes with the number of the referral by which both know her: no field of it says who she is, where she
is, or against whom it was made. To who treats him it says who he is and that treatment is required: nothing of her.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.events.base import Event
from shared.contract.events.someone import AboutSomeone
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType, OrderEnd, OrderKind, OrderRequirement

HIGHEST_VERSION = 1_000_000


class OrderIssued(Event, AboutSomeone):
    """An order was made. `last_day` is included; `requirement` is told to who treats, and to nobody else."""

    type = EventType.ORDER_ISSUED
    order_id: Annotated[UUID, C.ROUTING]
    referral_id: Annotated[UUID | None, C.ROUTING] = None
    version: Annotated[int, C.ROUTING] = Field(default=1, ge=1, le=HIGHEST_VERSION)
    kind: Annotated[OrderKind | None, C.ORDER] = None
    from_day: Annotated[date | None, C.ORDER] = None
    last_day: Annotated[date | None, C.ORDER] = None
    dependants_too: Annotated[bool | None, C.ORDER] = None
    requirement: Annotated[OrderRequirement | None, C.ORDER] = None


class OrderChanged(Event):
    """It was extended, or it ended before its last day. The highest version is how it stands, whatever came last."""

    type = EventType.ORDER_CHANGED
    order_id: Annotated[UUID, C.ROUTING]
    referral_id: Annotated[UUID | None, C.ROUTING] = None
    version: Annotated[int, C.ROUTING] = Field(ge=1, le=HIGHEST_VERSION)
    last_day: Annotated[date | None, C.ORDER] = None
    ended_on: Annotated[date | None, C.ORDER] = None
    end: Annotated[OrderEnd | None, C.ORDER] = None


class OrderBreached(Event):
    """It was broken. Not how: what happened is an incident of the police's."""

    type = EventType.ORDER_BREACHED
    order_id: Annotated[UUID, C.ROUTING]
    referral_id: Annotated[UUID | None, C.ROUTING] = None
    breach_id: Annotated[UUID, C.ROUTING]
    breached_at: Annotated[AwareDatetime | None, C.ORDER] = None
