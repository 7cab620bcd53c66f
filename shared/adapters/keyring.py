"""The keyring: each subject's data key, wrapped in the database, open for one transaction at most.

Of a destroyed key the row stays, so that no other is ever made for its subject. What the keys are for: see `vault`.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.asking import ask
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.vault_tables import DataKey
from shared.adapters.wrapping import KEY_BYTES, Bare, Wrapped, Wrapping, canonical
from shared.contract.errors import VaultError

NOBODY = UUID(int=0)  # an organisation's own key: for what is about nobody, and for its fingerprints

# Asked in every call, some of them several times: written once, and not made of its parts for each.
_KEYS = "select id, organisation_id, subject_id, wrapped, wrapped_by from keyring.data_keys"
_WITH_IDS = f"{_KEYS} where id = any($1)"
_OF_SUBJECT = f"{_KEYS} where organisation_id = $1 and subject_id = $2"
_MADE = """
insert into keyring.data_keys (organisation_id, subject_id, id, wrapped, wrapped_by, created_at)
values ($1, $2, $3, $4, $5, now()) on conflict do nothing returning id
"""


@dataclass(frozen=True)
class Subject:
    """What is erased as one, at one organisation."""

    organisation: str
    id: UUID


@dataclass(frozen=True)
class Key:
    """A data key, open; without a secret once it is destroyed."""

    id: UUID
    subject: Subject
    secret: bytes | None = field(repr=False)


@dataclass
class Opened:
    """What wraps the keys, and which of them one transaction has opened."""

    wrapped_by: Wrapping | None
    keys: dict[UUID, Key] = field(default_factory=dict, repr=False)
    fingerprinting: dict[UUID, bytes] = field(default_factory=dict, repr=False)  # by key, what is derived from it
    about: Subject | None = None  # whose text was sealed or opened last

    def of(self, subject: Subject) -> Key | None:
        """The key of a subject, if this transaction has it."""
        return next((key for key in self.keys.values() if key.subject == subject), None)

    def forget(self, subject: Subject, *, for_good: bool) -> None:
        """Its key opens nothing any more in this transaction either; if not for good, another may be made."""
        self.about = None if self.about == subject else self.about
        for key_id in [key.id for key in self.keys.values() if key.subject == subject]:
            owner = subject if for_good else Subject(subject.organisation, key_id)
            self.keys[key_id] = Key(key_id, owner, None)

    @property
    def wrapping(self) -> Wrapping:
        """Raises VaultError for a database that was opened without keys."""
        if self.wrapped_by is None:
            raise VaultError("this database was opened without the keys of its vault")
        return self.wrapped_by


async def fetch(session: AsyncSession, key_ids: Iterable[UUID]) -> None:
    """Have these keys at hand: one query, and one call of what wraps them, instead of one for each."""
    vault = opened(session)
    missing = set(key_ids) - vault.keys.keys()
    if missing:
        rows = await ask(session, _WITH_IDS, list(missing))
        vault.keys |= {key.id: key for key in await _unwrapped(vault, rows)}


async def destroy(session: AsyncSession, *, subject: Subject, at: datetime, renewable: bool = False) -> None:
    """Make everything that was ever sealed for a subject unreadable, here and in every backup of the cases.

    Nothing more is ever sealed for it; unless `renewable`: then what comes from now on has a new key.
    """
    gone: dict[str, Any] = {"wrapped": None, "wrapped_by": None, "destroyed_at": at}
    if renewable:
        mine = (col(DataKey.organisation_id) == subject.organisation, col(DataKey.subject_id) == subject.id)
        aside = update(DataKey).where(*mine, col(DataKey.destroyed_at).is_(None))
        await session.exec(aside.values(subject_id=DataKey.id, **gone))
    else:
        row = insert(DataKey).values(
            id=uuid4(), organisation_id=subject.organisation, subject_id=subject.id, created_at=at, **gone
        )
        unique = ["organisation_id", "subject_id"]
        still = col(DataKey.destroyed_at).is_(None)
        await session.exec(row.on_conflict_do_update(index_elements=unique, set_=gone, where=still))
    opened(session).forget(subject, for_good=not renewable)


async def destroyed_at(session: AsyncSession, *, subject: Subject) -> datetime | None:
    """When a subject was erased, whatever the rows of the cases say."""
    mine = (DataKey.organisation_id == subject.organisation, DataKey.subject_id == subject.id)
    return (await session.exec(select(DataKey.destroyed_at).where(*mine))).first()


async def rewrap(session: AsyncSession, *, at_most: int = 100) -> int:
    """Wrap keys under the current wrapping key that are under an older one; how many there were this time.

    Raises VaultError, and changes nothing, where one does not open, or the current key changes meanwhile.
    """
    wrapping = opened(session).wrapping
    current = await wrapping.current_id()
    old = select(DataKey).where(DataKey.wrapped_by != current).limit(at_most).with_for_update()
    rows = (await session.exec(old)).all()
    before = [
        Wrapped(row.wrapped or b"", row.wrapped_by or "", _owner(row.id, Subject(row.organisation_id, row.subject_id)))
        for row in rows
    ]
    secrets = await wrapping.unwrap(before) if before else []
    bare = [Bare(secret, key.bound) for secret, key in zip(secrets, before, strict=True)]
    after = await wrapping.wrap(bare) if bare else []
    if any(key.by != current for key in after):
        raise VaultError("the wrapping key changed while keys were wrapped anew: try again")
    for row, key in zip(rows, after, strict=True):
        row.wrapped, row.wrapped_by = key.text, key.by
    return len(rows)


async def rewrap_all(database: Database) -> int:
    """Rewrap the whole keyring, a batch per transaction; how many keys there were. Closes the database."""
    counts = [1]
    while counts[-1]:
        async with database.transaction(organisation=WHOLE_NODE) as session:
            counts.append(await rewrap(session))
    await database.close()
    return sum(counts) - 1


def opened(session: AsyncSession) -> Opened:
    """This transaction's, made when it is first needed from the keys that `Database` left with the session."""
    if "vault" not in session.info:
        session.info["vault"] = Opened(session.info.get("wrapping"))
    vault: Opened = session.info["vault"]
    return vault


