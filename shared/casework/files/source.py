"""What a noun gives to a file: its rows as entries of one shape, what may be read of them, and when they are over."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import SQLModel, col

from shared.adapters.database import Moment
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.contract.filing import Noun, Way

Rows: TypeAlias = sa.Select[*tuple[Any, ...]]
Parameter: TypeAlias = sa.BindParameter[Any]
NEVER, ALWAYS = sa.false(), sa.true()
NOBODY = sa.literal(None)


@dataclass(frozen=True)
class Case:
    """Whose rows are told, as parameters of one statement: made once, since making it takes longer than asking it.

    `of_person`: whether it is about somebody, or about a referral that names nobody; `chief`: for the eyes of one;
    `things` is set once other entries are known: what deadlines are of.
    """

    of_person: bool
    chief: bool
    things: Any = None
    organisation_id: ClassVar[Parameter] = sa.bindparam("organisation_id", type_=sa.String())
    person_id: ClassVar[Parameter] = sa.bindparam("person_id", type_=sa.Uuid())
    referrals: ClassVar[Parameter] = sa.bindparam("referrals", type_=ARRAY(sa.Uuid()))
    referral_names: ClassVar[Parameter] = sa.bindparam("referral_names", type_=ARRAY(sa.String()))
    now: ClassVar[Parameter] = sa.bindparam("now", type_=Moment())

    def is_whom(self, column: Any) -> sa.ColumnElement[bool]:
        """Whether a row is this person's. Where the case is of no person, no row is: not even one that names nobody."""
        return column == self.person_id if self.of_person else NEVER

    def of(self, table: Any, *persons: Any) -> sa.ColumnElement[bool]:
        """The rows of a table that are this case's, by `person_id`, or the columns given, and by `referral_id`."""
        names = table.__table__.columns
        whom = list(persons) or ([col(table.person_id)] if "person_id" in names else [])
        found = [self.is_whom(one) for one in whom]
        if "referral_id" in names:
            found.append(col(table.referral_id) == sa.any_(self.referrals))
        return sa.and_(col(table.organisation_id) == self.organisation_id, sa.or_(NEVER, *found))


@dataclass(frozen=True)
class Told:
    """An entry as it was read: `ended` is since when what it is about is over, None while it is not."""

    id: UUID
    at: datetime
    noun: Noun
    kind: str
    way: Way
    about: UUID
    referral_id: UUID | None
    counterpart_id: str | None
    state: str | None
    codes: dict[str, Any]
    ended: datetime | None


@dataclass(frozen=True)
class Removed:
    """Rows of a table are removed once `ended` is longer ago than their noun is kept; never where it is null, nor where
    `over` doesn't hold.

    An index finds them by `ended`, so neither has a code in it that could make its expression another. `also` removes
    with a row what hangs on it, and destroys its keys.
    """

    table: type[SQLModel]
    ended: Any
    over: Any = ALWAYS
    also: Callable[[Work, Any], Awaitable[None]] | None = None


# Of entries: what may be read of each now, by the entry's id.
Contents: TypeAlias = Callable[[Desk, Sequence[Told]], Awaitable[dict[UUID, dict[str, Any]]]]


@dataclass(frozen=True, eq=False)
class Source:
    """A noun's row in the table of sources. `kinds`: what each of its entries is called; `tables`: all it reads."""

    noun: Noun
    tables: tuple[type[SQLModel], ...]
    kinds: Mapping[str, Words]
    entries: Callable[[Case], Sequence[Rows]]
    contents: Contents | None = None
    removed: tuple[Removed, ...] = ()


def entry(
    kind: str,
    way: Way | sa.ColumnElement[Any],
    *,
    noun: Noun,
    at: Any,
    about: Any,
    ended: Any,
    key: Sequence[Any] = (),
    referral: Any = NOBODY,
    counterpart: Any = NOBODY,
    state: Any = NOBODY,
    codes: Mapping[str, Any] | None = None,
) -> Rows:
    """Select one kind of entry. `key`: what tells two entries of one thing apart, where their kind does not."""
    pairs = [part for name, value in (codes or {}).items() for part in (sa.literal(name), value)]
    said = sa.func.jsonb_strip_nulls(sa.func.jsonb_build_object(*pairs))
    spoken = sa.literal(kind) if isinstance(kind, str) else kind
    return sa.select(
        _id(spoken, about, *key).label("id"),
        sa.cast(at, Moment).label("at"),
        sa.cast(sa.literal(noun.value), sa.String).label("noun"),
        sa.cast(spoken, sa.String).label("kind"),
        sa.cast(sa.literal(way.value) if isinstance(way, Way) else way, sa.String).label("way"),
        sa.cast(about, sa.Uuid).label("about"),
        sa.cast(referral, sa.Uuid).label("referral_id"),
        sa.cast(counterpart, sa.String).label("counterpart_id"),
        sa.cast(state, sa.String).label("state"),
        sa.cast(said, JSONB).label("codes"),
        sa.cast(ended, Moment).label("ended"),
    )


def told(row: Any) -> Told:
    """A row of such a selection."""
    values = dict(row._mapping)
    return Told(**{**values, "noun": Noun(values["noun"]), "way": Way(values["way"])})


def _id(*parts: Any) -> sa.ColumnElement[Any]:
    """The same entry has the same id whenever it is read: see `id_of`."""
    key = sa.func.concat_ws("/", *[sa.cast(part, sa.String) for part in parts])
    digest = sa.func.sha256(sa.func.convert_to(key, "UTF8"))
    return sa.cast(sa.func.encode(sa.func.substring(digest, 1, 16), "hex"), sa.Uuid)


def id_of(*parts: object) -> UUID:
    """The id of an entry: of its kind, what it is about, and its key."""
    return UUID(bytes=hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()[:16])


def either(condition: sa.ColumnElement[bool], yes: Way, no: Way) -> sa.ColumnElement[Any]:
    """One way where a condition holds, else the other."""
    return sa.case((condition, sa.literal(yes.value)), else_=sa.literal(no.value))


def latest(*moments: Any) -> sa.ColumnElement[Any]:
    """The latest of moments, of which some may be null. Not `coalesce`: PostgreSQL takes that for what could leak, and
    under row security looks it up in no index."""
    return sa.func.greatest(*moments)


def ids_of(entries: Sequence[Told]) -> set[UUID]:
    """What entries are about."""
    return {one.about for one in entries}


def by_about(entries: Sequence[Told], found: Mapping[UUID, dict[str, Any]]) -> dict[UUID, dict[str, Any]]:
    """Contents by what entries are about, as contents by their ids."""
    return {one.id: found[one.about] for one in entries if found.get(one.about)}
