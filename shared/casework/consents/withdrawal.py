"""What follows when a person withdraws a consent at the organisation that recorded it."""

from shared.adapters.outbox import Outgoing, Work, emit, withhold
from shared.casework.consents import store
from shared.casework.consents.tables import ConsentRow
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.contract.events import ConsentWithdrawn, Grounds
from shared.contract.vocabulary import Basis, ReferralAction

RULE = "F-NO-LIVE-CONSENT"
GROUNDS = Grounds(basis=Basis.OWN_REQUEST)


async def withdraw(work: Work, consent: ConsentRow) -> None:
    """Immediate here; kept back what never left; told to all who relied on it; each referral on it is withdrawn."""
    organisation = consent.organisation_id
    consent.withdrawn_at = work.now
    never_left = await withhold(work, organisation_id=organisation, consent_id=consent.id, rule=RULE)
    for recipient in await store.relied_on_by(work.session, organisation_id=organisation, consent_id=consent.id):
        event = ConsentWithdrawn(consent_id=consent.id, at=work.now)
        await emit(
            work,
            Outgoing(
                event=event,
                sender=organisation,
                recipient=recipient,
                grounds=GROUNDS,
                concerning=consent.id,
                person_id=consent.person_id,
            ),
        )
    for referral in await referrals.relying_on(work.session, organisation_id=organisation, consent_id=consent.id):
        await moves.act(work, referral, ReferralAction.WITHDRAW, tell=str(referral.id) not in never_left)
