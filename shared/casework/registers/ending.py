"""Somebody is in a register no more: taken out by staff, or erased with the person's record."""

from datetime import datetime
from uuid import UUID

from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Work
from shared.casework.deadlines import store as deadlines
from shared.casework.registers import store
from shared.casework.registers.tables import RegisterEntryRow
from shared.contract.registers import RemovalReason


async def remove(work: Work, row: RegisterEntryRow, *, because: RemovalReason, at: datetime) -> None:
    """It stands no more, and is not reviewed any more. That it stood stays."""
    row.removed_at, row.removed_because, row.review_on, row.updated_at = at, because, None, at
    await deadlines.meet(work.session, organisation_id=row.organisation_id, concerning=row.id, at=at)


async def erase_entries(work: Work, *, organisation_id: str, person_id: UUID) -> None:
    """A person is erased here: why they were in a register is unreadable, and what comparisons told goes."""
    rows = await store.of_person(work.session, organisation_id=organisation_id, person_id=person_id)
    for row in rows:
        row.sealed = None
        if row.removed_at is None:
            await remove(work, row, because=RemovalReason.ERASED, at=work.now)
        await forget_answers(work.session, organisation_id=organisation_id, concerning=row.id)
    await store.forget_matches(work.session, organisation_id=organisation_id, entry_ids=[row.id for row in rows])
