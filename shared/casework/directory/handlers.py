"""What an announcement of an organisation does here."""

from shared.adapters.inbox import Arrival
from shared.casework.directory import store
from shared.contract.events import Event, OrganisationAnnounced


async def on_organisation_announced(arrival: Arrival, event: Event) -> None:
    """Keep the directory as the organisations themselves describe it; our own are described by our own file."""
    assert isinstance(event, OrganisationAnnounced)
    if event.id != arrival.sender or arrival.work.node.hosts(event.id):
        return
    if event.agency is not arrival.work.node.trust.party(event.id).agency:
        return
    await store.put(arrival.work.session, organisation=event, at=arrival.envelope.time, hosted=False)
