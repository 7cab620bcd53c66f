"""A local agreement is drafted, signed by its parties, concluded, ended (F16; report, 2.1, question 11).

All of it is public: which organisations exchange what, on which basis. Of persons nothing can be said in it, and
there is no field for free text.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contract.concluding import MOST_LINES, Text, Token, Version
from shared.contract.events.base import Event
from shared.contract.vocabulary import AgreementObjection, EventType
from shared.contract.vocabulary import DataCategory as C

Line = Annotated[int, Field(ge=1, le=MOST_LINES)]


class AgreementProposed(Event):
    """Social services propose a text to its parties; from version 2 on it is a change."""

    type = EventType.AGREEMENT_PROPOSED
    agreement_id: Annotated[UUID, C.PUBLIC]
    terms: Annotated[Text, C.PUBLIC]


class AgreementAnswered(Event):
    """A party signs a version, or declines it: why, and which lines. `signature`: a JWS by the party's node."""

    type = EventType.AGREEMENT_ANSWERED
    agreement_id: Annotated[UUID, C.PUBLIC]
    version: Annotated[Version, C.PUBLIC]
    signature: Annotated[Token | None, C.PUBLIC] = None
    reason: Annotated[AgreementObjection | None, C.PUBLIC] = None
    lines: Annotated[tuple[Line, ...], C.PUBLIC] = ()


class AgreementConcluded(Event):
    """All parties have signed: the text with all signatures, from who drafted it to every party."""

    type = EventType.AGREEMENT_CONCLUDED
    agreement_id: Annotated[UUID, C.PUBLIC]
    terms: Annotated[Text, C.PUBLIC]
    signatures: Annotated[tuple[Token, ...], C.PUBLIC] = Field(max_length=MOST_LINES)


class AgreementNoticeGiven(Event):
    """A party ends it for all from a day on. `notice`: a JWS by the party's node."""

    type = EventType.AGREEMENT_NOTICE_GIVEN
    agreement_id: Annotated[UUID, C.PUBLIC]
    version: Annotated[Version, C.PUBLIC]
    notice: Annotated[Token, C.PUBLIC]
