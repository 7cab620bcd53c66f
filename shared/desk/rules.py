"""The rules at the desk: what may be told to whom, on which basis, by which article, and why."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter, Request, Response

from shared.adapters.http import Desk, Reader
from shared.casework.disclosures import words
from shared.contract.policy import FORBIDS, PERMITS, Forbid, Permit
from shared.contract.vocabulary import Agency, Basis, EventType
from shared.desk.pages import PageRoute, query, render

router = APIRouter(prefix="/rules", route_class=PageRoute)
Code = TypeVar("Code", bound=StrEnum)
Row = TypeVar("Row", Permit, Forbid)


@router.get("")
async def rules(request: Request, desk: Reader) -> Response:
    """The rows that are valid today and speak of what was asked: all that this agency tells, where nothing was."""
    said = query(request)
    to, basis = code(Agency, said.get("to")), code(Basis, said.get("basis"))
    event = code(EventType, said.get("event"))
    return render(
        request,
        "rules.html",
        opens=chosen(PERMITS, desk, event, to, basis),
        takes=chosen(FORBIDS, desk, event, to, basis),
        words=words,
        said={"event": event, "to": to, "basis": basis},
        events=sorted({one for row in chosen(PERMITS, desk, None, None, None) for one in row.events}),
        agencies=list(Agency),
        bases=list(Basis),
    )


def code(kind: type[Code], said: str | None) -> Code | None:
    """The code that is said; None where it is none."""
    return kind(said) if said in set(kind) else None


def chosen(
    rows: Sequence[Row], desk: Desk, event: EventType | None, to: Agency | None, basis: Basis | None
) -> list[Row]:
    """The rows of today by which this agency tells what was asked, to whom, on which basis; None: any."""
    return [
        row
        for row in rows
        if desk.node.agency in row.senders
        and row.valid_from <= desk.now
        and (row.valid_until is None or desk.now < row.valid_until)
        and (event is None or event in row.events)
        and (to is None or to in row.recipients)
        and (basis is None or basis in row.bases)
    ]
