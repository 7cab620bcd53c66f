"""Acting on a referral, here or there. A copy's state is what the contract's `replay()` makes of all moves known."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.adapters import vault
from shared.adapters.database import STATE_CHANNEL, notify
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Outgoing, Work, emit, silence, withhold
from shared.casework.consents import store as consents
from shared.casework.deadlines import store as deadlines
from shared.casework.escalation import store as escalation
from shared.casework.messages import store as messages
from shared.casework.persons.received import forget_taken_over
from shared.casework.progress import ending as progress
from shared.casework.referrals import store
from shared.casework.referrals.tables import MoveRow, ReferralRow
from shared.casework.walls.noticing import forget_walls
from shared.contract.decisions import fields_of, retained
from shared.contract.errors import Problem
from shared.contract.escalation import ANSWERED, SEEN_TO
from shared.contract.events import Event, ReferralMoved, ReferralRequested
from shared.contract.grounds import Grounds
from shared.contract.policy import CLOSING
from shared.contract.referral import Move, next_state, replay
from shared.contract.vocabulary import Basis, Purpose, ReasonCode, ReferralAction, ReferralState, Side, SubjectRole

# What is asked or written here is not sent any more once we have taken it back.
HOLDS_BACK = frozenset({ReferralAction.WITHDRAW, ReferralAction.CANCEL})


async def act(
    work: Work,
    referral: ReferralRow,
    action: ReferralAction,
    *,
    reason: ReasonCode | None = None,
    text: str | None = None,
    suggested: str | None = None,
) -> None:
    """Our side acts on a locked referral. Problem 409 where the life cycle does not allow it."""
    state, side = ReferralState(referral.state), Side(referral.side)
    if next_state(state, action, side) is None:
        raise Problem(
            409,
            "not-now",
            "a referral that is %(state)s can't be moved by '%(action)s' from this side",
            {"state": state.value, "action": action.value},
        )
    event = ReferralMoved(
        referral_id=referral.id,
        version=referral.version + 1,
        action=action,
        reason=reason,
        text=None if referral.erased_at else text,
        suggested=suggested,
        at=work.now,
    )
    if action in HOLDS_BACK and side is Side.SENDER:
        never_left = await withhold(work, organisation_id=referral.organisation_id, concerning=referral.id)
    else:
        never_left = False
    if not never_left:
        await emit(work, await outgoing(work, referral, event))
    await _take(work, referral.organisation_id, event, side, author=referral.organisation_id)
    await refold(work, referral)


async def learn(work: Work, *, organisation_id: str, counterpart: str, event: ReferralMoved) -> None:
    """The other side acted. The move is kept even if the referral itself is not here yet."""
    referral = await store.get(
        work.session, organisation_id=organisation_id, referral_id=event.referral_id, for_update=True
    )
    if referral is None:
        await _take(work, organisation_id, event, Side.SENDER, author=counterpart)
        if event.action is ReferralAction.WITHDRAW:  # what was written about it may be here without it
            await messages.forget_bodies(work.session, organisation_id=organisation_id, referral_id=event.referral_id)
    elif referral.counterpart_id == counterpart:
        event = event.model_copy(update={"text": None}) if referral.erased_at else event
        await _take(work, organisation_id, event, other(Side(referral.side)), author=counterpart)
        await refold(work, referral)


async def refold(work: Work, referral: ReferralRow) -> None:
    """Bring a locked copy to the state that its moves lead to; erase it if that is the person's withdrawal."""
    whose = referral.organisation_id
    await fold(work, referral, await store.moves_of(work.session, organisation_id=whose, referral_id=referral.id))


async def fold(work: Work, referral: ReferralRow, known: Sequence[MoveRow]) -> None:
    """The same, by the moves that are known."""
    parties = (referral.organisation_id, referral.counterpart_id)
    may_hold = referral.hold is not None
    known = [move for move in known if move.author_id in parties]
    moves = [Move(m.version, ReferralAction(m.action), Side(m.side)) for m in known]
    referral.state = replay(moves)
    referral.version = max((m.version for m in known), default=0)
    referral.suggested = next((m.suggested for m in reversed(known) if m.suggested), None)
    referral.revision += 1
    referral.updated_at = work.now
    if referral.state == ReferralState.WITHDRAWN:
        referral.hold = referral.hold_state = referral.held_until = None
        await erase(work, referral)
        await progress.erase_of_referral(work, organisation_id=referral.organisation_id, referral_id=referral.id)
    if referral.state != ReferralState.REQUESTED:
        await _answered(work, referral)
    await work.session.flush()
    if may_hold:  # a bed, which is free or taken by how the referral goes
        notify(work.session, STATE_CHANNEL)


