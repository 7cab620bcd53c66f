"""Plan the steps about a referral when it is sent, and take each once when its time has come."""

from uuid import UUID, uuid4

from shared.adapters.audit import Action, record
from shared.adapters.outbox import Work, emit
from shared.adapters.outcomes import delivery_of
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.tables import DeadlineRow
from shared.casework.escalation import store
from shared.casework.escalation.tables import StepRow
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.casework.suitability.choosing import Search, Wish, best
from shared.contract.calendar import local_day
from shared.contract.escalation import ANSWERED, Planned, plan
from shared.contract.events import ReferralReminded
from shared.contract.vocabulary import BedKind, EscalationStep, Need, Purpose, ReferralState, Side, Urgency

NOT_THERE = ("refused", "withheld")  # the request did not arrive, and won't
LONGEST_CHAIN = 20


def begun(
    work: Work, referral: ReferralRow, *, urgency: Urgency, minutes: int | None
) -> tuple[StepRow | DeadlineRow, ...]:
    """A referral is sent: what is done if nobody answers it, frozen, and the deadline at its sender; to be added."""
    calendar = work.node.calendar
    steps = plan(urgency, work.now, minutes=minutes, calendar=calendar)
    frozen = [_frozen(work, referral, step) for step in steps]
    return (*frozen, _deadline(work, referral.organisation_id, referral.id, steps))


def _frozen(work: Work, referral: ReferralRow, step: Planned) -> StepRow:
    """When it is taken, by the rows and the calendar of now; kept at the sender."""
    return StepRow(
        organisation_id=referral.organisation_id,
        referral_id=referral.id,
        step=step.step,
        side=Side.SENDER,
        row=step.row,
        calendar_version=work.node.calendar.version,
        due_at=step.due_at,
    )


def _deadline(work: Work, organisation_id: str, referral_id: UUID, steps: tuple[Planned, ...]) -> DeadlineRow:
    """The sender is told when its receiver is reminded first, and when it is to look elsewhere."""
    due_at = steps[-1].due_at
    return DeadlineRow(
        id=uuid4(),
        organisation_id=organisation_id,
        kind=ANSWERED,
        concerning=referral_id,
        due_on=local_day(due_at),
        remind_at=steps[0].due_at,
        due_at=due_at,
        calendar_version=work.node.calendar.version,
        created_at=work.now,
    )


async def escalate(work: Work) -> int:
    """Take every step that is due; how many. In the transaction in which it is noted that it was taken: once."""
    rows = await store.due(work.session, now=work.now)
    for step, referral in rows:
        if step.moot_at is None and step.done_at is None:  # an earlier one of this batch may have settled it
            await _take(work, step, referral)
    return len(rows)


async def _take(work: Work, step: StepRow, referral: ReferralRow) -> None:
    if referral.state != ReferralState.REQUESTED:
        step.moot_at = work.now
        return
    told = step.step != EscalationStep.BACK and await _remind(work, step, referral)
    if step.step == EscalationStep.BACK or not told:
        await _give_back(work, step, referral)
    step.done_at, step.told = work.now, told if step.step != EscalationStep.BACK else None
    await _record(work, step)


async def _remind(work: Work, step: StepRow, referral: ReferralRow) -> bool:
    """Whether the reminder leaves: not for a request that never arrives, nor on grounds that have ended."""
    mine = referral.organisation_id
    if await delivery_of(work.session, organisation_id=mine, concerning=referral.id) in NOT_THERE:
        return False
    kind = EscalationStep(step.step)
    event = ReferralReminded(referral_id=referral.id, step=kind, row=step.row, at=work.now)
    return (await emit(work, await moves.outgoing(work, referral, event))).event_id is not None


async def _give_back(work: Work, step: StepRow, referral: ReferralRow) -> None:
    """Back to the sender, now: with the next suitable place, if there is one. Nothing else is to be waited for."""
    back = step
    if step.step != EscalationStep.BACK:
        steps = await store.steps_of(work.session, organisation_id=step.organisation_id, referral_id=referral.id)
        back = next((one for one in steps if one.step == EscalationStep.BACK), step)
        back.done_at = work.now
        await _overdue_now(work, referral)
    back.next_organisation = await next_place(work, referral)
    await work.session.flush()
    await store.settle(work.session, referral=referral, at=work.now, but=step.step)


async def _overdue_now(work: Work, referral: ReferralRow) -> None:
    await deadlines.bring_forward(
        work.session, organisation_id=referral.organisation_id, concerning=referral.id, kind=ANSWERED, to=work.now
    )


async def next_place(work: Work, referral: ReferralRow) -> str | None:
    """The most suitable place but for those that have been asked; None where there is none, or nothing is known."""
    wish = await referrals.wish_of(work.session, referral)
    content = (await referrals.contents(work.session, [referral]))[0] or {}
    if wish is None or referral.erased_at is not None:
        return None
    search = Search(
        referral.organisation_id,
        Purpose(referral.purpose),
        Wish.model_validate(wish),
        bed=BedKind(referral.hold) if referral.hold else None,
        needs=frozenset(Need(need) for need in content.get("needs") or ()),
        but=await _asked_before(work, referral),
    )
    found = await best(work, search)
    return found.organisation if found is not None else None


async def _asked_before(work: Work, referral: ReferralRow) -> frozenset[str]:
    """Its receiver, and those of the referrals that it replaces."""
    asked, one = {referral.counterpart_id}, referral
    for _ in range(LONGEST_CHAIN):
        if one.replaces is None:
            break
        before = await referrals.get(work.session, organisation_id=referral.organisation_id, referral_id=one.replaces)
        if before is None:
            break
        asked.add(before.counterpart_id)
        one = before
    return frozenset(asked)


async def _record(work: Work, step: StepRow) -> None:
    details = {"what": "escalation", "step": step.step, "row": step.row, "told": step.told}
    whose = step.organisation_id
    await record(work, organisation_id=whose, action=Action.ESCALATED, concerning=step.referral_id, details=details)
