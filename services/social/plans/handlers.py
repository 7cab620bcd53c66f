"""What the withdrawal of a referral does to the plan that was made for it."""

from services.social.plans import store
from shared.adapters import vault
from shared.adapters.inbox import Arrival
from shared.casework.deadlines import store as deadlines
from shared.casework.referrals import store as referrals
from shared.contract.events import Event, ReferralMoved
from shared.contract.vocabulary import ReferralState


async def on_referral_moved_close_plans(arrival: Arrival, event: Event) -> None:
    """A plan ends with its referral. Of who is recorded nowhere here, none of its words stay."""
    assert isinstance(event, ReferralMoved)
    session, mine, now = arrival.work.session, arrival.recipient, arrival.work.now
    referral = await referrals.get(session, organisation_id=mine, referral_id=event.referral_id)
    if referral is None or referral.state != ReferralState.WITHDRAWN:
        return
    for row in await store.open_of(session, organisation_id=mine, referral_id=referral.id):
        row.closed_at, row.review_on = now, None
        row.revision, row.updated_at = row.revision + 1, now
        await deadlines.meet(session, organisation_id=mine, concerning=row.id, at=now)
        if row.person_id is None:
            await vault.destroy(session, subject=store.subject_of(row), at=now)
