"""What an announced bed count does here, and what an announced organisation does to the board."""

from shared.adapters.inbox import Arrival
from shared.casework.beds import store
from shared.contract.events import BedsCounted, Event, OrganisationAnnounced


async def on_beds_counted(arrival: Arrival, event: Event) -> None:
    """Put it on the board, if the organisation speaks of itself."""
    assert isinstance(event, BedsCounted)
    if event.organisation == arrival.sender:
        await store.replace(arrival.work.session, counted=event, at=arrival.envelope.time)


async def on_organisation_announced(arrival: Arrival, event: Event) -> None:
    """What it has on the board is where the directory says now: it came later than its beds, or moved."""
    assert isinstance(event, OrganisationAnnounced)
    if event.id == arrival.sender:
        await store.settle(arrival.work.session, organisation_id=event.id)
