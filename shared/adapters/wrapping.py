"""The keys that wrap the data keys: where they come from, and what they do. They never lie in the database.

Either this process has them, or a KMS or HSM keeps them, which a program asks to wrap and unwrap (`wrapping_program`).
Those that it has are a JWK Set (RFC 7517) of symmetric keys of 256 bits, each with a `kid`. The first is the
current one: it wraps. The others still unwrap what they wrapped before, until `qorgau rewrap-keys` has replaced that;
then they are removed, and every older copy of the keyring is worthless (see `vault`).
"""

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shared.contract.errors import SettingsError, VaultError

KEY_BYTES = 32
NONCE_BYTES = 12
COMMAND_SECONDS = 30


def _from_file(where: str) -> str:
    return Path(where).read_text()


def _from_environment(where: str) -> str:
    return os.environ[where]


def _from_command(where: str) -> str:
    """What a program prints: the way to any secret store or KMS. The operator's own setting names it."""
    done = subprocess.run(  # noqa: S603  # no shell, and the operator's words
        shlex.split(where), capture_output=True, check=True, text=True, timeout=COMMAND_SECONDS
    )
    return done.stdout


PROVIDERS: dict[str, Callable[[str], str]] = {
    "file": _from_file,
    "env": _from_environment,
    "command": _from_command,
}


@dataclass(frozen=True)
class Bare:
    """A data key of 32 bytes, and what it is bound to: it unwraps only together with that."""

    secret: bytes = field(repr=False)
    bound: bytes


@dataclass(frozen=True)
class Wrapped:
    """A data key under the wrapping key with the id `by`."""

    text: bytes
    by: str
    bound: bytes


class Wrapping(Protocol):
    """What wraps data keys and unwraps them, many at once and in their order. Raises VaultError where it can't."""

    async def current_id(self) -> str:
        """The id of the wrapping key that wraps now."""

    async def wrap(self, keys: Sequence[Bare]) -> list[Wrapped]:
        """These under the current wrapping key."""

    async def unwrap(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """These, bare."""


@dataclass(frozen=True)
class WrappingKeys:
    """Wrapping keys in this process: key id -> key. `current` wraps; all unwrap."""

    current: str
    keys: dict[str, bytes] = field(repr=False)

    async def current_id(self) -> str:
        """The first of the key set."""
        return self.current

    async def wrap(self, keys: Sequence[Bare]) -> list[Wrapped]:
        """By AES-256-GCM."""
        return [Wrapped(self._encrypt(key), self.current, key.bound) for key in keys]

    async def unwrap(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """Raises VaultError where the wrapping key is not here, or one was wrapped for something else."""
        return [self._decrypt(key) for key in keys]

    def _encrypt(self, key: Bare) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self.keys[self.current]).encrypt(nonce, key.secret, key.bound)

    def _decrypt(self, key: Wrapped) -> bytes:
        if key.by not in self.keys:
            raise VaultError("the key that wrapped this data key is not among this node's")
        try:
            return AESGCM(self.keys[key.by]).decrypt(key.text[:NONCE_BYTES], key.text[NONCE_BYTES:], key.bound)
        except InvalidTag:
            raise VaultError("a data key that was changed, or belongs to somebody else") from None


def new_keys(kid: str) -> str:
    """A key set with one new key, as JSON."""
    return json.dumps({"keys": [dict(OctKey.generate_key(KEY_BYTES * 8, {"kid": kid}).as_dict(private=True))]})


def read_keys(where: str) -> WrappingKeys:
    """Read `file:<path>`, `env:<name>` or `command:<program that prints>`. Raises SettingsError, without the keys."""
    provider, _, place = where.partition(":")
    if provider not in PROVIDERS:
        raise SettingsError("QORGAU_VAULT_KEYS begins with file:, env:, command: or kms:")
    try:
        return parse(PROVIDERS[provider](place))
    except (OSError, KeyError, UnicodeDecodeError, subprocess.SubprocessError) as error:
        raise SettingsError(f"QORGAU_VAULT_KEYS can't be read ({type(error).__name__})") from None


def parse(text: str) -> WrappingKeys:
    """A JWK Set, the current key first. Raises SettingsError for anything else."""
    try:
        keys = {str(jwk["kid"]): OctKey.import_key(jwk).raw_value for jwk in json.loads(text)["keys"]}
        current = next(iter(keys))
    except (JoseError, ValueError, KeyError, TypeError, StopIteration):
        raise SettingsError("QORGAU_VAULT_KEYS leads to something that is no JWK Set of keys with ids") from None
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise SettingsError("QORGAU_VAULT_KEYS leads to a key that has not 256 bits")
    return WrappingKeys(current, keys)


def canonical(value: Any) -> bytes:
    """One way to write a value as JSON, for what is sealed, bound or fingerprinted."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
