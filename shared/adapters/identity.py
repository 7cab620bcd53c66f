"""Who calls: bearer tokens (RFC 6750, RFC 9068) of any OIDC issuer, and what each role may do.

A token is checked for signature, issuer, audience, expiry, organisation and role. Its organisation must be hosted here.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.adapters.settings import Settings
from shared.adapters.trust import Node
from shared.contract.decisions import Party
from shared.contract.errors import Problem

ALGORITHMS = ["Ed25519", "ES256", "RS256", "PS256"]
KEYS_LIVE_SECONDS = 300
LEEWAY_SECONDS = 30


class Permission(StrEnum):
    """What a call needs."""

    READ = "read"
    WRITE = "write"
    COUNT_BEDS = "count_beds"
    AUDIT = "audit"


# role -> what it may do. A worker is an officer, shelter worker, doctor or social worker; a bed-counter a machine.
ROLES: dict[str, frozenset[Permission]] = {
    "worker": frozenset({Permission.READ, Permission.WRITE, Permission.COUNT_BEDS}),
    "supervisor": frozenset(Permission),
    "bed-counter": frozenset({Permission.COUNT_BEDS}),
    "auditor": frozenset({Permission.AUDIT}),
}


@dataclass(frozen=True)
class Caller:
    """Someone of one organisation, with what they may do."""

    subject: str
    party: Party
    permissions: frozenset[Permission]

    @property
    def organisation(self) -> str:
        """The organisation whose rows this caller sees."""
        return self.party.organisation


class Identity:
    """Checks tokens against the issuer's key set, which is fetched again when it is old or a key is unknown."""

    def __init__(self, settings: Settings, node: Node) -> None:
        self.settings, self.node = settings, node
        self._keys: KeySet | None = None
        self._fetched = 0.0

    async def caller(self, request: Request) -> Caller:
        """The caller of a request. Raises Problem 401 or 403."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthorised("a bearer token is needed")
        claims = await self._claims(token)
        organisation, roles = claims.get("org"), claims.get("roles")
        if not isinstance(organisation, str) or not self.node.hosts(organisation):
            raise Problem(403, "wrong-organisation", "this service does not host the token's organisation")
        names = [r for r in roles if isinstance(r, str)] if isinstance(roles, list) else []
        granted = frozenset[Permission]().union(*(ROLES.get(name, frozenset()) for name in names))
        return Caller(str(claims.get("sub")), self.node.trust.party(organisation), granted)

    async def _claims(self, token: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.settings.oidc_issuer},
            aud={"essential": True, "value": self.settings.oidc_audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            decoded = jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS)
            registry.validate(decoded.claims)
            return decoded.claims
        except (JoseError, ValueError, TypeError):
            self._fetched = min(self._fetched, time.monotonic() - KEYS_LIVE_SECONDS + 5)
            raise _unauthorised("the token is not valid here: signature, issuer, audience or time") from None

    async def _key_set(self) -> KeySet:
        if self._keys is None or time.monotonic() - self._fetched > KEYS_LIVE_SECONDS:
            self._keys, self._fetched = await self._fetch(), time.monotonic()
        return self._keys

    async def _fetch(self) -> KeySet:
        where = self.settings.oidc_jwks
        if not where.startswith(("https://", "http://")):
            return KeySet.import_key_set(json.loads(await asyncio.to_thread(Path(where).read_bytes)))
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                return KeySet.import_key_set((await client.get(where)).raise_for_status().json())
        except httpx.HTTPError:
            if self._keys is not None:
                return self._keys
            raise Problem(503, "issuer-unreachable", "the issuer's key set can't be fetched", headers=RETRY) from None


RETRY = {"Retry-After": "5"}


def _unauthorised(detail: str) -> Problem:
    return Problem(401, "unauthorised", detail, headers={"WWW-Authenticate": 'Bearer realm="qorgau"'})
