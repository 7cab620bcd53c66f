"""What every page has in common: somebody who is signed in, one transaction, a form key, faults told as a page."""

import gzip
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from shared.adapters.audit import keep_refusals
from shared.adapters.http import Desk, invalid, not_found, problem_of
from shared.adapters.identity import Permission
from shared.contract.errors import Problem
from shared.desk import language, reasons, sessions
from shared.desk.language import LANGUAGES, Language
from shared.desk.menu import menu_of
from shared.desk.templating import environment

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"}
COMPRESSED = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
FORM_KEY = "form_key"


Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class OpenRoute(APIRoute):
    """A page for whoever asks: signing in, and what needs nobody's rows."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        super().__init__(path, endpoint, **{**settings, "include_in_schema": False, "response_class": HTMLResponse})

    def get_route_handler(self) -> Handle:
        """The handler, with a page for what goes wrong."""
        return _with_a_page_for_faults(super().get_route_handler())


class PageRoute(APIRoute):
    """A route that answers with a page: the transaction is committed before it leaves, as with the REST calls."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        super().__init__(path, endpoint, **{**settings, "include_in_schema": False, "response_class": HTMLResponse})

    def get_route_handler(self) -> Handle:
        """The handler, inside sign-in, form key, transaction and the page for what goes wrong."""
        handle = super().get_route_handler()

        async def handle_in_transaction(request: Request) -> Response:
            return await _in_transaction(request, handle)

        return _with_a_page_for_faults(handle_in_transaction)


def _with_a_page_for_faults(handle: Handle) -> Handle:
    async def handle_page(request: Request) -> Response:
        try:
            return await handle(request)
        except (Problem, RequestValidationError, ValidationError, SQLAlchemyError, OSError) as error:
            problem, faults = problem_of(error), list(reasons.faults(error))
            return render(request, "problem.html", status=problem.status, problem=problem, faults=faults)

    return handle_page


async def _in_transaction(request: Request, handle: Handle) -> Response:
    signed = await sessions.find(request)
    if signed is None:
        return to_sign_in(request)
    request.state.signed = signed
    request.state.mark = request.app.state.database.changed.mark  # of before the page was read
    if request.method != "GET":
        await check_form_key(request, signed)
    state = request.app.state
    try:
        async with state.database.transaction(
            organisation=signed.caller.organisation,
            actor=signed.caller.subject,
            chief=Permission.REVIEW in signed.caller.permissions,
        ) as session:
            request.state.desk = Desk(session, state.node, state.clock(), signed.caller)
            return await handle(request)
    except Problem:
        await keep_refusals(state.database, session)
        raise


async def check_form_key(request: Request, signed: sessions.Signed) -> None:
    """Problem 403 for a form that no page of this session showed: another site's, or an old one's."""
    said = str((await request.form()).get(FORM_KEY) or request.headers.get("x-form-key") or "")
    if not signed.knows(said):
        raise Problem(403, "stale-form", "this form is of an earlier session; load the page again")


def to_sign_in(request: Request) -> Response:
    """Sign in first, and come back here. Where a session has ended, they prove anew who they are."""
    back = request.url.path if request.method == "GET" else sessions.PATH
    again = "&again=1" if request.cookies.get(sessions.COOKIE) else ""
    return RedirectResponse(f"{sessions.PATH}/sign-in?back_to={quote(back)}{again}", status_code=303)


def inside(path: str) -> str:
    """The path, if it is one of the desk's own; else the desk's first page."""
    parts = urlsplit(path)
    own = not parts.scheme and not parts.netloc and (path == sessions.PATH or path.startswith(f"{sessions.PATH}/"))
    return path if own and "\\" not in path else sessions.PATH


async def form(request: Request) -> dict[str, Any]:
    """What a form says, as JSON would: fields left empty are left out.

    `name[]` is a list, `one.other` a member of an object, `name:number` a number, `name:flag` true where it is ticked,
    `name:either` true where it says yes and false where no, `name:moment` a time on the clocks of Kazakhstan.
    """
    found: dict[str, Any] = {}
    for name, value in (await request.form()).multi_items():
        if name == FORM_KEY or not isinstance(value, str) or not value.strip():
            continue
        try:
            _put(found, name, value)
        except (AttributeError, TypeError):
            raise invalid("a field is one value, or a list, or has parts") from None
    return found


def _put(found: dict[str, Any], name: str, value: str) -> None:
    path, _, kind = name.partition(":")
    *outer, last = path.removesuffix("[]").split(".")
    for one in outer:
        found = found.setdefault(one, {})
    if path.endswith("[]"):
        found.setdefault(last, []).append(value)
    else:
        found[last] = _typed(value.strip(), kind)


def _typed(value: str, kind: str) -> object:
    """The value as its kind says; as it is where it is none, for the call to refuse."""
    if kind == "number" and value.isascii() and value.isdigit():
        return int(value)
    if kind == "flag":
        return True
    if kind == "either":
        return {"yes": True, "no": False}.get(value, value)
    if kind == "moment":
        with suppress(ValueError):
            return datetime.fromisoformat(value).replace(tzinfo=language.ZONE).isoformat()
    return value


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the reader's language."""
    speaks = language.of_request(request)
    page = environment(speaks, request.app.state.parts.templates).get_template(template)
    written = page.render(**_common(request, speaks), **values).encode()
    body, said_so = squeezed(request, written)
    return HTMLResponse(body, status_code=status, headers=HEADERS | said_so)


def squeezed(request: Request, written: bytes) -> tuple[bytes, dict[str, str]]:
    """What travels, as short as the browser can take it, and the headers that say so."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return written, {}
    return gzip.compress(written, 6, mtime=0), COMPRESSED


def _common(request: Request, speaks: Language) -> dict[str, Any]:
    signed: sessions.Signed | None = getattr(request.state, "signed", None)
    now: datetime = request.app.state.clock()
    return {
        "agency": request.app.state.parts.agency,
        "signed": signed,
        "menu": menu_of(request.app.state.parts.agency, signed.caller.permissions) if signed else (),
        "may": {one.value: signed is not None and one in signed.caller.permissions for one in Permission},
        "here": request.url.path,
        "mark": getattr(request.state, "mark", ""),
        "language": speaks,
        "languages": LANGUAGES,
        "now": now,
        "how_long": lambda at: language.how_long(at, now, speaks),
    }


def person_in(said: Mapping[str, Any], name: str = "person") -> UUID | None:
    """Whose page led here. Problem 404 for what is nobody's id."""
    try:
        return UUID(said[name]) if said.get(name) else None
    except (ValueError, TypeError, AttributeError):
        raise not_found("person") from None


def query(request: Request) -> dict[str, str]:
    """The query of a page's address."""
    return dict(parse_qsl(request.url.query))
