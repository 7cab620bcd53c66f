"""REST calls that show the orders that were told here: to who protects somebody, and to who treats."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import Desk, Reader, TransactionalRoute, found, note
from shared.casework.orders import store
from shared.casework.orders.tables import ReceivedOrderRow
from shared.casework.referrals.whom import person_of_referral
from shared.contract.calendar import end_of
from shared.contract.vocabulary import OrderEnd, Purpose, SubjectRole

router = APIRouter(prefix="/orders", tags=["orders"], route_class=TransactionalRoute)


class ReceivedOrder(BaseModel):
    """An order as it was told here: that there is one, until when, and when it was broken.

    `referral_id`: by which both sides know whom it protects; `person_id`: who that is here, where it is known.
    """

    id: UUID
    counterpart_id: str
    referral_id: UUID | None
    person_id: UUID | None
    subject: SubjectRole
    purpose: Purpose
    state: Literal["in_force", "ended"]
    content: dict[str, Any]
    breached_at: list[datetime | None]
    received_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    end: OrderEnd | None


@router.get("")
async def list_orders(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[ReceivedOrder]:
    """The orders that were told here, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="received_at")
    await note(desk, Action.READ_ORDER, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{order_id}")
async def read_order(order_id: UUID, desk: Reader) -> ReceivedOrder:
    """Read an order as it stands now."""
    row: ReceivedOrderRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, order_id=order_id), "order"
    )
    (order,) = await _shown(desk, [row])
    await note(desk, Action.READ_ORDER, row.id, person_id=order.person_id)
    return order


async def _shown(desk: Desk, rows: Sequence[ReceivedOrderRow]) -> list[ReceivedOrder]:
    mine = desk.organisation
    contents = await store.contents(desk.session, rows)
    broken = await store.breaches(desk.session, organisation_id=mine, order_ids=[row.id for row in rows])
    shown = []
    for row, content in zip(rows, contents, strict=True):
        over = row.last_day is not None and end_of(row.last_day) <= desk.now
        values = {
            **row.model_dump(exclude={"sealed"}),
            "person_id": await person_of_referral(desk.session, organisation_id=mine, referral_id=row.referral_id),
            "state": "ended" if row.ended_at is not None or over else "in_force",
            "content": content,
            "breached_at": [
                one.breached_at for one in broken if (one.order_id, one.counterpart_id) == (row.id, row.counterpart_id)
            ],
        }
        shown.append(ReceivedOrder.model_validate(values))
    return shown
