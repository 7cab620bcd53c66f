"""What all events have in common."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.vocabulary import EventType

LongText = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
ShortText = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class Event(BaseModel):
    """What all events have in common: frozen, and open to fields that only a newer version knows.

    Such a field has no category here, so it is shown to nobody and never leaves again (`decisions.redact`); where the
    content is kept it is kept with it, and the version that knows it can read it by its own rules.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)
    type: ClassVar[EventType]
