"""What the withdrawal of a referral does where programmes are."""

from shared.adapters import vault
from shared.adapters.inbox import Arrival
from shared.casework.programmes import store
from shared.casework.programmes.domain import EnrolmentState
from shared.casework.referrals import store as referrals
from shared.contract.events import Event, ReferralMoved
from shared.contract.vocabulary import ReferralState


async def on_referral_moved_end_enrolments(arrival: Arrival, event: Event) -> None:
    """Taking part ends with the referral. Of who is recorded nowhere here, not even whether they came stays."""
    assert isinstance(event, ReferralMoved)
    session, mine, now = arrival.work.session, arrival.recipient, arrival.work.now
    referral = await referrals.get(session, organisation_id=mine, referral_id=event.referral_id)
    if referral is None or referral.state != ReferralState.WITHDRAWN:
        return
    for row in await store.of_referral(session, organisation_id=mine, referral_id=referral.id):
        row.state, row.ended_at, row.basis, row.court = EnrolmentState.WITHDRAWN, now, None, None
        if row.person_id is None:
            await vault.destroy(session, subject=store.subject_of(row), at=now)
