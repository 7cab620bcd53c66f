"""What all events have in common."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.vocabulary import EventType

LongText = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
ShortText = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class Event(BaseModel):
    """What all events have in common: frozen, and unknown fields are ignored so that newer nodes can be understood."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    type: ClassVar[EventType]
