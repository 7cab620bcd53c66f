"""REST calls for orders that protect somebody (F10): who makes one, and for how long: `shared.contract.orders`."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from services.police.incidents import store as incidents
from services.police.orders import store
from services.police.orders.models import Ending, Extension, NewBreach, NewOrder, Order, shown
from services.police.orders.tables import BreachRow, OrderRow
from services.police.orders.telling import tell_breach, tell_change, tell_protectors, tell_who_treats
from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.directory import store as directory
from shared.casework.persons import store as persons
from shared.casework.warnings.watching import watch
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.orders import ORDER_ENDS, Terms, longest_day, remind_on, why_not
from shared.contract.repetition import Fact
from shared.contract.vocabulary import Agency, OrderKind, Pattern, SubjectRole

router = APIRouter(prefix="/orders", tags=["police"], route_class=TransactionalRoute)


@router.post("", status_code=201, responses=problems(404, 410))
async def issue_order(body: NewOrder, desk: Writer, response: Response, _: OnceKey = None) -> Order:
    """Record an order that was made. Who protects her is told at once, and who treats him if that is required."""
    last_day = body.last_day or longest_day(body.kind, body.from_day)
    if last_day is None:
        raise invalid("say until when it lasts")
    await _check_people(desk, body)
    row = OrderRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        last_day=last_day,
        dependants=[str(one) for one in dict.fromkeys(body.dependants)],
        created_at=desk.now,
        updated_at=desk.now,
        **body.model_dump(include={"kind", "protected_id", "alleged_offender_id", "incident_id", "from_day"}),
    )
    words = store.Words.model_validate(body.model_dump(include=set(store.Words.model_fields)))
    _check_terms(desk, row, words)
    await store.seal(desk.session, row, words)
    desk.session.add(row)
    await desk.session.flush()
    _remind(desk, row)
    await tell_protectors(desk, row)
    await tell_who_treats(desk, row, words)
    await note(desk, Action.RECORDED, row.id, person_id=row.protected_id, what="order")
    response.headers["Location"] = f"/v1/orders/{row.id}"
    return (await _shown(desk, [row]))[0]


async def _check_people(desk: Desk, body: NewOrder) -> None:
    """Problem 404 or 422 for somebody who is not here, or in another role; 410 for somebody who was erased."""
    named = [(body.protected_id, SubjectRole.VICTIM), (body.alleged_offender_id, SubjectRole.ALLEGED_OFFENDER)]
    for person_id, role in (*named, *((one, SubjectRole.DEPENDANT) for one in body.dependants)):
        row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
        person = found(row, "person")
        await persons.known(desk.session, person)
        if person.role != role:
            raise invalid("an order names a person whose record has the role '%(role)s'", role=role.value)
    if body.incident_id is not None:
        mine = {"organisation_id": desk.organisation, "incident_id": body.incident_id}
        found(await incidents.incident(desk.session, **mine), "incident")  # type: ignore[arg-type]  # a literal
    if body.treat_at is not None:
        there = await directory.get(desk.session, organisation_id=body.treat_at)
        if there is None or there.agency != Agency.HEALTH or desk.node.trust.node_of(there.id) is None:
            raise invalid("the network knows no such health organisation")


def _check_terms(desk: Desk, row: OrderRow, words: store.Words) -> None:
    """Problem 422 for an order that the law does not know, or that is over already."""
    terms = Terms(
        kind=OrderKind(row.kind),
        from_day=row.from_day,
        last_day=row.last_day,
        by_court=words.court is not None,
        asks=words.asks,
        reports_a_month=words.reports_a_month,
        home_until=words.home_until,
    )
    why = why_not(terms)
    if why is not None:
        raise invalid(why)
    if row.from_day > local_day(desk.now) or row.last_day < local_day(desk.now):
        raise invalid("an order is recorded while it is in force")
    if words.court is not None and words.court.until < row.last_day:
        raise invalid("it does not outlast the court's decision")


def _remind(desk: Desk, row: OrderRow) -> None:
    soon = remind_on(row.last_day, local_day(desk.now))
    about = {"organisation_id": row.organisation_id, "concerning": row.id, "kind": ORDER_ENDS}
    desk.session.add(day_deadline(desk, **about, due_on=row.last_day, remind_on=soon))  # type: ignore[arg-type]  # a literal


@router.get("")
async def list_orders(desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> paging.Page[Order]:
    """Orders, newest first."""
    rows = await store.orders(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_ORDER, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{order_id}")
async def read_order(order_id: UUID, desk: Reader) -> Order:
    """Read an order: how it stands, when it was broken, who was told."""
    row: OrderRow = found(
        await store.order(desk.session, organisation_id=desk.organisation, order_id=order_id), "order"
    )
    await note(desk, Action.READ_ORDER, row.id, person_id=row.protected_id)
    return (await _shown(desk, [row]))[0]


@router.post("/{order_id}/extend", responses=problems(409))
async def extend_order(order_id: UUID, body: Extension, desk: Writer, _: OnceKey = None) -> Order:
    """Let it last longer: to no more in all than the law allows. Whoever was told of it is told that."""
    row = await _in_force(desk, order_id)
    if body.last_day <= row.last_day:
        raise invalid("an extension is to a later day")
    (words,) = await store.words_of(desk.session, [row])
    words.court = body.court or words.court
    row.last_day = body.last_day
    _check_terms(desk, row, words)
    await store.seal(desk.session, row, words)
    await _move(desk, row)
    _remind(desk, row)
    return (await _shown(desk, [row]))[0]


@router.post("/{order_id}/end", responses=problems(409))
async def end_order(order_id: UUID, body: Ending, desk: Writer, _: OnceKey = None) -> Order:
    """End it before its last day. Whoever was told of it is told that."""
    row = await _in_force(desk, order_id)
    row.ended_at, row.end = desk.now, body.end
    await _move(desk, row)
    return (await _shown(desk, [row]))[0]


async def _in_force(desk: Desk, order_id: UUID) -> OrderRow:
    """The order, locked. Problem 404, or 409 for one that has ended."""
    row: OrderRow = found(
        await store.order(desk.session, organisation_id=desk.organisation, order_id=order_id, lock=True), "order"
    )
    if row.ended_at is not None or row.last_day < local_day(desk.now):
        raise Problem(409, "not-in-force", "this order has ended")
    return row


async def _move(desk: Desk, row: OrderRow) -> None:
    row.version, row.updated_at = row.version + 1, desk.now
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    await tell_change(desk, row)
    await note(desk, Action.CHANGED, row.id, person_id=row.protected_id, what="order")


@router.post("/{order_id}/breaches", status_code=201, responses=problems(404))
async def record_breach(order_id: UUID, body: NewBreach, desk: Writer, _: OnceKey = None) -> Order:
    """Record that it was broken. Those who protect her are told at once, and it is a warning here and there."""
    row: OrderRow = found(
        await store.order(desk.session, organisation_id=desk.organisation, order_id=order_id, lock=True), "order"
    )
    day = local_day(body.breached_at)
    last_day = min(row.last_day, local_day(row.ended_at)) if row.ended_at is not None else row.last_day
    if body.breached_at > desk.now or not row.from_day <= day <= last_day:
        raise invalid("an order is broken while it is in force, and not in the future")
    if body.incident_id is not None:
        mine = {"organisation_id": desk.organisation, "incident_id": body.incident_id}
        found(await incidents.incident(desk.session, **mine), "incident")  # type: ignore[arg-type]  # a literal
    breach = BreachRow(
        id=uuid4(), organisation_id=desk.organisation, order_id=row.id, created_at=desk.now, **body.model_dump()
    )
    desk.session.add(breach)
    await desk.session.flush()
    await tell_breach(desk, row, breach)
    fact = Fact(breach.id, Pattern.ORDERS_BREACHED, breach.breached_at)
    await watch(desk, fact, organisation_id=desk.organisation, person_id=row.protected_id)
    await note(desk, Action.CHANGED, row.id, person_id=row.protected_id, what="order")
    return (await _shown(desk, [row]))[0]


async def _shown(desk: Desk, rows: Sequence[OrderRow]) -> list[Order]:
    mine, ids = desk.organisation, [row.id for row in rows]
    copies = list(await store.copies(desk.session, organisation_id=mine, order_ids=ids))
    broken = list(await store.breaches(desk.session, organisation_id=mine, order_ids=ids))
    words = await store.words_of(desk.session, rows)
    return [shown(row, said, copies, broken, now=desk.now) for row, said in zip(rows, words, strict=True)]
