"""Who asked for a plan is told how it goes, on the consent that their referral rests on; else nobody is (F5)."""

from services.social.plans.domain import GoalKind, told
from services.social.plans.tables import PlanRow
from shared.adapters.outbox import Work, emit
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.contract.events import GoalProgress, PlanProgressed
from shared.contract.vocabulary import Progress, ReferralState, Side

NOBODY = "no referral"


async def tell(work: Work, row: PlanRow) -> str | None:
    """Tell them. None if that is on its way; else the rule that keeps it here, or that there is nobody to tell."""
    if row.referral_id is None:
        return NOBODY
    mine = row.organisation_id
    referral = await referrals.get(work.session, organisation_id=mine, referral_id=row.referral_id)
    if referral is None or referral.side != Side.RECEIVER or referral.state == ReferralState.WITHDRAWN:
        return NOBODY
    goals = told([(GoalKind(one["kind"]), Progress(one["progress"])) for one in row.services])
    event = PlanProgressed(
        referral_id=referral.id,
        plan_id=row.id,
        revision=row.revision,
        at=work.now,
        review_on=row.review_on,
        goals=tuple(GoalProgress(kind=right, progress=progress) for right, progress in goals),
    )
    emitted = await emit(work, await moves.outgoing(work, referral, event))
    return None if emitted.event_id is not None else emitted.decision.refusal
