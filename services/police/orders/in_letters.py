"""What the notice of an order tells a partner without a service: that it was made, from when to when."""

from uuid import UUID

from services.police.orders import store
from shared.adapters.outbox import Work
from shared.casework.parts import OrderTold
from shared.contract.calendar import local_day
from shared.contract.vocabulary import OrderKind


async def order_told(work: Work, order_id: UUID, organisation_id: str) -> OrderTold | None:
    """Of an order that is in force; none of one that has ended, or is another organisation's."""
    row = await store.order(work.session, organisation_id=organisation_id, order_id=order_id)
    if row is None or row.ended_at is not None or row.last_day < local_day(work.now):
        return None
    protects = frozenset({row.protected_id, *(UUID(one) for one in row.dependants)})
    return OrderTold(OrderKind(row.kind), row.from_day, row.last_day, frozenset({row.alleged_offender_id}), protects)
