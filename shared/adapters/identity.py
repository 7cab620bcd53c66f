"""Who calls: bearer tokens (RFC 6750) of any OIDC issuer, and what each role may do.

An access token (a JWT, RFC 9068) is checked for signature, issuer, audience, expiry, organisation and role. It alone
counts, not what an ID token or a user info endpoint says. Its organisation must be hosted here.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import structlog
from fastapi import Request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.adapters.claims import Claims, Role, granted, read_mapping
from shared.adapters.discovery import RETRY, TIMEOUT_SECONDS, Issuer
from shared.adapters.settings import Settings
from shared.adapters.trust import Node
from shared.contract.conditions import Party
from shared.contract.errors import Problem

log = structlog.get_logger()
ALGORITHMS = ["Ed25519", "ES256", "RS256", "PS256"]
KEYS_LIVE_SECONDS = 300.0
FETCH_AT_MOST_EVERY = 5.0
FETCH_SECONDS = 8.0
LEEWAY_SECONDS = 30
TOKENS = 1000  # that are known to be signed; with another key set, from the beginning
Read = Callable[[str], Claims]
NO_KEYS = (httpx.HTTPError, OSError, JoseError, ValueError, TypeError, KeyError)  # not reached, or nothing of use there


class Permission(StrEnum):
    """What a call needs."""

    READ = "read"
    WRITE = "write"
    COUNT_BEDS = "count_beds"
    REVIEW = "review"
    STATISTICS = "statistics"
    ERASE = "erase"  # a person, for good: supervisors only


# role -> what it may do
ROLES: dict[str, frozenset[Permission]] = {
    Role.WORKER: frozenset({Permission.READ, Permission.WRITE, Permission.COUNT_BEDS}),
    Role.SUPERVISOR: frozenset(Permission),
    Role.BED_COUNTER: frozenset({Permission.COUNT_BEDS}),
    Role.STATISTICIAN: frozenset({Permission.STATISTICS}),
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
    """Checks tokens against the issuer's key set, which is fetched again when it is old or lacks a key.

    Raises SettingsError for a file of claims that is no good.
    """

    def __init__(self, settings: Settings, node: Node) -> None:
        self.settings, self.node = settings, node
        self.issuer = Issuer(settings)
        self.mapping = read_mapping(settings.oidc_claims_file)
        self._keys: KeySet | None = None
        self._fetched = -KEYS_LIVE_SECONDS
        self._fetching = asyncio.Lock()
        self._read: Read = _no_keys

    async def caller(self, request: Request) -> Caller:
        """The caller of a request. Raises Problem 401 or 403."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthorised("a bearer token is needed")
        return self.whose(await self.claims(token, audience=self.settings.oidc_audience))

    def whose(self, claims: Claims) -> Caller:
        """The caller whom these claims of an access token tell of. Raises Problem 403."""
        may = granted(claims, self.mapping)
        if may.organisation is None:
            raise Problem(403, "wrong-organisation", "the token gives its bearer no organisation here")
        if not self.node.hosts(may.organisation):
            raise Problem(403, "wrong-organisation", "this service does not host the token's organisation")
        permissions = frozenset[Permission]().union(*(ROLES[role] for role in may.roles))
        return Caller(str(claims.get("sub")), self.node.trust.party(may.organisation), permissions)

    async def claims(self, token: str, *, audience: str) -> Claims:
        """What a token of the issuer for this audience says. Raises Problem 401, or 503 without the issuer's keys."""
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.settings.oidc_issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            read = await self._reader_for(_key_id(token))
            claims = read(token)
            registry.validate(claims)
            return dict(claims)
        except (JoseError, ValueError, TypeError):
            raise _unauthorised("the token is not valid here: signature, issuer, audience or time") from None

    async def _reader_for(self, kid: str | None) -> Read:
        """Reads what the key set has signed. One fetch at a time, for an unknown key no oftener than every few seconds.
        Who has a key that is known, and was looked for lately, waits for nobody's."""
        if not self._is_at_hand(kid):
            async with self._fetching:
                age = time.monotonic() - self._fetched
                if age > KEYS_LIVE_SECONDS or (not self._is_at_hand(kid) and age > FETCH_AT_MOST_EVERY):
                    self._keys, self._fetched = await self._fetch(), time.monotonic()
                    self._read = _no_keys if self._keys is None else _reader(self._keys)
        return self._read

    def _is_at_hand(self, kid: str | None) -> bool:
        known = self._keys is not None and kid in {key.kid for key in self._keys.keys}
        return known and time.monotonic() - self._fetched <= KEYS_LIVE_SECONDS

    async def _fetch(self) -> KeySet | None:
        """The key set as it is now, or the one we have."""
        try:
            return await self.fetch()
        except (Problem, *NO_KEYS) as error:
            log.warning("identity.keys_unreachable", error=type(error).__name__)
            return self._keys

    async def fetch(self) -> KeySet:
        """The key set as it is now. Raises Problem 503 for what the issuer says of itself, or one of NO_KEYS."""
        async with asyncio.timeout(FETCH_SECONDS):
            return _key_set_of(json.loads(await self._key_set()))

    async def _key_set(self) -> bytes:
        """From where it is set to be, or else where the issuer says."""
        where = self.settings.oidc_jwks
        if where is not None and not where.lower().startswith(("https://", "http://")):
            return await asyncio.to_thread(Path(where).read_bytes)
        where = where or (await self.issuer.configuration()).jwks_uri
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            return (await client.get(where)).raise_for_status().content


def _key_set_of(found: dict[str, Any]) -> KeySet:
    """The keys that can be used. One of another kind is passed over (RFC 7517, 5). Raises one of NO_KEYS for no set."""
    keys = []
    for one in found["keys"]:
        try:
            keys += KeySet.import_key_set({"keys": [one]}).keys
        except (JoseError, ValueError, TypeError, KeyError):
            log.warning("identity.key_passed_over")
    if not keys:
        raise ValueError("no key that can be used")
    return KeySet(keys)


def _reader(keys: KeySet) -> Read:
    """Says what a token says that one of these keys has signed, and finds out once for each of the last tokens. Whether
    it holds now, and here, is not asked."""
    return lru_cache(maxsize=TOKENS)(lambda token: jwt.decode(token, keys, algorithms=ALGORITHMS).claims)


def _no_keys(_: str) -> Claims:
    raise Problem(503, "issuer-unreachable", "the issuer's key set can't be had", headers=RETRY)


def _key_id(token: str) -> str | None:
    """The key that a token says it is signed with. Raises JoseError or ValueError for what is no token."""
    kid = jws.extract_compact(token.encode()).headers().get("kid")
    return kid if isinstance(kid, str) else None


def _unauthorised(detail: str) -> Problem:
    return Problem(401, "unauthorised", detail, headers={"WWW-Authenticate": 'Bearer realm="qorgau"'})