async def key_of(session: AsyncSession, subject: Subject) -> Key:
    """The subject's key; made if there never was one. Of two that make it at once, the second finds the first's."""
    vault = opened(session)
    known = vault.of(subject)
    if known is not None:
        return known
    found = await _find(session, subject) or await _make(session, subject) or await _find(session, subject)
    if found is None:
        raise VaultError("a data key could not be made")
    vault.keys[found.id] = found
    return found


async def begin(session: AsyncSession, subject: Subject) -> None:
    """Make the key of a subject that is new in all likelihood: it is looked for only if it can't be made."""
    made = await _make(session, subject)
    if made is not None:
        opened(session).keys[made.id] = made


async def _make(session: AsyncSession, subject: Subject) -> Key | None:
    """A new key, or None where somebody else has just made one."""
    key_id, secret = uuid4(), os.urandom(KEY_BYTES)
    (wrapped,) = await opened(session).wrapping.wrap([Bare(secret, _owner(key_id, subject))])
    made = await ask(session, _MADE, subject.organisation, subject.id, key_id, wrapped.text, wrapped.by)
    return Key(key_id, subject, secret) if made else None


async def _find(session: AsyncSession, subject: Subject) -> Key | None:
    rows = await ask(session, _OF_SUBJECT, subject.organisation, subject.id)
    keys = await _unwrapped(opened(session), rows)
    return keys[0] if keys else None


async def _unwrapped(vault: Opened, rows: Sequence[Any]) -> list[Key]:
    """The keys of these rows; those that were destroyed without a secret."""
    of = [Subject(row["organisation_id"], row["subject_id"]) for row in rows]
    wrapped = [
        Wrapped(row["wrapped"], row["wrapped_by"], _owner(row["id"], subject))
        for row, subject in zip(rows, of, strict=True)
        if row["wrapped"] is not None
    ]
    secrets = iter(await vault.wrapping.unwrap(wrapped) if wrapped else ())
    return [
        Key(row["id"], subject, None if row["wrapped"] is None else next(secrets))
        for row, subject in zip(rows, of, strict=True)
    ]


def _owner(key_id: UUID, subject: Subject) -> bytes:
    return canonical(["qorgau key 1", subject.organisation, str(subject.id), str(key_id)])
