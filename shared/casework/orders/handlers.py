"""What events about orders do at those who are told of them."""

from typing import Any

from shared.adapters.inbox import Arrival
from shared.adapters.outbox import Work
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.orders import store
from shared.casework.orders.tables import ReceivedBreachRow, ReceivedOrderRow
from shared.casework.referrals.whom import person_of_referral
from shared.casework.warnings.watching import watch
from shared.contract.calendar import local_day
from shared.contract.events import Event, OrderBreached, OrderChanged, OrderIssued
from shared.contract.orders import ORDER_ENDS, remind_on
from shared.contract.repetition import Fact
from shared.contract.vocabulary import OrderEnd, Pattern

ROUTING = {"order_id", "referral_id", "version"}


async def on_order_told(arrival: Arrival, event: Event) -> None:
    """Keep how an order stands, by its highest version, and be reminded before it ends (F10).

    A change may be here before the order: what each says is put together, whichever comes first.
    """
    assert isinstance(event, OrderIssued | OrderChanged)
    work, row = arrival.work, await _row(arrival, event)
    if row.counterpart_id != arrival.sender:
        return
    before = (await store.contents(work.session, [row]))[0]
    said = event.model_dump(mode="json", exclude_none=True, exclude=ROUTING)
    content = {**before, **said} if event.version >= row.version else {**said, **before}
    row.version, row.updated_at = max(row.version, event.version), work.now
    standing = OrderChanged.model_validate({**content, "order_id": row.id, "version": row.version})
    row.last_day = standing.last_day
    await store.seal(work.session, row, content)
    if standing.ended_on is not None:
        store.ended(row, end=standing.end or OrderEnd.LIFTED, at=work.now)
    elif row.end == OrderEnd.RAN_OUT and standing.last_day and standing.last_day >= local_day(work.now):
        row.ended_at = row.end = None  # it had been extended, and we learn of that late
    work.session.add(row)
    await work.session.flush()
    await _remind(work, row)


async def _row(arrival: Arrival, event: OrderIssued | OrderChanged) -> ReceivedOrderRow:
    mine = arrival.recipient
    row = await store.get(arrival.work.session, organisation_id=mine, order_id=event.order_id, for_update=True)
    return row or ReceivedOrderRow(
        id=event.order_id,
        organisation_id=mine,
        counterpart_id=arrival.sender,
        referral_id=event.referral_id,
        subject=arrival.grounds.subject,
        purpose=arrival.grounds.purpose or "",
        version=0,
        received_at=arrival.work.now,
        updated_at=arrival.work.now,
    )


async def _remind(work: Work, row: ReceivedOrderRow) -> None:
    """One deadline at most: that of its last day as it is now."""
    about: dict[str, Any] = {"organisation_id": row.organisation_id, "concerning": row.id}
    await deadlines.meet(work.session, **about, at=work.now)
    if row.ended_at is None and row.last_day is not None:
        soon = remind_on(row.last_day, local_day(work.now))
        work.session.add(day_deadline(work, **about, kind=ORDER_ENDS, due_on=row.last_day, remind_on=soon))


async def on_order_breached(arrival: Arrival, event: Event) -> None:
    """Keep that it was broken, and warn at once (F10, F18)."""
    assert isinstance(event, OrderBreached)
    work, mine = arrival.work, arrival.recipient
    order = await store.get(work.session, organisation_id=mine, order_id=event.order_id)
    if order is not None and order.counterpart_id != arrival.sender:
        return
    breach = ReceivedBreachRow(
        id=event.breach_id,
        organisation_id=mine,
        order_id=event.order_id,
        counterpart_id=arrival.sender,
        breached_at=event.breached_at,
        received_at=work.now,
    )
    if await store.keep_breach(work.session, breach):
        known_by = {"organisation_id": mine, "referral_id": event.referral_id}
        person = await person_of_referral(work.session, **known_by, counterpart=arrival.sender)  # type: ignore[arg-type]  # a literal
        fact = Fact(event.breach_id, Pattern.ORDERS_BREACHED, event.breached_at or work.now)
        await watch(work, fact, **known_by, person_id=person)  # type: ignore[arg-type]  # the same
