"""How a consent ends, at the organisation that recorded it and at those who relied on it.

Withdrawn or void: its referrals are withdrawn. Run out: what it opened is erased, and the case goes on without it. Each
way, everyone who relied on it is told, erases, and answers with the receipt; nothing that rests on it leaves any more.
"""

from uuid import UUID

import structlog

from shared.adapters.audit import Action, record
from shared.adapters.outbox import Outgoing, Work, emit
from shared.casework.consents import store
from shared.casework.consents.tables import ConsentRow
from shared.casework.persons.received import forget_received
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.contract.events import ConsentWithdrawn
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, ConsentEnd, ReferralAction

log = structlog.get_logger()
GROUNDS = Grounds(basis=Basis.OWN_REQUEST)


async def withdraw(work: Work, consent: ConsentRow, *, end: ConsentEnd = ConsentEnd.WITHDRAWN) -> None:
    """Immediate here; each referral on it is withdrawn or kept back; all who relied on it are told."""
    consent.withdrawn_at, consent.end = work.now, end
    mine = consent.organisation_id
    for referral in await referrals.sent_on(work.session, organisation_id=mine, consent_id=consent.id):
        await moves.act(work, referral, ReferralAction.WITHDRAW)
    await forget_received(work, organisation_id=mine, consent_id=consent.id)
    await _record(work, consent, Action.CONSENT_WITHDRAWN, end)
    await _tell(work, consent, end)


async def void_by_representative(work: Work, organisation_id: str, person_id: UUID) -> None:
    """The representative turned out to be the alleged offender: what he or she consented to is void."""
    given = await store.given_by_representative(work.session, organisation_id=organisation_id, person_id=person_id)
    for consent in given:
        await withdraw(work, consent, end=ConsentEnd.VOID)


async def expire(work: Work) -> int:
    """Act once on each consent that ran out, wherever it was recorded; how many that were."""
    over = await store.run_out(work.session, now=work.now)
    for consent in over:
        consent.expired_at, consent.end = work.now, ConsentEnd.EXPIRED
        await _record(work, consent, Action.CONSENT_EXPIRED, ConsentEnd.EXPIRED)
        await erase_copies(work, organisation_id=consent.organisation_id, consent_id=consent.id)
        if consent.recorded_by == consent.organisation_id:
            await _tell(work, consent, ConsentEnd.EXPIRED)
        log.info("consent.expired", consent=str(consent.id))
    return len(over)


async def erase_after_emergencies(work: Work) -> int:
    """Erase, once, what came on an emergency that is over; how many copies that were."""
    over = await referrals.run_out(work.session, now=work.now)
    for referral in over:
        await moves.erase(work, referral)
    return len(over)


async def erase_copies(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """Erase what a consent opened, in every copy that rests on it, and in the records that took it over."""
    for referral in await referrals.resting_on(work.session, organisation_id=organisation_id, consent_id=consent_id):
        await moves.erase(work, referral)
    await forget_received(work, organisation_id=organisation_id, consent_id=consent_id)


async def _record(work: Work, consent: ConsentRow, action: Action, end: ConsentEnd) -> None:
    about = {"recorded_by": consent.recorded_by, "end": end}
    await record(
        work,
        organisation_id=consent.organisation_id,
        action=action,
        concerning=consent.id,
        person_id=consent.person_id,
        details=about,
    )


async def _tell(work: Work, consent: ConsentRow, end: ConsentEnd) -> None:
    organisation = consent.organisation_id
    for recipient in await store.relied_on_by(work.session, organisation_id=organisation, consent_id=consent.id):
        told = Outgoing(
            event=ConsentWithdrawn(consent_id=consent.id, at=work.now, end=end),
            sender=organisation,
            recipient=recipient,
            grounds=GROUNDS,
            concerning=consent.id,
            person_id=consent.person_id,
        )
        await emit(work, told)
