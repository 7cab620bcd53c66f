"""What follows when a person withdraws a consent at the organisation that recorded it."""

from shared.adapters.outbox import Outgoing, Work, emit
from shared.casework.consents import store
from shared.casework.consents.tables import ConsentRow
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.contract.events import ConsentWithdrawn
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, ReferralAction

GROUNDS = Grounds(basis=Basis.OWN_REQUEST)


async def withdraw(work: Work, consent: ConsentRow) -> None:
    """Immediate here; each referral on it is withdrawn or kept back; all who relied on it are told."""
    organisation = consent.organisation_id
    consent.withdrawn_at = work.now
    for referral in await referrals.relying_on(work.session, organisation_id=organisation, consent_id=consent.id):
        await moves.act(work, referral, ReferralAction.WITHDRAW)
    for recipient in await store.relied_on_by(work.session, organisation_id=organisation, consent_id=consent.id):
        await _tell(work, consent, recipient)


async def _tell(work: Work, consent: ConsentRow, recipient: str) -> None:
    await emit(
        work,
        Outgoing(
            event=ConsentWithdrawn(consent_id=consent.id, at=work.now),
            sender=consent.organisation_id,
            recipient=recipient,
            grounds=GROUNDS,
            concerning=consent.id,
            person_id=consent.person_id,
        ),
    )
