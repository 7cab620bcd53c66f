"""The development issuer: an OIDC provider that lets anybody be anybody. For trying things out on one machine only.

It speaks the code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636), as an agency's own provider does.
"""

import base64
import hashlib
import html
import secrets
import time
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from deploy.enrol import ISSUER, Enrolment
from shared.adapters.identity import ROLES
from shared.adapters.settings import LOOPBACK
from shared.casework.directory.hosted import read_file
from shared.contract.vocabulary import Agency

CODE_SECONDS = 60
MOST_CODES = 1000
NOT_HERE = HTMLResponse("this issuer sends nobody off this machine", status_code=400)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Development issuer</title>
<meta name="viewport" content="width=device-width"><h1>Who are you today?</h1>
<p>This is the development issuer: anybody can be anybody. It is never used with real cases.</p>
<form method="post"><label>Organisation <select name="organisation">{organisations}</select></label>
<label>Role <select name="role">{roles}</select></label><button>Sign in</button></form></html>"""


@dataclass(frozen=True)
class Asked:
    """What a code is worth, once, for a minute."""

    client: str
    returns_to: str
    nonce: str
    challenge: str
    organisation: str
    role: str
    at: float


router = APIRouter()


def create_issuer(enrolment: Enrolment) -> FastAPI:
    """The issuer of a network's folder."""
    app = FastAPI(openapi_url=None)
    app.state.enrolment, app.state.codes = enrolment, dict[str, Asked]()
    app.include_router(router)
    return app


@router.get("/.well-known/openid-configuration")
async def configuration(request: Request) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0."""
    base = str(request.base_url).rstrip("/")
    return {
        "issuer": ISSUER,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["Ed25519"],
        "code_challenge_methods_supported": ["S256"],
    }


@router.get("/jwks")
async def keys(request: Request) -> Response:
    """The issuer's public keys."""
    return Response(request.app.state.enrolment.jwks.read_bytes(), media_type="application/jwk-set+json")


@router.get("/authorize")
async def who(request: Request, redirect_uri: str) -> Response:
    """Ask who they want to be."""
    return HTMLResponse(_page(request.app.state.enrolment)) if _on_this_machine(redirect_uri) else NOT_HERE


@router.post("/authorize")
async def let_in(request: Request, organisation: Annotated[str, Form()], role: Annotated[str, Form()]) -> Response:
    """Back to who asked, with a code."""
    asked, codes = request.query_params, request.app.state.codes
    if not _on_this_machine(asked["redirect_uri"]):
        return NOT_HERE
    code = secrets.token_urlsafe(24)
    if len(codes) >= MOST_CODES:
        codes.clear()
    codes[code] = Asked(
        client=asked["client_id"],
        returns_to=asked["redirect_uri"],
        nonce=asked.get("nonce", ""),
        challenge=asked["code_challenge"],
        organisation=organisation,
        role=role,
        at=time.monotonic(),
    )
    answer = urlencode({"code": code, "state": asked.get("state", "")})
    return RedirectResponse(f"{asked['redirect_uri']}?{answer}", status_code=303)


@router.post("/token")
async def exchange(
    request: Request,
    code: Annotated[str, Form()],
    redirect_uri: Annotated[str, Form()],
    client_id: Annotated[str, Form()],
    code_verifier: Annotated[str, Form()],
) -> Response:
    """Two tokens for a code: once, within a minute, to who asked for it."""
    asked = request.app.state.codes.pop(code, None)
    if asked is None or not _fits(asked, client_id, redirect_uri, code_verifier):
        return JSONResponse({"error": "invalid_grant"}, status_code=400)
    return JSONResponse(_tokens(request.app.state.enrolment, asked))


def _on_this_machine(returns_to: str) -> bool:
    return urlsplit(returns_to).hostname in LOOPBACK


def _page(enrolment: Enrolment) -> str:
    found = [one for agency in Agency for one in read_file(enrolment.organisations(agency))]
    options = "".join(
        f'<option value="{html.escape(one.id)}">{html.escape(one.name_en)} ({one.agency.value})</option>'
        for one in found
    )
    roles = "".join(f'<option value="{role}">{role}</option>' for role in ROLES)
    return PAGE.format(organisations=options, roles=roles)


def _fits(asked: Asked, client: str, returns_to: str, verifier: str) -> bool:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    fresh = time.monotonic() - asked.at < CODE_SECONDS
    return fresh and (asked.client, asked.returns_to, asked.challenge) == (client, returns_to, challenge)


def _tokens(enrolment: Enrolment, asked: Asked) -> dict[str, Any]:
    access = enrolment.token(organisation=asked.organisation, roles=[asked.role])
    name = f"{asked.role}, {asked.organisation}"
    who = enrolment.id_token(organisation=asked.organisation, audience=asked.client, nonce=asked.nonce, name=name)
    return {"access_token": access, "id_token": who, "token_type": "Bearer", "expires_in": 3600}
