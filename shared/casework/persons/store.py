"""SQL for persons. Every function names the organisation: another one's person does not exist."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.casework.persons.details import OTHER, REFERRAL, Known, index_values, indexes_of
from shared.casework.persons.tables import PersonIndexRow, PersonRow
from shared.contract.errors import Problem
from shared.contract.walls import TELLING


async def get(
    session: AsyncSession, *, organisation_id: str, person_id: UUID, for_update: bool = False
) -> PersonRow | None:
    """The organisation's person, or None; locked until the end of the transaction if it will be changed."""
    return await one(session, PersonRow, organisation_id=organisation_id, id_=person_id, for_update=for_update)


async def all_of(session: AsyncSession, *, organisation_id: str, ids: Collection[UUID]) -> Sequence[PersonRow]:
    """The organisation's persons with these ids."""
    mine = (PersonRow.organisation_id == organisation_id, col(PersonRow.id).in_(ids))
    return (await session.exec(select(PersonRow).where(*mine).order_by(col(PersonRow.id)))).all()


async def taken_from(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> PersonRow | None:
    """The organisation's record that was taken over from a referral, or None; not one that was erased since."""
    query = select(PersonRow).where(PersonRow.organisation_id == organisation_id, PersonRow.taken_from == referral_id)
    return (await session.exec(query)).first()


async def known(session: AsyncSession, row: PersonRow) -> Known:
    """What is known of a person. Problem 410 where that was erased, whatever a restored row says."""
    found = (await all_known(session, [row]))[0]
    if found is None:
        raise Problem(
            410, "erased", "what was known of this person was erased", {"erased_at": await _when(session, row)}
        )
    return found


async def all_known(session: AsyncSession, rows: Sequence[PersonRow]) -> list[Known | None]:
    """The same for many; None for those who were erased."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [None if values is None else Known.model_validate(values) for values in opened]


async def keep(session: AsyncSession, row: PersonRow, details: Known) -> None:
    """Seal what is known of a person into a row, and index it anew."""
    values = details.model_dump(mode="json", include=set(Known.model_fields))
    if row.sealed is not None:  # not a new one
        await forget_indexes(session, row)
    row.sealed = await vault.close(session, place=_place(row), subject=subject_of(row), value=values)
    indexes = [
        {"person_id": row.id, "kind": kind, "organisation_id": row.organisation_id, "fingerprint": fingerprint}
        for kind, fingerprint in (await _fingerprints(session, row.organisation_id, indexes_of(values))).items()
    ]
    if indexes:
        await session.exec(insert(PersonIndexRow).values(indexes))


async def index_referral(
    session: AsyncSession, *, organisation_id: str, referral_id: UUID, tells: dict[str, Any]
) -> bool:
    """Index whom a referral tells of, so that it is noticed if both parties are here; whether it tells who that is."""
    values = {f"{REFERRAL}{name}": value for name, value in index_values(tells).items() if name in TELLING}
    rows = [
        {"person_id": referral_id, "kind": kind, "organisation_id": organisation_id, "fingerprint": fingerprint}
        for kind, fingerprint in (await _fingerprints(session, organisation_id, values)).items()
    ]
    if rows:
        await session.exec(insert(PersonIndexRow).values(rows).on_conflict_do_nothing())
    return bool(rows)


async def forget_indexes(session: AsyncSession, row: PersonRow) -> None:
    """No search finds this person any more."""
    await forget_index(session, organisation_id=row.organisation_id, file_id=row.id)


async def forget_index(session: AsyncSession, *, organisation_id: str, file_id: UUID) -> None:
    """The same for a person's record, or for a referral that came."""
    mine = (col(PersonIndexRow.person_id) == file_id, col(PersonIndexRow.organisation_id) == organisation_id)
    await session.exec(delete(PersonIndexRow).where(*mine))


async def search(
    session: AsyncSession, *, organisation_id: str, kind: str, values: list[str], cursor: str | None, limit: int
) -> Sequence[PersonRow]:
    """Up to limit + 1 persons of an organisation with these values in this index, newest first."""
    wanted = await _fingerprints(session, organisation_id, {kind: values})
    at, row_id = col(PersonRow.created_at), col(PersonRow.id)
    hits = select(PersonIndexRow.person_id).where(
        PersonIndexRow.organisation_id == organisation_id,
        PersonIndexRow.kind == kind,
        PersonIndexRow.fingerprint == wanted[kind],
    )
    query = select(PersonRow).where(
        PersonRow.organisation_id == organisation_id, row_id.in_(hits), *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


def subject_of(row: PersonRow) -> vault.Subject:
    """Whose key seals what is known of a person, and everything else here that is about them alone."""
    return vault.Subject(row.organisation_id, row.id)


async def _fingerprints(session: AsyncSession, organisation_id: str, values: dict[str, list[str]]) -> dict[str, bytes]:
    """By index; what is named elsewhere has the fingerprint that the person's own record would have."""
    found = {}
    for kind, value in values.items():
        index = f"person {kind.removeprefix(OTHER).removeprefix(REFERRAL)}"
        found[kind] = await vault.fingerprint(session, organisation=organisation_id, kind=index, value=value)
    return found


async def _when(session: AsyncSession, row: PersonRow) -> str | None:
    at: datetime | None = row.erased_at or await vault.destroyed_at(session, subject=subject_of(row))
    return at.isoformat() if at else None


def _place(row: PersonRow) -> vault.Place:
    return vault.Place("persons", str(row.id))
