"""Signing in at an OIDC provider: the code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636).

The browser is sent to the provider and comes back with a code, which is exchanged for two tokens: one that says who
signed in here and just now, and the access token that says of which organisation they are and what they may do.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog

from shared.adapters.claims import Claims
from shared.adapters.discovery import RETRY, TIMEOUT_SECONDS
from shared.adapters.identity import Identity
from shared.adapters.settings import Settings
from shared.contract.errors import Problem

log = structlog.get_logger()


@dataclass(frozen=True)
class Attempt:
    """What one attempt to sign in is bound to; kept by the browser that made it until it comes back."""

    state: str
    nonce: str
    verifier: str
    back_to: str

    @classmethod
    def new(cls, back_to: str) -> "Attempt":
        """An attempt that nobody can guess."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), back_to)

    @property
    def challenge(self) -> str:
        """The verifier's S256 challenge (RFC 7636, 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Provider:
    """The issuer as the desk's way in."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        self.settings, self.identity = settings, identity

    async def address(self, attempt: Attempt, *, returns_to: str, anew: bool) -> str:
        """Where to send the browser. `anew`: they have to prove who they are, even if the provider knows them.

        Raises Problem 503 where the provider can't be reached or none is set.
        """
        asked = {
            "response_type": "code",
            "client_id": self.settings.oidc_client_id,
            "redirect_uri": returns_to,
            "scope": self.settings.oidc_scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
            **self._resource,
        }
        if anew:
            asked["prompt"] = "login"
        where = _found((await self.identity.issuer.configuration()).authorization_endpoint)
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    async def claims(self, attempt: Attempt, code: str, *, returns_to: str) -> Claims:
        """What the access token says that this code is worth. Raises Problem 401 or 503."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": returns_to,
            "client_id": self.settings.oidc_client_id,
            "code_verifier": attempt.verifier,
            **self._resource,
        }
        if self.settings.oidc_client_secret_file is not None:
            sent["client_secret"] = self.settings.oidc_client_secret_file.read_text().strip()
        where = _found((await self.identity.issuer.configuration()).token_endpoint)
        tokens = await self._post(where, sent)
        who = await self.identity.claims(str(tokens.get("id_token")), audience=self.settings.oidc_client_id)
        if not secrets.compare_digest(str(who.get("nonce")), attempt.nonce):
            raise Problem(401, "unauthorised", "the provider answered another attempt to sign in")
        may = await self.identity.claims(str(tokens.get("access_token")), audience=self.settings.oidc_audience)
        if may.get("sub") != who.get("sub"):
            raise Problem(401, "unauthorised", "the provider's two tokens tell of two people")
        return may | {"name": who.get("name")}

    @property
    def _resource(self) -> dict[str, str]:
        """The API that the access token is for, at a provider that has to be told (RFC 8707)."""
        return {"resource": self.settings.oidc_resource} if self.settings.oidc_resource else {}

    async def _post(self, where: str, sent: dict[str, str]) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                answer = await client.post(where, data=sent)
                if answer.status_code in (400, 401):
                    raise Problem(401, "unauthorised", "the provider does not take this code")
                found = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("oidc.unreachable", error=type(error).__name__)
            raise Problem(503, "no-sign-in", "the provider can't be reached; try again", headers=RETRY) from None
        if not isinstance(found, dict):
            raise Problem(503, "no-sign-in", "the provider's answer can't be read", headers=RETRY)
        return found


def _found(where: str | None) -> str:
    if where is None:
        raise Problem(503, "no-sign-in", "the provider says of no place where people sign in")
    return where
