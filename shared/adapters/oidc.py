"""Signing in at an OIDC provider: the code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636).

The browser is sent to the provider and comes back with a code, which is exchanged for two tokens: one that says who
signed in here and just now, and the access token that says of which organisation they are and what they may do.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog

from shared.adapters.identity import RETRY, Claims, Identity
from shared.adapters.settings import Settings
from shared.contract.errors import Problem

log = structlog.get_logger()
SCOPE = "openid profile"
CONFIGURATION_LIVES = 300.0


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
        self._known: dict[str, Any] = {}
        self._asked = -CONFIGURATION_LIVES

    async def address(self, attempt: Attempt, *, returns_to: str, anew: bool) -> str:
        """Where to send the browser. `anew`: they have to prove who they are, even if the provider knows them.

        Raises Problem 503 where the provider can't be reached or none is set.
        """
        asked = {
            "response_type": "code",
            "client_id": self.settings.oidc_client_id,
            "redirect_uri": returns_to,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        if anew:
            asked["prompt"] = "login"
        where = str((await self._configuration())["authorization_endpoint"])
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    async def claims(self, attempt: Attempt, code: str, *, returns_to: str) -> Claims:
        """What the access token says that this code is worth. Raises Problem 401 or 503."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": returns_to,
            "client_id": self.settings.oidc_client_id,
            "code_verifier": attempt.verifier,
        }
        if self.settings.oidc_client_secret_file is not None:
            sent["client_secret"] = self.settings.oidc_client_secret_file.read_text().strip()
        tokens = await self._fetch("POST", str((await self._configuration())["token_endpoint"]), data=sent)
        who = await self.identity.claims(str(tokens.get("id_token")), audience=self.settings.oidc_client_id)
        if not secrets.compare_digest(str(who.get("nonce")), attempt.nonce):
            raise Problem(401, "unauthorised", "the provider answered another attempt to sign in")
        may = await self.identity.claims(str(tokens.get("access_token")), audience=self.settings.oidc_audience)
        if may.get("sub") != who.get("sub"):
            raise Problem(401, "unauthorised", "the provider's two tokens tell of two people")
        return may | {"name": who.get("name")}

    async def _configuration(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0; its issuer has to be ours."""
        where = self.settings.oidc_configuration
        if where is None:
            raise Problem(503, "no-sign-in", "no provider is set for signing in (QORGAU_OIDC_CONFIGURATION)")
        if time.monotonic() - self._asked > CONFIGURATION_LIVES:
            found = await self._fetch("GET", where)
            if found.get("issuer") != self.settings.oidc_issuer:
                raise Problem(503, "no-sign-in", "the provider's configuration is another issuer's")
            self._known, self._asked = found, time.monotonic()
        return self._known

    async def _fetch(self, method: str, where: str, **more: Any) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                answer = await client.request(method, where, **more)
                if answer.status_code in (400, 401):
                    raise Problem(401, "unauthorised", "the provider does not take this code")
                found = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("oidc.unreachable", error=type(error).__name__)
            raise Problem(503, "no-sign-in", "the provider can't be reached; try again", headers=RETRY) from None
        if not isinstance(found, dict):
            raise Problem(503, "no-sign-in", "the provider's answer can't be read", headers=RETRY)
        return found
