"""An assessment ends: the person takes her consent back, does not want it, or the police call it off.

What was told, signed and found goes with it, everywhere. That there was one, and how it ended, stays.
"""

from collections.abc import Collection
from uuid import UUID

from shared.adapters import vault
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Work, emit, withhold
from shared.casework.assessments import store
from shared.casework.assessments.tables import AssessmentRow
from shared.casework.assessments.telling import to_invited
from shared.casework.deadlines import store as deadlines
from shared.contract.assessment import AssessmentEnd
from shared.contract.events import AssessmentEnded
from shared.contract.vocabulary import Side


async def close(work: Work, row: AssessmentRow, end: AssessmentEnd) -> None:
    """End a locked copy here, once: nothing about it leaves any more, nothing is due, and its key is destroyed."""
    row.ended_at, row.end, row.updated_at = work.now, end, work.now
    mine = row.organisation_id
    await withhold(work, organisation_id=mine, concerning=row.id)
    await deadlines.meet(work.session, organisation_id=mine, concerning=row.id, at=work.now)
    await store.forget(work.session, row)
    await forget_answers(work.session, organisation_id=mine, concerning=row.id)
    await vault.destroy(work.session, subject=store.subject(row), at=work.now)
    work.session.add(row)
    await work.session.flush()


async def call_off(work: Work, row: AssessmentRow, end: AssessmentEnd) -> None:
    """End what was proposed here, and tell whoever is invited: whatever became of the consent."""
    invited = await to_invited(work, row)
    await close(work, row, end)
    for _, letter in invited:
        await emit(work, letter.saying(AssessmentEnded(assessment_id=row.id, at=work.now, end=end)))


async def end_on_consent(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """A consent has ended: every copy here that rests on it. Who relied on it is told that, and does the same."""
    for row in await store.resting_on(work.session, organisation_id=organisation_id, consent_id=consent_id):
        await close(work, row, AssessmentEnd.CONSENT_ENDED)


async def end_about(work: Work, *, organisation_id: str, person_id: UUID, referral_ids: Collection[UUID]) -> None:
    """A person is erased here: what was proposed about them is called off; of what others proposed nothing stays."""
    mine = {"organisation_id": organisation_id, "person_id": person_id, "referral_ids": referral_ids}
    for row in await store.about(work.session, **mine):  # type: ignore[arg-type]  # a literal
        if row.side == Side.SENDER:
            await call_off(work, row, AssessmentEnd.PERSON_DECLINED)
        else:
            await close(work, row, AssessmentEnd.PERSON_DECLINED)
