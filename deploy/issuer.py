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

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from deploy.enrol import ISSUER, Enrolment
from shared.adapters.identity import ROLES
from shared.adapters.settings import LOOPBACK
from shared.casework.directory.store import HostedOrganisation, read_file
from shared.contract.vocabulary import Agency

CODE_SECONDS = 60
MOST_CODES = 1000
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


def create_issuer(enrolment: Enrolment) -> FastAPI:
    """The issuer of a network's folder."""
    app = FastAPI(openapi_url=None)
    codes: dict[str, Asked] = {}

    @app.get("/.well-known/openid-configuration")
    async def configuration(request: Request) -> dict[str, Any]:
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

    @app.get("/jwks")
    async def keys() -> Response:
        return Response(enrolment.jwks.read_bytes(), media_type="application/jwk-set+json")

    @app.get("/authorize")
    async def who(redirect_uri: str) -> Response:
        if urlsplit(redirect_uri).hostname not in LOOPBACK:
            return HTMLResponse("this issuer sends nobody off this machine", status_code=400)
        return HTMLResponse(_page(redirect_uri, enrolment))

    @app.post("/authorize")
    async def let_in(request: Request, organisation: Annotated[str, Form()], role: Annotated[str, Form()]) -> Response:
        asked = request.query_params
        if urlsplit(asked["redirect_uri"]).hostname not in LOOPBACK:
            return HTMLResponse("this issuer sends nobody off this machine", status_code=400)
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

    @app.post("/token")
    async def exchange(
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        client_id: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
    ) -> Response:
        asked = codes.pop(code, None)
        if asked is None or not _fits(asked, client_id, redirect_uri, code_verifier):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(_tokens(enrolment, asked))

    return app


def _page(returns_to: str, enrolment: Enrolment) -> str:
    """Organisations of all four services; the first one shown is of the service that asks, if the port tells."""
    found = [one for agency in Agency for one in _hosted(enrolment, agency)]
    options = "".join(
        f'<option value="{html.escape(one.id)}">{html.escape(one.name_en)} ({one.agency.value})</option>'
        for one in found
    )
    roles = "".join(f'<option value="{role}">{role}</option>' for role in ROLES)
    return PAGE.format(organisations=options, roles=roles)


def _hosted(enrolment: Enrolment, agency: Agency) -> list[HostedOrganisation]:
    return read_file(enrolment.organisations(agency))


def _fits(asked: Asked, client: str, returns_to: str, verifier: str) -> bool:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    fresh = time.monotonic() - asked.at < CODE_SECONDS
    return fresh and (asked.client, asked.returns_to, asked.challenge) == (client, returns_to, challenge)


def _tokens(enrolment: Enrolment, asked: Asked) -> dict[str, Any]:
    access = enrolment.token(organisation=asked.organisation, roles=[asked.role])
    name = f"{asked.role}, {asked.organisation}"
    who = enrolment.id_token(organisation=asked.organisation, audience=asked.client, nonce=asked.nonce, name=name)
    return {"access_token": access, "id_token": who, "token_type": "Bearer", "expires_in": 3600}
