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
  first in the key set, restart, `qorgau vault rewrap`, and remove the old one (monthly is a good rhythm).

Keys are unwrapped at most once per transaction and kept no longer than it. Nothing here writes a log.
"""

import hmac
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.vault_tables import DataKey
from shared.adapters.wrapping import KEY_BYTES, NONCE_BYTES, WrappingKeys
from shared.contract.errors import VaultError

VERSION = b"\x01"
KEY_ID = slice(1, 17)
NONCE = slice(17, 17 + NONCE_BYTES)
TEXT = slice(17 + NONCE_BYTES, None)
COLUMNS: tuple[Any, ...] = (
    DataKey.id,
    DataKey.organisation_id,
    DataKey.subject_id,
    DataKey.wrapped,
    DataKey.wrapped_by,
)
NOBODY = UUID(int=0)  # an organisation's own key: for what is about nobody, and for its fingerprints


@dataclass(frozen=True)
class Subject:
    """What is erased as one, at one organisation."""

    organisation: str
    id: UUID


@dataclass(frozen=True)
class Place:
    """Where sealed text lies. `row` is the primary key, its parts joined by a slash."""

    table: str
    row: str
    column: str = "sealed"


@dataclass(frozen=True)
class _Key:
    """A data key, open; without a secret once it is destroyed."""

    id: UUID
    subject: Subject
    secret: bytes | None = field(repr=False)


@dataclass
class _Vault:
    """The wrapping keys, and what one transaction has opened with them."""

    keys: WrappingKeys | None
    opened: dict[UUID, _Key] = field(default_factory=dict, repr=False)
    about: Subject | None = None  # whose text was sealed or opened last

    def of(self, subject: Subject) -> _Key | None:
        """The key of a subject, if this transaction has it."""
        return next((key for key in self.opened.values() if key.subject == subject), None)

    @property
    def wrapping(self) -> WrappingKeys:
        """Raises VaultError for a database that was opened without keys."""
        if self.keys is None:
            raise VaultError("this database was opened without the keys of its vault")
        return self.keys


async def close(session: AsyncSession, *, place: Place, subject: Subject, value: Any) -> bytes | None:
    """Seal a value that JSON can hold. None if the subject was erased: nothing more is kept about it."""
    key = await _key(session, subject)
    if key.secret is None:
        return None
    _vault(session).about = subject if subject.id != NOBODY else _vault(session).about
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + key.id.bytes + nonce + AESGCM(key.secret).encrypt(nonce, _json(value), _bound(place, key.id))


async def open_(session: AsyncSession, *, place: Place, sealed: bytes | None) -> Any:
    """What was sealed at this place; None where nothing is, or its key was destroyed. Raises VaultError."""
    return (await open_all(session, [(place, sealed)]))[0]


async def open_all(session: AsyncSession, items: Sequence[tuple[Place, bytes | None]]) -> list[Any]:
    """The same for many rows, whose keys are fetched at once."""
    await fetch(session, [sealed for _, sealed in items])
    return [None if sealed is None else _open(_vault(session), place, sealed) for place, sealed in items]


async def fetch(session: AsyncSession, sealed: Iterable[bytes | None]) -> None:
    """Have the keys of all these at hand: one query instead of one for each. What is not sealed text is passed over."""
    vault = _vault(session)
    missing = {_key_id(one) for one in sealed if one and _is_sealed(one)} - vault.opened.keys()
    if missing:
        query = select(*COLUMNS).where(col(DataKey.id).in_(missing))
        for row in await session.exec(query):
            vault.opened[row[0]] = _unwrapped(vault, row)


async def destroy(session: AsyncSession, *, subject: Subject, at: datetime) -> None:
    """Make everything that was ever sealed for a subject unreadable, here and in every backup of the cases."""
    gone = {"wrapped": None, "wrapped_by": None, "destroyed_at": at}
    row = insert(DataKey).values(
        id=uuid4(), organisation_id=subject.organisation, subject_id=subject.id, created_at=at, **gone
    )
    again = row.on_conflict_do_update(
        index_elements=["organisation_id", "subject_id"], set_=gone, where=col(DataKey.destroyed_at).is_(None)
    )
    await session.exec(again)
    vault = _vault(session)
    vault.about = None if vault.about == subject else vault.about
    for key_id in [key.id for key in vault.opened.values() if key.subject == subject]:
        vault.opened[key_id] = _Key(key_id, subject, None)


async def destroyed_at(session: AsyncSession, *, subject: Subject) -> datetime | None:
    """When a subject was erased, whatever the rows of the cases say."""
    mine = (DataKey.organisation_id == subject.organisation, DataKey.subject_id == subject.id)
    return (await session.exec(select(DataKey.destroyed_at).where(*mine))).first()


async def fingerprint(session: AsyncSession, *, organisation: str, kind: str, value: Any) -> bytes:
    """HMAC-SHA-256 of a value, to find it again without keeping it: the same only within one organisation and kind.

    Its key is the organisation's own, random, wrapped like any other: the wrapping key can change, fingerprints stay.
    """
    key = await _key(session, Subject(organisation, NOBODY))
    if key.secret is None:
        raise VaultError("an organisation's own key was destroyed")
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"qorgau fingerprints 1").derive(key.secret)
    return hmac.digest(derived, _json([organisation, kind, value]), "sha256")


def about(session: AsyncSession, *, organisation: str) -> Subject:
    """Whose text this transaction sealed or opened last; its answer may repeat that. Nobody's, where there was none."""
    return _vault(session).about or Subject(organisation, NOBODY)


