"""Registers at the desk (F11): who is in one, why, by which law; entered, reviewed, removed. Nothing of it leaves."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer, found
from shared.casework.persons.endpoints import read_person
from shared.casework.registers import endpoints as api
from shared.casework.registers.models import NewEntry, Removal
from shared.contract.calendar import local_day
from shared.contract.registers import BY_STAFF, kept, sources
from shared.contract.vocabulary import RegisterKind
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/registers", route_class=PageRoute)


def _ours(desk: Desk) -> dict[RegisterKind, dict[Any, str]]:
    """The registers that this agency keeps today, each with the reasons for which somebody comes into it."""
    agency, today = desk.node.agency, local_day(desk.now)
    return {kind: sources(agency, kind, today) for kind in RegisterKind if kept(agency, kind, today) is not None}


@router.get("")
async def entries(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All entries, or one register's; the newest first."""
    ours, asked = _ours(desk), query(request).get("kind")
    kind = next((one for one in ours if one == asked), None)
    page = await api.list_entries(desk, kind=kind, cursor=cursor, limit=20)
    return render(request, "registers.html", page=page, kinds=list(ours), kind=kind)


@router.get("/enter")
async def ask(request: Request, desk: Writer) -> Response:
    """A form for each register, about the person whose page led here."""
    person = await read_person(found(person_in(query(request)), "person"), desk, Response())
    return render(request, "register_form.html", person=person, ours=_ours(desk), today=local_day(desk.now))


@router.post("")
async def enter(request: Request, desk: Writer) -> Response:
    """Enter somebody."""
    return _to((await api.enter(NewEntry.model_validate(await form(request)), desk, Response())).id)


@router.get("/{entry_id}")
async def entry(request: Request, entry_id: UUID, desk: Reader) -> Response:
    """One entry: why, since when, and who else had the person at a comparison."""
    shown = await api.read_entry(entry_id, desk)
    names, because = await names_of(desk, request), sorted(BY_STAFF)
    return render(request, "register_entry.html", entry=shown, names=names, because=because)


@router.post("/{entry_id}/review")
async def review(request: Request, entry_id: UUID, desk: Writer) -> Response:
    """It was looked at, and still stands."""
    await api.review_entry(entry_id, desk)
    return _to(entry_id)


@router.post("/{entry_id}/remove")
async def remove(request: Request, entry_id: UUID, desk: Writer) -> Response:
    """Take somebody out of it."""
    await api.remove_entry(entry_id, Removal.model_validate(await form(request)), desk)
    return _to(entry_id)


def _to(entry_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/registers/{entry_id}", status_code=303)
