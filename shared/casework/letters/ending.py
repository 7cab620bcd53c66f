"""A letter whose consent has ended, or whose person was erased, says nothing here any more and is not waited for.

What was handed over on paper can't be called back: the accounting goes on telling that it left. But whoever was
written to on a consent is told, on paper too, that it has ended, and signs that what the letter said is erased there.
The record has the end of the consent, or the erasure, that ended the letter.
"""

from collections.abc import Sequence
from uuid import UUID

from shared.adapters import vault
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Outgoing, Work, hand_over
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import business_day_deadline
from shared.casework.letters import store
from shared.casework.letters.tables import LetterRow
from shared.contract.events import LetterRecalled
from shared.contract.grounds import Grounds
from shared.contract.letters import LETTER_RECALLED, days_to_recall
from shared.contract.vocabulary import Basis, LetterEnd, Partner


async def erase_on_consent(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """A consent has ended: the letters that rest on it are closed, their text is erased, and partners are told."""
    rows = await store.resting_on(work.session, organisation_id=organisation_id, consent_id=consent_id)
    await _erase(work, rows, LetterEnd.WITHDRAWN)
    for row in rows:
        await _recall(work, row)


async def erase_about(work: Work, *, organisation_id: str, person_id: UUID) -> None:
    """A person is erased: so is what letters say of them, whatever they rest on."""
    rows = await store.about(work.session, organisation_id=organisation_id, person_id=person_id)
    await _erase(work, rows, LetterEnd.ERASED)


async def _erase(work: Work, rows: Sequence[LetterRow], end: LetterEnd) -> None:
    for row in rows:
        row.sealed, row.erased_at = None, work.now
        if row.closed_at is None:
            row.closed_at, row.end = work.now, end
        whose = row.organisation_id
        await vault.destroy(work.session, subject=store.subject(row), at=work.now)
        await forget_answers(work.session, organisation_id=whose, concerning=row.id)
        await deadlines.meet(work.session, organisation_id=whose, concerning=row.id, at=work.now)


async def _recall(work: Work, row: LetterRow) -> None:
    """Write to the partner that the consent has ended. What keeps that from leaving never blocks the end itself."""
    partner = await store.partner(work.session, partner_id=row.partner_id)
    if partner is None:
        return
    told = Outgoing(
        event=LetterRecalled(letter_id=row.id, number=row.number, at=work.now),
        sender=row.organisation_id,
        recipient=partner.id,
        grounds=Grounds.model_validate({"basis": Basis.OWN_REQUEST, "purpose": row.purpose, "subject": row.subject}),
        concerning=row.id,
        person_id=row.person_id,
        partner=Partner(partner.kind),
    )
    if (await hand_over(work, told)).event_id is None:
        return
    about = {"organisation_id": row.organisation_id, "kind": LETTER_RECALLED, "concerning": row.id}
    due = business_day_deadline(work, **about, happened_at=work.now, days=days_to_recall(work.now))  # type: ignore[arg-type]  # a literal
    row.recalled_at, row.recall_due_on = work.now, due.due_on
    work.session.add_all([row, due])
