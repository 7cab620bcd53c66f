"""How a question is settled at either side; and how what it told is erased, with its basis or with the person."""

from datetime import datetime
from uuid import UUID

from shared.adapters import vault
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Work, emit, withhold
from shared.casework.deadlines import store as deadlines
from shared.casework.inquiries import store
from shared.casework.inquiries.tables import InquiryRow
from shared.casework.inquiries.telling import outgoing
from shared.contract.events import InformationClosed
from shared.contract.information import allowed_actions, beats
from shared.contract.vocabulary import InformationKind, InquiryAction, InquiryState, RefusalGround, Side


async def settle(
    work: Work, row: InquiryRow, state: InquiryState, *, at: datetime, ground: RefusalGround | None = None
) -> bool:
    """Let a locked copy stand so, unless something is known that beats it; whether it stands so now.

    Nobody is reminded of it any more. What was taken back leaves no answer, on its way or here.
    """
    if not beats(state, InquiryState(row.state), later=row.settled_at is not None and at > row.settled_at):
        return False
    row.state, row.ground = state, ground
    row.settled_at = row.settled_at if state is InquiryState.ENDED else at
    if state is not InquiryState.ANSWERED:
        row.answer = row.handed_to = None
    whose = row.organisation_id
    await deadlines.meet(work.session, organisation_id=whose, concerning=row.id, at=work.now)
    if state in (InquiryState.CANCELLED, InquiryState.ENDED):
        await withhold(work, organisation_id=whose, concerning=row.id)
        await forget_answers(work.session, organisation_id=whose, concerning=row.id)
    return True


async def close(work: Work, row: InquiryRow, state: InquiryState, ground: RefusalGround | None = None) -> None:
    """Our side takes a locked question back, or refuses it; the other side is told, unless it was never asked."""
    never_left = False
    if state is InquiryState.CANCELLED:
        never_left = await withhold(work, organisation_id=row.organisation_id, concerning=row.id)
    if not never_left:
        kind = InformationKind(row.kind)
        event = InformationClosed(inquiry_id=row.id, kind=kind, state=state, at=work.now, ground=ground)
        await emit(work, await outgoing(work, row, event))
    await settle(work, row, state, at=work.now, ground=ground)


async def erase(work: Work, row: InquiryRow) -> None:
    """The basis of a locked copy is over: what was asked and told goes. That there was a question stays."""
    await settle(work, row, InquiryState.ENDED, at=work.now)
    await forget(work, row)


async def forget(work: Work, row: InquiryRow) -> None:
    """Erase what a locked copy holds, and let nothing of it leave any more."""
    row.sealed = row.answer = row.court = row.basis_until = None
    row.erased_at = row.erased_at or work.now
    await withhold(work, organisation_id=row.organisation_id, concerning=row.id)
    await forget_answers(work.session, organisation_id=row.organisation_id, concerning=row.id)
    await vault.destroy(work.session, subject=store.subject_of(row), at=work.now)


async def erase_on_consent(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """A consent has ended: in every copy here that rests on it."""
    for row in await store.resting_on(work.session, organisation_id=organisation_id, consent_id=consent_id):
        await erase(work, row)


async def erase_about(work: Work, *, organisation_id: str, person_id: UUID) -> None:
    """A person is erased here: what is still asked about them is taken back, and nothing of it stays here."""
    for row in await store.about(work.session, organisation_id=organisation_id, person_id=person_id):
        if InquiryAction.CANCEL in allowed_actions(InquiryState(row.state), Side(row.side)):
            await close(work, row, InquiryState.CANCELLED)
        await forget(work, row)
