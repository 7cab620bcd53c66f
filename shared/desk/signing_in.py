"""Sign in, sign out, lock, leave quickly, and choose a language."""

import hmac
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import not_found
from shared.adapters.oidc import Attempt, Provider
from shared.contract.errors import Problem
from shared.desk import language, sessions
from shared.desk.menu import first_page
from shared.desk.pages import OpenRoute, PageRoute, inside, query, render
from shared.desk.sessions import PATH

ATTEMPT = "qorgau-sign-in"
ATTEMPT_SECONDS = 600
YEAR = 365 * 86400
open_ = APIRouter(route_class=OpenRoute)
router = APIRouter(route_class=PageRoute)


@open_.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """Send the browser to the provider, bound to this attempt. `?again=1`: after a lock, they prove who they are."""
    asked = query(request)
    attempt = Attempt.new(inside(asked.get("back_to", PATH)))
    where = await _provider(request).address(attempt, returns_to=_returns_to(request), anew="again" in asked)
    response = RedirectResponse(where, status_code=303)
    said = ".".join((attempt.state, attempt.nonce, attempt.verifier, quote(attempt.back_to, safe="")))
    response.set_cookie(
        ATTEMPT,
        said,
        path=PATH,
        max_age=ATTEMPT_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


@open_.get("/signed-in")
async def signed_in(request: Request) -> Response:
    """The browser is back from the provider. Only the one that made the attempt gets a session, always a new one."""
    answered, attempt = query(request), _attempt(request)
    if attempt is None or not hmac.compare_digest(answered.get("state", ""), attempt.state):
        raise Problem(401, "unauthorised", "this is not the answer to an attempt of this browser; sign in again")
    if "code" not in answered:
        raise Problem(401, "unauthorised", "the provider let nobody in")
    claims = await _provider(request).claims(attempt, answered["code"], returns_to=_returns_to(request))
    state = request.app.state
    key = await sessions.begin(state, claims)
    begins = first_page(state.parts.agency, state.identity.whose(claims).permissions)
    where = begins if attempt.back_to == PATH else attempt.back_to
    response = RedirectResponse(where, status_code=303)
    sessions.hand_over(response, request, key)
    response.delete_cookie(ATTEMPT, path=PATH)
    return response


def _attempt(request: Request) -> Attempt | None:
    parts = request.cookies.get(ATTEMPT, "").split(".")
    return Attempt(parts[0], parts[1], parts[2], inside(unquote(".".join(parts[3:])))) if len(parts) > 3 else None


def _provider(request: Request) -> Provider:
    found: Provider = request.app.state.provider
    return found


def _returns_to(request: Request) -> str:
    """The address that the provider sends the browser back to: as configured, or this host's own."""
    base = request.app.state.settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}{PATH}/signed-in"


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    await sessions.end(request, request.state.signed.key)
    response = RedirectResponse(f"{PATH}/signed-out", status_code=303)
    sessions.forget(response)
    return response


@router.post("/lock")
async def lock(request: Request) -> Response:
    """Leave a shared computer for a moment: whoever comes back proves who they are."""
    await sessions.end(request, request.state.signed.key)
    response = RedirectResponse(f"{PATH}/locked", status_code=303)
    sessions.forget(response)
    return response


@router.post("/leave")
async def leave_quickly(request: Request) -> Response:
    """Somebody comes who must not see this: end the session and show something harmless."""
    await sessions.end(request, request.state.signed.key)
    response = render(request, "left.html", to=request.app.state.settings.desk_leave_to)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    sessions.forget(response)
    return response


@open_.get("/signed-out")
async def signed_out(request: Request) -> Response:
    """Nobody is signed in any more."""
    return render(request, "signed_out.html", locked=False)


@open_.get("/locked")
async def locked(request: Request) -> Response:
    """The desk is locked."""
    return render(request, "signed_out.html", locked=True)


@open_.get("/language/{chosen}")
async def choose_language(chosen: str, request: Request) -> Response:
    """Show the desk in another language, and go on where one was."""
    if chosen not in language.LANGUAGES:
        raise not_found("language")
    response = RedirectResponse(inside(query(request).get("back_to", PATH)), status_code=303)
    response.set_cookie(language.COOKIE, chosen, path=PATH, max_age=YEAR, httponly=True, samesite="lax")
    return response
