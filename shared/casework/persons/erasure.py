"""A person is erased at the organisation that recorded them: nothing blocks it, and no backup undoes it.

Everybody who has something of them is told first, by the person's own withdrawal of consents and referrals. What stays:
that there was a person with this role, when it was erased, and the accounting of what left (it names no one).
"""

from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from shared.adapters import vault
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Work
from shared.adapters.vault_tables import DataKey
from shared.casework.appointments import store as appointments
from shared.casework.assessments.ending import end_about
from shared.casework.consents import store as consents
from shared.casework.consents.ending import end_emergency, withdraw
from shared.casework.inquiries.settling import erase_about as erase_inquiries
from shared.casework.letters import ending as letters
from shared.casework.orders.ending import erase_of_referrals
from shared.casework.persons import store
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.casework.registers.ending import erase_entries
from shared.casework.reports import store as reports
from shared.casework.reports.ending import erase_about
from shared.casework.walls.noticing import forget_walls
from shared.casework.warnings import store as warnings
from shared.contract.vocabulary import ReferralAction, ReferralState


async def erase(work: Work, person: PersonRow) -> None:
    """Erase a locked person, once. Source: Law on Personal Data of 21 May 2013, arts. 18 and 24 (2)."""
    session, organisation = work.session, person.organisation_id
    for consent in await consents.live_of(session, organisation_id=organisation, person_id=person.id):
        await withdraw(work, consent)
    mine = await referrals.about(session, organisation_id=organisation, person_id=person.id)
    for referral in mine:
        await _erase_referral(work, referral)
    await _end_dangers(work, organisation, person.id)
    await erase_about(work, organisation_id=organisation, person_id=person.id)
    await erase_inquiries(work, organisation_id=organisation, person_id=person.id)
    await letters.erase_about(work, organisation_id=organisation, person_id=person.id)
    known_by = [referral.id for referral in mine] + ([person.taken_from] if person.taken_from else [])
    await end_about(work, organisation_id=organisation, person_id=person.id, referral_ids=known_by)
    await erase_of_referrals(work, organisation_id=organisation, referral_ids=known_by)
    await warnings.forget(session, organisation_id=organisation, person_id=person.id, referral_ids=known_by)
    await erase_entries(work, organisation_id=organisation, person_id=person.id)
    await forget_answers(session, organisation_id=organisation, concerning=person.id)
    await store.forget_indexes(session, person)
    await forget_walls(work, organisation_id=organisation, file_id=person.id)
    await appointments.forget(session, organisation_id=organisation, person_id=person.id)
    await vault.destroy(session, subject=store.subject_of(person), at=work.now)
    if person.taken_from is not None:  # what is kept here of the referral that told of them
        kept = vault.Subject(organisation, referrals.retained_id(person.taken_from))
        await vault.destroy(session, subject=kept, at=work.now, renewable=True)
    person.sealed = person.handling = person.taken_from = None
    person.erased_at = person.updated_at = work.now
    person.revision += 1


async def erase_again(work: Work) -> int:
    """Erase whoever was erased according to the keyring and not according to the cases, which are older: a restored
    backup. Everybody who has something of them is told once more. How many there were."""
    destroyed = select(DataKey.organisation_id, DataKey.subject_id).where(col(DataKey.destroyed_at).is_not(None))
    missed = select(PersonRow).where(
        tuple_(col(PersonRow.organisation_id), col(PersonRow.id)).in_(destroyed), col(PersonRow.erased_at).is_(None)
    )
    found = (await work.session.exec(missed.order_by(col(PersonRow.id)).with_for_update())).all()
    for person in found:
        await erase(work, person)
    return len(found)


async def _erase_referral(work: Work, referral: ReferralRow) -> None:
    """Withdraw it, so that the other side erases its copy too; then not even what retention keeps stays here."""
    if referral.state != ReferralState.WITHDRAWN:
        await moves.act(work, referral, ReferralAction.WITHDRAW)
    kept = vault.Subject(referral.organisation_id, referrals.retained_id(referral.id))
    await vault.destroy(work.session, subject=kept, at=work.now)
    referral.sealed = None


async def _end_dangers(work: Work, organisation_id: str, person_id: UUID) -> None:
    """What a declared danger let be reported of the person is erased where it was reported to."""
    for report in await reports.about(work.session, organisation_id=organisation_id, person_id=person_id):
        danger = (report.proof or {}).get("emergency")
        if danger is not None and report.erased_at is None:
            await end_emergency(work, organisation_id, UUID(danger["id"]))
