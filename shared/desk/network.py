"""The network at the desk: who was heard of when, and what of ours waits to be sent to them."""

from fastapi import APIRouter, Request, Response

from shared.adapters.http import Reader
from shared.casework.network.standing import standings
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, render

router = APIRouter(prefix="/network", route_class=PageRoute)


@router.get("")
async def network(request: Request, desk: Reader) -> Response:
    """Each other service with its organisations; what waits is this organisation's own."""
    names = await names_of(desk, request)
    speaks: dict[str, list[str]] = {}
    for organisation, node in desk.node.trust.organisations().items():
        if organisation in names:
            speaks.setdefault(node, []).append(names[organisation])
    return render(
        request,
        "network.html",
        standings=await standings(desk.session, desk.node),
        speaks=speaks,
        connected=request.app.state.broker.is_connected,
    )
