"""What a consent or a declared danger opened in a report goes when that ends. The report itself was a duty: it stays.

One that had not arrived is told on the duty alone: what is owed beats a withdrawal, and says less.
"""

from collections.abc import Sequence
from uuid import UUID

from shared.adapters import vault
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Outgoing, Work, emit, withhold
from shared.casework.reports import store
from shared.casework.reports.tables import ReportRow
from shared.contract.events import ViolenceReported
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, Purpose, Side, SubjectRole


async def erase(work: Work, report: ReportRow) -> None:
    """Erase a locked copy down to what the duty opens; from now on it rests on the duty."""
    report.sealed, report.erased_at = None, work.now
    report.basis, report.purpose = Basis.STATUTORY_DUTY, Purpose.STATUTORY_REPORT
    report.basis_until = None
    await forget_answers(work.session, organisation_id=report.organisation_id, concerning=report.id)
    await withhold(work, organisation_id=report.organisation_id, concerning=report.id)
    await vault.destroy(work.session, subject=store.subject(report), at=work.now, renewable=True)
    if report.side == Side.SENDER and not await store.has_arrived(work.session, report):
        await _tell_on_duty(work, report)


async def _tell_on_duty(work: Work, report: ReportRow) -> None:
    """Once more, without what the consent or the danger opened."""
    told, _ = (await store.contents(work.session, [report]))[0]
    if not told:  # it was erased since, and this copy was restored
        return
    subject = SubjectRole(report.subject)
    outgoing = Outgoing(
        event=ViolenceReported.model_validate(told),
        sender=report.organisation_id,
        recipient=report.counterpart_id,
        grounds=Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.STATUTORY_REPORT, subject=subject),
        concerning=report.id,
        person_id=report.person_id,
    )
    await emit(work, outgoing)


async def erase_on_consent(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """A consent has ended: in every copy here that rests on it."""
    for report in await store.resting_on(work.session, organisation_id=organisation_id, consent_id=consent_id):
        await erase(work, report)


async def erase_on_emergency(work: Work, reports: Sequence[ReportRow], *, counterpart: str | None) -> set[str]:
    """A danger is over: in the copies that rest on it, of one counterpart or of all; whose counterparts that were."""
    mine = [report for report in reports if counterpart in (None, report.counterpart_id)]
    for report in mine:
        await erase(work, report)
    return {report.counterpart_id for report in mine}


async def erase_about(work: Work, *, organisation_id: str, person_id: UUID) -> None:
    """A person is erased: of reports about them not even what the duty told stays here. With the police it stays."""
    for report in await store.about(work.session, organisation_id=organisation_id, person_id=person_id):
        if report.sealed is not None:
            await erase(work, report)
        await forget_answers(work.session, organisation_id=organisation_id, concerning=report.id)
        await vault.destroy(work.session, subject=store.told_subject(report), at=work.now)
        report.told = None