async def rewrap(session: AsyncSession, *, at_most: int = 1000) -> int:
    """Wrap keys under the current wrapping key that are under an older one; how many there were this time."""
    wrapping = _vault(session).wrapping
    old = select(DataKey).where(DataKey.wrapped_by != wrapping.current).limit(at_most).with_for_update()
    rows = (await session.exec(old)).all()
    for row in rows:
        bound = _owner(row.id, Subject(row.organisation_id, row.subject_id))
        secret = wrapping.unwrap(row.wrapped or b"", by=row.wrapped_by or "", bound=bound)
        row.wrapped, row.wrapped_by = wrapping.wrap(secret, bound=bound), wrapping.current
    return len(rows)


def _vault(session: AsyncSession) -> _Vault:
    """This transaction's, made when it is first needed from the keys that `Database` left with the session."""
    if "vault" not in session.info:
        session.info["vault"] = _Vault(session.info.get("wrapping"))
    vault: _Vault = session.info["vault"]
    return vault


async def _key(session: AsyncSession, subject: Subject) -> _Key:
    """The subject's key; made if there never was one. Of two that make it at once, the second finds the first's."""
    vault = _vault(session)
    known = vault.of(subject)
    if known is not None:
        return known
    found = await _find(session, subject)
    if found is None:
        await _make(session, subject)
        found = await _find(session, subject)
    if found is None:
        raise VaultError("a data key could not be made")
    vault.opened[found.id] = found
    return found


async def _make(session: AsyncSession, subject: Subject) -> None:
    wrapping, key_id = _vault(session).wrapping, uuid4()
    wrapped = wrapping.wrap(os.urandom(KEY_BYTES), bound=_owner(key_id, subject))
    row = insert(DataKey).values(
        id=key_id,
        organisation_id=subject.organisation,
        subject_id=subject.id,
        wrapped=wrapped,
        wrapped_by=wrapping.current,
        created_at=func.now(),
    )
    await session.exec(row.on_conflict_do_nothing())


async def _find(session: AsyncSession, subject: Subject) -> _Key | None:
    mine = (DataKey.organisation_id == subject.organisation, DataKey.subject_id == subject.id)
    row = (await session.exec(select(*COLUMNS).where(*mine))).first()
    return None if row is None else _unwrapped(_vault(session), row)


def _unwrapped(vault: _Vault, row: Any) -> _Key:
    key_id, organisation, subject_id, wrapped, by = row
    subject = Subject(organisation, subject_id)
    if wrapped is None:
        return _Key(key_id, subject, None)
    return _Key(key_id, subject, vault.wrapping.unwrap(wrapped, by=by, bound=_owner(key_id, subject)))


def _open(vault: _Vault, place: Place, sealed: bytes) -> Any:
    key = vault.opened.get(_key_id(sealed))
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
    return _json(["qorgau text 1", place.table, place.row, place.column, str(key_id)])


def _owner(key_id: UUID, subject: Subject) -> bytes:
    return _json(["qorgau key 1", subject.organisation, str(subject.id), str(key_id)])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
