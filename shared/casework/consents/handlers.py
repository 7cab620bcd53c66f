"""What a withdrawal does at those who relied on the consent."""

from shared.adapters.inbox import Arrival
from shared.casework.consents import store
from shared.contract.events import ConsentWithdrawn, Event


async def on_consent_withdrawn(arrival: Arrival, event: Event) -> None:
    """From now on nothing more leaves here on this consent. Its referrals close by their own withdrawal moves.

    Only who recorded the consent can say so.
    """
    assert isinstance(event, ConsentWithdrawn)
    session, mine = arrival.work.session, arrival.recipient
    row = await store.get(session, organisation_id=mine, consent_id=event.consent_id)
    if row is None:
        await store.remember_withdrawn(
            session, organisation_id=mine, consent_id=event.consent_id, by=arrival.sender, at=event.at
        )
    elif row.recorded_by == arrival.sender:
        await store.mark_withdrawn(session, organisation_id=mine, consent_id=event.consent_id, at=event.at)
