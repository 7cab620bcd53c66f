"""Our own beds at the desk: a count is changed by touching + or −, and taken back by touching the other."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import BedCounter, Reader, found
from shared.casework.units import endpoints as api
from shared.casework.units.counting import Count
from shared.contract.vocabulary import BedKind
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/our-beds", route_class=PageRoute)


@router.get("")
async def ours(request: Request, desk: Reader) -> Response:
    """Our units with what is free now."""
    return render(request, "our_beds.html", units=(await api.list_units(desk)).items, kinds=list(BedKind))


@router.post("/{unit}/{step}")
async def change(request: Request, unit: api.UnitName, step: int, desk: BedCounter) -> Response:
    """One more place taken, or one fewer."""
    now = {one.unit: one for one in (await api.list_units(desk)).items}
    one = found(now.get(unit), "unit")
    occupied = max(0, min(one.capacity, one.occupied + (1 if step > 0 else -1)))
    count = Count.model_validate({"for": one.kind, "capacity": one.capacity, "occupied": occupied})
    await api.count_beds(unit, count, desk, Response(), "*")
    return RedirectResponse(f"{PATH}/our-beds", status_code=303)


@router.post("")
async def add(request: Request, desk: BedCounter) -> Response:
    """A unit that was not counted before, or a new count of one."""
    said = await form(request)
    name = said.pop("unit", "")
    known = {one.unit for one in (await api.list_units(desk)).items}
    await api.count_beds(name, Count.model_validate(said), desk, Response(), "*" if name in known else None)
    return RedirectResponse(f"{PATH}/our-beds", status_code=303)
