"""Letters to partners without a service: decided on and recorded as every event, and carried on paper."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.events.base import Event, LongText, ShortText
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType, LetterKind, Need, OrderKind


class LetterWritten(Event):
    """All that a letter can say: a referral (F5), or that an order was made (F10).

    No permit lets it go to an agency: it never travels by the exchange. There is no field for where somebody lives or
    stays, for an IIN, or for health.
    """

    type = EventType.LETTER_WRITTEN
    letter_id: Annotated[UUID, C.ROUTING]
    number: Annotated[ShortText, C.ROUTING]
    kind: Annotated[LetterKind, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
    call_back: Annotated[ShortText | None, C.WORKER_CONTACT] = None
    needs: Annotated[tuple[Need, ...] | None, C.NEEDS] = None
    family_name: Annotated[ShortText | None, C.IDENTITY] = None
    given_name: Annotated[ShortText | None, C.IDENTITY] = None
    patronymic: Annotated[ShortText | None, C.IDENTITY] = None
    birth_date: Annotated[date | None, C.IDENTITY] = None
    phone: Annotated[ShortText | None, C.CONTACT] = None
    circumstances: Annotated[LongText | None, C.NARRATIVE] = None
    order_kind: Annotated[OrderKind | None, C.ORDER] = None
    order_from: Annotated[date | None, C.ORDER] = None
    order_until: Annotated[date | None, C.ORDER] = None


class LetterRecalled(Event):
    """The consent that a letter rested on has ended: its number, and nothing of whom it was about."""

    type = EventType.LETTER_RECALLED
    letter_id: Annotated[UUID, C.ROUTING]
    number: Annotated[ShortText, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
