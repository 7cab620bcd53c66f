"""What a supervisor looks after: the organisation, its units, who may do what, what was set aside, and the network."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import col, func, select

from shared.adapters.database import WHOLE_NODE
from shared.adapters.http import Desk, Reviewer, found
from shared.adapters.identity import ROLES
from shared.adapters.quarantine import kept
from shared.adapters.replay import replay
from shared.adapters.tables import Quarantined
from shared.casework.directory import store as directory
from shared.casework.directory.places import places
from shared.casework.directory.tables import OrganisationRow
from shared.casework.inbox import inbox_of
from shared.casework.units import endpoints as units
from shared.contract.vocabulary import Agency
from shared.desk.pages import PageRoute, render
from shared.desk.sessions import PATH, idle_since
from shared.desk.tables import DeskSession

router = APIRouter(prefix="/administration", route_class=PageRoute)
COMMANDS = {"units": "qorgau import units", "aside": "qorgau exchange quarantine"}  # of whoever runs the service
AT_ONCE = 100  # messages given in again by one touch
COUNTS_BEDS = frozenset({Agency.SHELTER, Agency.HEALTH})


@router.get("")
async def administration(request: Request, desk: Reviewer) -> Response:
    """As the directory, the trust list and this service have it. Changed by whoever runs the service."""
    ours: OrganisationRow = found(await directory.get(desk.session, organisation_id=desk.organisation), "organisation")
    counts = desk.node.agency in COUNTS_BEDS
    trust = desk.node.trust
    return render(
        request,
        "administration.html",
        ours=ours,
        place=places().get(ours.kato),
        units=(await units.list_units(desk)).items if counts else None,
        roles=ROLES,
        signed_in=await _signed_in(request, desk),
        aside=await _set_aside(request),
        trust=trust,
        commands=COMMANDS,
        keys=[one for use in ("sign", "encrypt") for one in trust.keys(desk.node.name, use)[:1]],
        bound_by=[one for one in desk.node.agreements if one.binds(desk.organisation, desk.now)],
    )


@router.post("/again")
async def again(request: Request, desk: Reviewer) -> Response:
    """Give the oldest of what was set aside to the inbox again: every check is made again, and one at a time."""
    state = request.app.state
    inbox = inbox_of(state.parts, database=state.database, node=state.node, clock=state.clock)
    async with state.database.transaction(organisation=WHOLE_NODE) as session:
        waiting = [row.id for row in (await kept(session))[:AT_ONCE]]
    for one in waiting:
        await replay(inbox, one, who=desk.actor)
    return RedirectResponse(f"{PATH}/administration#aside", status_code=303)


async def _signed_in(request: Request, desk: Desk) -> int:
    """How many sessions of this organisation's desk go on now."""
    going = select(func.count()).where(
        DeskSession.organisation_id == desk.organisation,
        col(DeskSession.ends_at) > desk.now,
        col(DeskSession.seen_at) > idle_since(request.app.state.settings, desk.now),
    )
    return (await desk.session.exec(going)).one()


async def _set_aside(request: Request) -> list[tuple[str, str, int, datetime]]:
    """(from which node, why, how many, since when): nobody knows whose they are, so all of this service's are shown."""
    async with request.app.state.database.transaction(organisation=WHOLE_NODE) as session:
        rows = await kept(session)
    grouped: dict[tuple[str, str], list[Quarantined]] = {}
    for row in rows:
        grouped.setdefault((_sender(row), row.reason), []).append(row)
    return [(*key, len(some), min(one.received_at for one in some)) for key, some in sorted(grouped.items())]


def _sender(row: Quarantined) -> str:
    """The node under whose name it came, as far as the network knows it."""
    return (row.source_subject.split(".") + ["?"] * 3)[2]
