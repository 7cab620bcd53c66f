"""What an announced bed count does here."""

from shared.adapters.inbox import Arrival
from shared.casework.beds import store
from shared.contract.events import BedsCounted, Event


async def on_beds_counted(arrival: Arrival, event: Event) -> None:
    """Put it on the board, if the organisation speaks of itself."""
    assert isinstance(event, BedsCounted)
    if event.organisation == arrival.sender:
        await store.replace(arrival.work.session, counted=event, at=arrival.envelope.time)
