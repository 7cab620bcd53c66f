"""Orders end by themselves on their last day, once: whoever was told of one knows that day."""

import structlog

from services.police.orders import store
from shared.adapters.audit import Action, record
from shared.adapters.outbox import Work
from shared.casework.deadlines import store as deadlines
from shared.contract.calendar import local_day
from shared.contract.vocabulary import OrderEnd

log = structlog.get_logger()


async def end_orders(work: Work) -> int:
    """End what has run out; how many orders that were."""
    over = await store.run_out(work.session, today=local_day(work.now))
    for row in over:
        row.ended_at, row.end, row.updated_at = work.now, OrderEnd.RAN_OUT, work.now
        mine = row.organisation_id
        await deadlines.meet(work.session, organisation_id=mine, concerning=row.id, at=work.now)
        details = {"end": row.end}
        await record(
            work,
            organisation_id=mine,
            action=Action.ORDER_ENDED,
            concerning=row.id,
            person_id=row.protected_id,
            details=details,
        )
        log.info("order.ran_out", order=str(row.id))
    return len(over)
