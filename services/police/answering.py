"""Tell who told us that it was read, or registered."""

from uuid import UUID

from shared.adapters.http import Desk
from shared.adapters.outbox import Outgoing, emit
from shared.casework.disclosures.endpoints import refused
from shared.contract.events import Event
from shared.contract.grounds import Grounds


async def answer(desk: Desk, event: Event, *, to: str, concerning: UUID, grounds: Grounds) -> None:
    """Tell who told us. Problem 403 where policy does not let it leave."""
    outgoing = Outgoing(event=event, sender=desk.organisation, recipient=to, grounds=grounds, concerning=concerning)
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
