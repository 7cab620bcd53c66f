"""What is private, at rest: sealed under a key per subject, and unreadable for good once that key is destroyed.

A *subject* is what is erased as one: a person as an organisation recorded them, or a referral (the copy of another's
person, at whichever side). All text about it (identity, contact, whereabouts, health, narrative, what waits in the
outbox, answers kept for a key) is JSON, encrypted by AES-256-GCM under the subject's data key, with table, row, column
and key id bound in: ciphertext put elsewhere, or under another key's id, does not open. Ids, states, times and codes
stay in plain columns.

Data keys lie wrapped in the schema `keyring`, the keys that wrap them outside the database (`wrapping`). Hence backups:

- `pg_dump --exclude-schema=keyring` backs up the cases, as often and for as long as wanted: it holds no key.
- `pg_dump --schema=keyring` backs up the keyring; only its newest copy is kept. A backup of the cases that is restored
  beside it brings nothing back of whoever was erased in between.
- A physical backup, a WAL archive or a dead tuple holds old wrapped keys. They die with the wrapping key: put a new one
  first in the key set, restart, `qorgau rewrap-keys`, and remove the old one (monthly is a good rhythm).

Keys are unwrapped at most once per transaction and kept no longer than it. Nothing here writes a log.
"""

import hmac
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.keyring import NOBODY, Key, Opened, Subject, begin, destroy, destroyed_at, fetch, key_of, opened
from shared.adapters.wrapping import KEY_BYTES, NONCE_BYTES, canonical
from shared.contract.errors import VaultError

__all__ = ["NOBODY", "Place", "Subject", "about", "at_hand", "begin", "close", "destroy", "destroyed_at", "fingerprint"]
__all__ += ["open_", "open_all"]
VERSION = b"\x01"
KEY_ID = slice(1, 17)
NONCE = slice(17, 17 + NONCE_BYTES)
TEXT = slice(17 + NONCE_BYTES, None)


@dataclass(frozen=True)
class Place:
    """Where sealed text lies. `row` is the primary key, its parts joined by a slash."""

    table: str
    row: str
    column: str = "sealed"


async def close(session: AsyncSession, *, place: Place, subject: Subject, value: Any) -> bytes | None:
    """Seal a value that JSON can hold. None if the subject was erased: nothing more is kept about it."""
    key = await key_of(session, subject)
    if key.secret is None:
        return None
    opened(session).about = subject if subject.id != NOBODY else opened(session).about
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + key.id.bytes + nonce + AESGCM(key.secret).encrypt(nonce, canonical(value), _bound(place, key.id))


async def open_(session: AsyncSession, *, place: Place, sealed: bytes | None) -> Any:
    """What was sealed at this place; None where nothing is, or its key was destroyed. Raises VaultError."""
    return (await open_all(session, [(place, sealed)]))[0]


async def open_all(session: AsyncSession, items: Sequence[tuple[Place, bytes | None]]) -> list[Any]:
    """The same for many rows, whose keys are fetched at once."""
    await at_hand(session, [sealed for _, sealed in items])
    return [None if sealed is None else _open(opened(session), place, sealed) for place, sealed in items]


async def at_hand(session: AsyncSession, sealed: Iterable[bytes | None]) -> None:
    """Fetch the keys of all these at once. What is not sealed text is passed over."""
    await fetch(session, {_key_id(one) for one in sealed if one and _is_sealed(one)})


async def fingerprint(session: AsyncSession, *, organisation: str, kind: str, value: Any) -> bytes:
    """HMAC-SHA-256 of a value, to find it again without keeping it: the same only within one organisation and kind.

    Its key is the organisation's own, random, wrapped like any other: the wrapping key can change, fingerprints stay.
    """
    key = await key_of(session, Subject(organisation, NOBODY))
    derived = opened(session).fingerprinting.get(key.id) or _derived(session, key)
    return hmac.digest(derived, canonical([organisation, kind, value]), "sha256")


def _derived(session: AsyncSession, key: Key) -> bytes:
    if key.secret is None:
        raise VaultError("an organisation's own key was destroyed")
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"qorgau fingerprints 1").derive(key.secret)
    opened(session).fingerprinting[key.id] = derived
    return derived


def about(session: AsyncSession, *, organisation: str) -> Subject:
    """Whose text this transaction sealed or opened last; its answer may repeat that. Nobody's, where there was none."""
    return opened(session).about or Subject(organisation, NOBODY)


def _open(vault: Opened, place: Place, sealed: bytes) -> Any:
    key = vault.keys.get(_key_id(sealed))
    if key is None:
        raise VaultError("sealed under a key that the keyring does not have")
    if key.secret is None:
        return None
    try:
        text = AESGCM(key.secret).decrypt(sealed[NONCE], sealed[TEXT], _bound(place, key.id))
    except InvalidTag:
        raise VaultError("sealed text that was changed, or put into another place") from None
    vault.about = key.subject if key.subject.id != NOBODY else vault.about
    return json.loads(text)


def _is_sealed(value: bytes) -> bool:
    return value.startswith(VERSION) and len(value) > TEXT.start


def _key_id(sealed: bytes) -> UUID:
    """Raises VaultError for what this module did not seal."""
    if not _is_sealed(sealed):
        raise VaultError("not sealed text")
    return UUID(bytes=sealed[KEY_ID])


def _bound(place: Place, key_id: UUID) -> bytes:
    return canonical(["qorgau text 1", place.table, place.row, place.column, str(key_id)])
