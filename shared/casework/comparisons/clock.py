"""What becomes of comparisons by itself: one that nobody answers lapses, and every year they are due again."""

from shared.adapters.outbox import Work
from shared.casework.comparisons import store
from shared.casework.comparisons.due import begin_next_year
from shared.casework.comparisons.steps import finish, give_up
from shared.casework.comparisons.taking_part import pair
from shared.contract.calendar import local_day
from shared.contract.comparisons import ComparisonState, limits
from shared.contract.vocabulary import ComparisonEnd, ComparisonStep, Side


async def look_after_comparisons(work: Work) -> int:
    """End what has waited too long, so that no secret is kept for ever; set what is due; how many there were."""
    longest = limits(local_day(work.now)).lapses
    opened = await store.lapsed(work.session, side=Side.SENDER, before=work.now - longest)
    for row in opened:
        allowed, _ = await pair(work, row)
        await give_up(work, row, ComparisonStep.ABORTED, ComparisonEnd.LAPSED, allowed)
    # The opener's word comes in any case, unless the opener is there no more.
    abandoned = await store.lapsed(work.session, side=Side.RECEIVER, before=work.now - 2 * longest)
    for row in abandoned:
        await finish(work, row, ComparisonState.ABORTED, ComparisonEnd.LAPSED)
    return len(opened) + len(abandoned) + await begin_next_year(work)
