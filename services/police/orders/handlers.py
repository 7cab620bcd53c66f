"""What others do that makes them protectors: they take on a referral of somebody whom an order protects."""

from services.police.orders import store
from services.police.orders.telling import tell_protectors
from shared.adapters.inbox import Arrival
from shared.casework.referrals.whom import person_of_referral
from shared.contract.calendar import local_day
from shared.contract.events import Event, ReferralMoved
from shared.contract.vocabulary import ReferralAction

TAKES_ON = frozenset({ReferralAction.ACCEPT, ReferralAction.START})


async def on_referral_taken_on(arrival: Arrival, event: Event) -> None:
    """Tell who protects somebody from now on of the orders that are in force (F10)."""
    assert isinstance(event, ReferralMoved)
    if event.action not in TAKES_ON:
        return
    work, mine = arrival.work, arrival.recipient
    person = await person_of_referral(work.session, organisation_id=mine, referral_id=event.referral_id)
    if person is None:
        return
    today = local_day(work.now)
    for order in await store.in_force_for(work.session, organisation_id=mine, person_id=person, today=today):
        await tell_protectors(work, order)
