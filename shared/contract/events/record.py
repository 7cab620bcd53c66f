"""What a node tells everyone of its record: how long it is, and the hash of all of it. Nothing of what it says."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contract.events.base import Event
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType


class AuditCheckpointed(Event):
    """The chain of a node's record as it stands. Who keeps it can show later that it was cut off or rewritten."""

    type = EventType.AUDIT_CHECKPOINTED
    node: Annotated[str, C.PUBLIC, Field(pattern=r"^[a-z0-9-]{2,40}$")]
    position: Annotated[int, C.PUBLIC, Field(ge=1, lt=2**53)]
    chain_hash: Annotated[str, C.PUBLIC, Field(pattern=r"^[0-9a-f]{64}$")]
    at: Annotated[AwareDatetime, C.PUBLIC]
