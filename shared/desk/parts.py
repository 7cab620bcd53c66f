"""The desk as literal tables: which pages every agency has, and the files that they load."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from shared.adapters.http import not_found
from shared.desk import (
    administration,
    agreements,
    assessments,
    beds,
    conversations,
    emergencies,
    explaining,
    inquiries,
    live,
    network,
    persons,
    refer,
    referrals,
    reports,
    rules,
    signing_in,
    statistics,
    today,
    warnings,
)
from shared.desk import (
    files as case_files,
)
from shared.desk.pages import OpenRoute, squeezed

files = APIRouter(route_class=OpenRoute)
STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
KEPT = {"Cache-Control": "public, max-age=86400"}


@files.get("/static/{name}")
async def static(request: Request, name: str) -> Response:
    """A style, a script or a picture: one of those that lie in `static`."""
    found = {path.name: path for path in STATIC.iterdir()}.get(name)
    if found is None:
        raise not_found("file")
    body, said_so = squeezed(request, found.read_bytes())
    return Response(body, media_type=TYPES[found.suffix], headers=KEPT | said_so)


PAGES = (
    files,
    signing_in.open_,
    signing_in.router,
    live.router,
    today.router,
    persons.router,
    case_files.router,
    refer.router,
    referrals.router,
    beds.router,
    reports.reading,
    administration.router,
    agreements.router,
    emergencies.router,
    assessments.reading,
    warnings.reading,
    conversations.router,
    inquiries.router,
    network.router,
    statistics.router,
    rules.router,
    explaining.router,
)
