"""How a consent ends, at the organisation that recorded it and at those who relied on it.

Withdrawn or void: its referrals are withdrawn. Run out: what it opened is erased, and the case goes on without it. Each
way, everyone who relied on it is told, erases, and answers with the receipt; nothing that rests on it leaves any more.
"""

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.adapters.audit import Action, record
from shared.adapters.outbox import Outgoing, Work, emit
from shared.adapters.telemetry import METRICS
from shared.casework.assessments.ending import end_on_consent as end_assessments
from shared.casework.consents import store
from shared.casework.consents.tables import ConsentRow
from shared.casework.inquiries import settling as inquiries
from shared.casework.inquiries import store as inquiry_store
from shared.casework.letters import ending as letters
from shared.casework.persons.received import forget_received
from shared.casework.progress import ending as progress
from shared.casework.progress import store as progress_store
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.casework.reports import ending as reports
from shared.casework.reports import store as report_store
from shared.contract.calendar import local_day
from shared.contract.capacity import Capacity, may_grant
from shared.contract.errors import QorgauError
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
    await reports.erase_on_consent(work, organisation_id=mine, consent_id=consent.id)
    await progress.erase_on_consent(work, organisation_id=mine, consent_id=consent.id)
    await end_assessments(work, organisation_id=mine, consent_id=consent.id)
    await inquiries.erase_on_consent(work, organisation_id=mine, consent_id=consent.id)
    await letters.erase_on_consent(work, organisation_id=mine, consent_id=consent.id)
    await forget_received(work, organisation_id=mine, consent_id=consent.id)
    await _record(work, consent, Action.CONSENT_WITHDRAWN, end)
    await _tell(work, consent, end)


async def void_wrongly_granted(work: Work, organisation_id: str, person_id: UUID, capacity: Capacity) -> None:
    """More is known of the person now: what was consented to by somebody who could not is void."""
    for consent in await store.live_of(work.session, organisation_id=organisation_id, person_id=person_id):
        terms = store.terms(consent)
        day = local_day(terms.given_at)
        if may_grant(grantor=terms.granted_by, capacity=capacity, purposes=terms.purposes, on=day) is not None:
            await withdraw(work, consent, end=ConsentEnd.VOID)


async def expire(work: Work) -> int:
    """Act once on each consent that ran out, wherever it was recorded; how many that were."""
    over = await store.run_out(work.session, now=work.now)
    return sum([await _done(work, _expire(work, consent)) for consent in over])


async def _expire(work: Work, consent: ConsentRow) -> None:
    consent.expired_at, consent.end = work.now, ConsentEnd.EXPIRED
    await _record(work, consent, Action.CONSENT_EXPIRED, ConsentEnd.EXPIRED)
    await erase_copies(work, organisation_id=consent.organisation_id, consent_id=consent.id)
    if consent.recorded_by == consent.organisation_id:
        await _tell(work, consent, ConsentEnd.EXPIRED)
    log.info("consent.expired", consent=str(consent.id))


async def erase_what_ran_out(work: Work) -> int:
    """Erase, once, what crossed on an emergency or a court's decision that is over; how many copies that were."""
    over = await referrals.run_out(work.session, now=work.now)
    erased = [await _done(work, moves.erase(work, referral)) for referral in over]
    reported = await report_store.run_out(work.session, now=work.now)
    erased += [await _done(work, reports.erase(work, report)) for report in reported]
    told = await progress_store.run_out(work.session, now=work.now)
    erased += [await _done(work, progress.erase(work, row)) for row in told]
    asked = await inquiry_store.run_out(work.session, now=work.now)
    return sum(erased + [await _done(work, inquiries.erase(work, row)) for row in asked])


async def _done(work: Work, ending: Coroutine[Any, Any, None]) -> bool:
    """Whether one ending went through. One that can't, does not keep the others from it, and is tried again."""
    try:
        async with work.session.begin_nested():
            await ending
    except (QorgauError, SQLAlchemyError) as error:
        METRICS.endings_failed.inc()
        log.error("ending.failed", error=type(error).__name__)
        return False
    return True


async def end_emergency(work: Work, organisation_id: str, emergency_id: UUID) -> None:
    """The danger that was declared here is over: what left on it is erased here, and there when they are told."""
    counterparts = await _erase_on_emergency(work, organisation_id, emergency_id)
    for recipient in sorted(counterparts):
        ended = ConsentWithdrawn(consent_id=emergency_id, at=work.now, end=ConsentEnd.OVER)
        about = {"sender": organisation_id, "recipient": recipient, "concerning": emergency_id}
        await emit(work, Outgoing(event=ended, grounds=GROUNDS, **about))  # type: ignore[arg-type]  # two strings and an id


async def on_emergency_over(work: Work, organisation_id: str, emergency_id: UUID, *, by: str) -> None:
    """The organisation that declared an emergency says that it is over."""
    await _erase_on_emergency(work, organisation_id, emergency_id, counterpart=by)


async def _erase_on_emergency(
    work: Work, organisation_id: str, emergency_id: UUID, *, counterpart: str | None = None
) -> set[str]:
    """Whose counterparts had copies that rest on it."""
    found = set()
    for referral in await referrals.on_emergency(
        work.session, organisation_id=organisation_id, emergency_id=emergency_id
    ):
        if counterpart in (None, referral.counterpart_id):
            referral.basis_until = work.now
            await moves.erase(work, referral)
            found.add(referral.counterpart_id)
    told = await report_store.on_emergency(work.session, organisation_id=organisation_id, emergency_id=emergency_id)
    return found | await reports.erase_on_emergency(work, told, counterpart=counterpart)


async def erase_copies(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """Erase what a consent opened, in every copy that rests on it, and in the records that took it over."""
    for referral in await referrals.resting_on(work.session, organisation_id=organisation_id, consent_id=consent_id):
        await moves.erase(work, referral)
    await reports.erase_on_consent(work, organisation_id=organisation_id, consent_id=consent_id)
    await progress.erase_on_consent(work, organisation_id=organisation_id, consent_id=consent_id)
    await end_assessments(work, organisation_id=organisation_id, consent_id=consent_id)
    await inquiries.erase_on_consent(work, organisation_id=organisation_id, consent_id=consent_id)
    await letters.erase_on_consent(work, organisation_id=organisation_id, consent_id=consent_id)
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
