"""What a withdrawal does at those who relied on the consent."""

from shared.adapters.inbox import Arrival
from shared.casework.consents import store
from shared.contract.events import ConsentWithdrawn, Event


async def on_consent_withdrawn(arrival: Arrival, event: Event) -> None:
    """From now on nothing more leaves here on this consent. Its referrals close by their own withdrawal moves.

    Only who recorded the consent can say so.
    """
    assert isinstance(event, ConsentWithdrawn)
    row = await store.get(arrival.work.session, organisation_id=arrival.recipient, consent_id=event.consent_id)
    if row is not None and row.recorded_by == arrival.sender:
        await store.mark_withdrawn(
            arrival.work.session, organisation_id=arrival.recipient, consent_id=event.consent_id, at=event.at
        )
