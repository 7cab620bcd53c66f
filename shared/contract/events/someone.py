"""What an event can tell of a person, each field under its category: what of it leaves, the basis decides."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from shared.contract.events.base import LongText, ShortText
from shared.contract.identifiers import IIN
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import Sex


class AboutSomeone(BaseModel):
    """What events about a person have in common: they may tell of them in full, in part, or not at all."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    call_back: Annotated[ShortText | None, C.WORKER_CONTACT] = None
    family_name: Annotated[ShortText | None, C.IDENTITY] = None
    given_name: Annotated[ShortText | None, C.IDENTITY] = None
    patronymic: Annotated[ShortText | None, C.IDENTITY] = None
    birth_date: Annotated[date | None, C.IDENTITY] = None
    sex: Annotated[Sex | None, C.IDENTITY] = None
    iin: Annotated[IIN | None, C.IDENTITY] = None
    phone: Annotated[ShortText | None, C.CONTACT] = None
    languages: Annotated[tuple[ShortText, ...] | None, C.IDENTITY] = None
    dependants: Annotated[LongText | None, C.DEPENDANTS] = None
    address: Annotated[LongText | None, C.WHEREABOUTS] = None
    circumstances: Annotated[LongText | None, C.NARRATIVE] = None
