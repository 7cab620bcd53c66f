"""Two organisations compare their registers (F11): what crosses are tokens that only both sides together can read.

There is no field for who is in a register, why, since when, or how many there are.
"""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.events.base import Event
from shared.contract.vocabulary import ComparisonEnd, ComparisonStep, EventType, RegisterKind
from shared.contract.vocabulary import DataCategory as C

MOST_TOKENS = 2048
TOKEN_BYTES = 32
Tokens = Annotated[str, Field(max_length=MOST_TOKENS * TOKEN_BYTES * 4 // 3 + 4, pattern=r"^[A-Za-z0-9_-]*$")]


class RegisterCompared(Event):
    """A step of a comparison. `kind` is the sender's own register, `their_kind` the recipient's.

    `tokens`: the sender's entries, filled up to a class of sizes, blinded once, in an order of chance; `twice`: the
    recipient's tokens, blinded again, in the order in which they came. Both are points of a group, in base64url.
    """

    type = EventType.REGISTER_COMPARED
    comparison_id: Annotated[UUID, C.ROUTING]
    step: Annotated[ComparisonStep, C.ROUTING]
    kind: Annotated[RegisterKind, C.ROUTING]
    their_kind: Annotated[RegisterKind, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
    end: Annotated[ComparisonEnd | None, C.ROUTING] = None
    tokens: Annotated[Tokens | None, C.BLINDED] = None
    twice: Annotated[Tokens | None, C.BLINDED] = None
