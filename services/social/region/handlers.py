"""What others published is kept as it came first (F13)."""

from services.social.region import store
from shared.adapters.inbox import Arrival
from shared.contract.events import Event, StatisticsPublished


async def on_statistics_published(arrival: Arrival, event: Event) -> None:
    """Keep a month of another organisation's."""
    assert isinstance(event, StatisticsPublished)
    work = arrival.work
    who = {"organisation_id": arrival.recipient, "reporter_id": arrival.sender}
    await store.keep_first(work.session, **who, event=event, at=work.now)
