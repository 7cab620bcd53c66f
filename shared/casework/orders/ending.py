"""Orders end by themselves on their last day, once; what was told of a person who is erased here is erased."""

from collections.abc import Collection
from uuid import UUID

import structlog

from shared.adapters import vault
from shared.adapters.audit import Action, record
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Work
from shared.casework.deadlines import store as deadlines
from shared.casework.orders import store
from shared.contract.calendar import local_day
from shared.contract.vocabulary import OrderEnd

log = structlog.get_logger()


async def end_received_orders(work: Work) -> int:
    """End what has run out; how many orders that were. No message is needed for it: their last day was told."""
    over = await store.run_out(work.session, today=local_day(work.now))
    for row in over:
        store.ended(row, end=OrderEnd.RAN_OUT, at=work.now)
        mine = row.organisation_id
        await deadlines.meet(work.session, organisation_id=mine, concerning=row.id, at=work.now)
        await record(work, organisation_id=mine, action=Action.ORDER_ENDED, concerning=row.id, details={"end": row.end})
        log.info("order.ran_out", order=str(row.id))
    return len(over)


async def erase_of_referrals(work: Work, *, organisation_id: str, referral_ids: Collection[UUID]) -> None:
    """The person whom these referrals are about is erased here: what was told of orders goes with them."""
    mine = await store.of_referrals(work.session, organisation_id=organisation_id, referral_ids=referral_ids)
    for row in mine:
        row.sealed = None
        await vault.destroy(work.session, subject=store.subject(row), at=work.now)
        await forget_answers(work.session, organisation_id=organisation_id, concerning=row.id)