async def _answered(work: Work, referral: ReferralRow) -> None:
    """It was answered, or taken back: nobody is reminded of it any more, at neither side."""
    await escalation.settle(work.session, referral=referral, at=work.now)
    whose, kinds = referral.organisation_id, (ANSWERED, SEEN_TO)
    await deadlines.meet(work.session, organisation_id=whose, concerning=referral.id, at=work.now, kinds=kinds)


async def erase(work: Work, referral: ReferralRow) -> None:
    """Down to what the retention rows keep: that there was a referral, and how it went. A held bed stays held.

    It is another revision: who keeps a copy and asks what changed learns of it.

    Its key is destroyed. Unless the person withdrew, the case goes on, and what is written from now on has a new one.
    """
    keeps = retained(work.node.agency, work.now)
    kept = {name for name, category in fields_of(ReferralRequested).items() if category in keeps}
    content = (await store.contents(work.session, [referral]))[0] or {}
    remains = {name: value for name, value in content.items() if name in kept}
    referral.erased_at = referral.erased_at or work.now
    referral.revision, referral.updated_at = referral.revision + 1, work.now
    await silence(work, organisation_id=referral.organisation_id, concerning=referral.id)
    await store.forget_texts(work.session, organisation_id=referral.organisation_id, referral_id=referral.id)
    await messages.forget_bodies(work.session, organisation_id=referral.organisation_id, referral_id=referral.id)
    await forget_answers(work.session, organisation_id=referral.organisation_id, concerning=referral.id)
    subject, goes_on = vault.Subject(referral.organisation_id, referral.id), referral.state != ReferralState.WITHDRAWN
    await vault.destroy(work.session, subject=subject, at=work.now, renewable=goes_on)
    await forget_walls(work, organisation_id=referral.organisation_id, file_id=referral.id)
    await forget_taken_over(work, organisation_id=referral.organisation_id, referral_id=referral.id)
    referral.court = referral.wish = None
    await store.put_content(work.session, referral, remains, retained=True)


async def outgoing(work: Work, referral: ReferralRow, event: Event) -> Outgoing:
    """An event about this referral to its other side, on the referral's own grounds.

    What closes a case needs no decision of a court, so it does not say its number again.
    """
    grounds = await grounds_of(work, referral)
    return Outgoing(
        event=event,
        sender=referral.organisation_id,
        recipient=referral.counterpart_id,
        grounds=grounds.model_copy(update={"court": None}) if event.type in CLOSING else grounds,
        concerning=referral.id,
        person_id=referral.person_id,
    )


async def grounds_of(work: Work, referral: ReferralRow) -> Grounds:
    """On what everything about this referral relies, with the consent's terms as they are now."""
    consent_id: UUID | None = referral.consent_id
    consent = None
    if consent_id is not None:
        consent = await consents.terms_now(work.session, referral.organisation_id, consent_id)
    return Grounds(
        basis=Basis(referral.basis),
        purpose=Purpose(referral.purpose),
        subject=SubjectRole(referral.subject),
        consent=consent,
        court=await store.court_of(work.session, referral),
        **_proof(referral),
    )


def _proof(referral: ReferralRow) -> dict[str, Any]:
    """What proves the basis; an emergency as long as it really lasted."""
    proof = dict(referral.proof or {})
    if "emergency" in proof and referral.basis_until is not None:
        proof["emergency"] = proof["emergency"] | {"until": referral.basis_until}
    return proof


def other(side: Side) -> Side:
    """The other end."""
    return Side.RECEIVER if side is Side.SENDER else Side.SENDER


async def _take(work: Work, organisation_id: str, event: ReferralMoved, side: Side, *, author: str) -> None:
    move = MoveRow(
        organisation_id=organisation_id,
        referral_id=event.referral_id,
        version=event.version,
        side=side,
        author_id=author,
        action=event.action,
        reason=event.reason,
        suggested=event.suggested,
        at=event.at,
    )
    await store.add_move(work.session, move, text=event.text)
