"""What was told of a referral goes when its basis ends, or the referral is withdrawn. That something was told stays."""

from uuid import UUID

from shared.adapters import vault
from shared.adapters.outbox import Work
from shared.casework.progress import store
from shared.casework.progress.tables import ProgressRow


async def erase(work: Work, row: ProgressRow) -> None:
    """Erase what a locked row says. On a new basis its sender may tell it again."""
    row.sealed, row.erased_at, row.basis_until = None, work.now, None
    await vault.destroy(work.session, subject=store.subject_of(row), at=work.now, renewable=True)


async def erase_on_consent(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """A consent has ended: all that rests on it here."""
    for row in await store.resting_on(work.session, organisation_id=organisation_id, consent_id=consent_id):
        await erase(work, row)


async def erase_of_referral(work: Work, *, organisation_id: str, referral_id: UUID) -> None:
    """A referral is withdrawn: all that was told of it, on whichever basis."""
    for row in await store.of_referral(work.session, organisation_id=organisation_id, referral_id=referral_id):
        if row.erased_at is None:
            await erase(work, row)
