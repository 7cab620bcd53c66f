"""What the end of a consent does at those who relied on it."""

from shared.adapters.inbox import Arrival
from shared.casework.consents import store
from shared.casework.consents.ending import erase_copies, on_emergency_over
from shared.contract.events import ConsentWithdrawn, Event
from shared.contract.vocabulary import ConsentEnd


async def on_consent_withdrawn(arrival: Arrival, event: Event) -> None:
    """From now on nothing more leaves here on this consent, and what it opened is erased: our receipt says so.

    Only who recorded the consent can say that it has ended.
    """
    assert isinstance(event, ConsentWithdrawn)
    session, mine = arrival.work.session, arrival.recipient
    if event.end is ConsentEnd.OVER:
        await on_emergency_over(arrival.work, mine, event.consent_id, by=arrival.sender)
    row = await store.get(session, organisation_id=mine, consent_id=event.consent_id, for_update=True)
    if row is None:
        await store.remember_ended(
            session, organisation_id=mine, consent_id=event.consent_id, by=arrival.sender, at=event.at, end=event.end
        )
    elif row.recorded_by == arrival.sender and row.end is None:
        row.end = event.end
        if event.end is ConsentEnd.EXPIRED:
            row.expired_at = event.at
        else:
            row.withdrawn_at = event.at
        await erase_copies(arrival.work, organisation_id=mine, consent_id=row.id)
