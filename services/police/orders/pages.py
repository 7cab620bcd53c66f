"""Orders that protect somebody, at the police's desk: made, extended, ended; breaches recorded; who was told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.police.orders import endpoints as api
from services.police.orders.models import Ending, Extension, NewBreach, NewOrder
from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer, found
from shared.casework.directory.endpoints import list_organisations
from shared.casework.persons.endpoints import read_person, search_persons
from shared.casework.persons.models import Person, Search
from shared.contract.calendar import local_day
from shared.contract.orders import longest_day
from shared.contract.vocabulary import Agency, OrderEnd, OrderKind, OrderRequirement, SubjectRole
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/orders", route_class=PageRoute)
# What every order asks, if nothing else is said; what more one may ask, and of which kind, its own rules say.
USUAL = (OrderRequirement.NO_VIOLENCE, OrderRequirement.NO_CONTACT)
ENDINGS = (OrderEnd.LIFTED, OrderEnd.REPLACED)


@router.get("")
async def orders(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All orders, the newest first."""
    page = await api.list_orders(desk, cursor=cursor, limit=20)
    return render(request, "orders.html", page=page, today=local_day(desk.now))


@router.get("/against")
async def against(request: Request, desk: Writer) -> Response:
    """An order protects somebody, whose page led here; against whom, is looked for."""
    protected = await _protected(desk, query(request), "person")
    return render(request, "order_form.html", protected=protected, found=None)


@router.post("/against")
async def look_for(request: Request, desk: Writer) -> Response:
    """The alleged offenders of that name who are recorded here, and what the order asks of one of them."""
    said = await form(request)
    protected = await _protected(desk, said, "protected_id")
    said.pop("protected_id")
    known = await search_persons(Search.model_validate(said), desk)
    today = local_day(desk.now)
    return render(
        request,
        "order_form.html",
        protected=protected,
        found=[one for one in known.items if one.role is SubjectRole.ALLEGED_OFFENDER],
        today=today,
        last_day=longest_day(OrderKind.PROTECTIVE, today),
        kinds=list(OrderKind),
        asks=list(OrderRequirement),
        usual=USUAL,
        clinics=(await list_organisations(desk, agency=Agency.HEALTH)).items,
        names=await names_of(desk, request),
    )


async def _protected(desk: Desk, said: Mapping[str, Any], name: str) -> Person:
    whom = person_in(said, name)
    return await read_person(found(whom, "person"), desk, Response())


@router.post("")
async def issue(request: Request, desk: Writer) -> Response:
    """Record it: who protects her is told at once."""
    body = NewOrder.model_validate(await form(request))
    return _to((await api.issue_order(body, desk, Response())).id)


@router.get("/{order_id}")
async def order(request: Request, order_id: UUID, desk: Reader) -> Response:
    """One order as it stands, its breaches, and who was told of it."""
    shown = await api.read_order(order_id, desk)
    names = await names_of(desk, request)
    return render(request, "order.html", order=shown, names=names, endings=ENDINGS, today=local_day(desk.now))


@router.post("/{order_id}/extend")
async def extend(request: Request, order_id: UUID, desk: Writer) -> Response:
    """Let it last longer."""
    await api.extend_order(order_id, Extension.model_validate(await form(request)), desk)
    return _to(order_id)


@router.post("/{order_id}/end")
async def end(request: Request, order_id: UUID, desk: Writer) -> Response:
    """End it before its last day."""
    await api.end_order(order_id, Ending.model_validate(await form(request)), desk)
    return _to(order_id)


@router.post("/{order_id}/breaches")
async def breach(request: Request, order_id: UUID, desk: Writer) -> Response:
    """Record that it was broken."""
    await api.record_breach(order_id, NewBreach.model_validate(await form(request)), desk)
    return _to(order_id)


def _to(order_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/orders/{order_id}", status_code=303)
