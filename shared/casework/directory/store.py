"""SQL for the directory."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, MappingResult, RowMapping
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.directory.hosted import HostedOrganisation
from shared.casework.directory.tables import RESPONSIBLE, OrganisationRow
from shared.contract.events import OrganisationAnnounced
from shared.contract.vocabulary import Agency, Purpose

AT_A_TIME = 500
_NAMED = select(OrganisationRow).where(col(OrganisationRow.id) == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.String))))
BY_ID, OURS = col(OrganisationRow.id), col(OrganisationRow.hosted)


async def host(session: AsyncSession, *, organisations: list[HostedOrganisation], at: datetime) -> None:
    """Make the directory say what the operator's file says of our own organisations."""
    await session.exec(update(OrganisationRow).where(OURS).values(hosted=False))
    ours = {one.id: _entry(one, at=at, hosted=True, hold_minutes=one.hold_minutes) for one in organisations}
    entries = list(ours.values())
    for first in range(0, len(entries), AT_A_TIME):
        await _put(session, entries[first : first + AT_A_TIME])


async def put(
    session: AsyncSession, *, organisation: OrganisationAnnounced, at: datetime, hosted: bool, hold_minutes: int = 90
) -> None:
    """The last announcement wins; an older one changes nothing."""
    await _put(session, [_entry(organisation, at=at, hosted=hosted, hold_minutes=hold_minutes)])


async def _put(session: AsyncSession, entries: list[dict[str, Any]]) -> None:
    statement = insert(OrganisationRow).values(entries)
    newer = OrganisationRow.announced_at <= statement.excluded.announced_at
    values = {name: statement.excluded[name] for name in entries[0]}
    await session.exec(statement.on_conflict_do_update(index_elements=["id"], set_=values, where=newer))


def _entry(organisation: OrganisationAnnounced, *, at: datetime, hosted: bool, hold_minutes: int) -> dict[str, Any]:
    said = organisation.model_dump(mode="json", include=set(OrganisationAnnounced.model_fields))
    return {**said, "hosted": hosted, "hold_minutes": hold_minutes, "announced_at": at}


async def get(session: AsyncSession, *, organisation_id: str) -> OrganisationRow | None:
    """One organisation of the network."""
    return await session.get(OrganisationRow, organisation_id)


async def named(session: AsyncSession, *, organisation_ids: Collection[str]) -> dict[str, OrganisationRow]:
    """Those of these organisations that the directory knows."""
    rows = await session.exec(_NAMED, params={"ids": list(organisation_ids)})
    return {row.id: row for row in rows}


async def listed(session: AsyncSession, *, agency: Agency | None, purpose: Purpose | None) -> Sequence[OrganisationRow]:
    """The directory, by agency and by what an organisation takes referrals for."""
    return (await session.exec(select(OrganisationRow).where(*_such(agency, purpose)).order_by(BY_ID))).all()


async def entries(
    session: AsyncSession, *, agency: Agency | None, purpose: Purpose | None, after: str = "", limit: int | None = None
) -> Sequence[RowMapping]:
    """The same as plain values: an object for each of a nation's organisations costs more than all else of a page.

    By their ids: those behind `after`, at most so many.
    """
    return await _values(session, *_such(agency, purpose), after < BY_ID, limit=limit)


async def _values(
    session: AsyncSession, *such: ColumnElement[bool] | Mapped[bool], limit: int | None = None
) -> Sequence[RowMapping]:
    query = sa.select(*sa.inspect(OrganisationRow).columns).where(*such).order_by(BY_ID).limit(limit)
    found: MappingResult = (await session.exec(query)).mappings()  # type: ignore[call-overload]  # of so many columns
    return found.all()


def _such(agency: Agency | None, purpose: Purpose | None) -> list[ColumnElement[bool]]:
    agencies = [col(OrganisationRow.agency) == agency] if agency is not None else []
    purposes = [col(OrganisationRow.purposes).contains([purpose.value])] if purpose is not None else []
    return [*agencies, *purposes]


async def names(session: AsyncSession, *, language: str) -> Sequence[tuple[str, str]]:
    """(id, name) of every organisation: two columns and no rows' objects, since every page asks for them."""
    name: Mapped[str] = getattr(OrganisationRow, f"name_{language}")
    return [(known, called) for known, called in await session.exec(select(OrganisationRow.id, name))]


async def hosted_since(session: AsyncSession) -> datetime | None:
    """When our own organisations were last described: another moment whenever a service read its file again."""
    return (await session.exec(select(sa.func.max(OrganisationRow.announced_at)).where(OURS))).one()


async def hosted(session: AsyncSession) -> Sequence[RowMapping]:
    """Our own organisations, as plain values, too."""
    return await _values(session, OURS)


async def responsible_police(session: AsyncSession, *, kato: str) -> OrganisationRow | None:
    """The police organisation whose district a place lies in."""
    return await responsible(session, agency=Agency.POLICE, kato=kato)


async def responsible(session: AsyncSession, *, agency: Agency, kato: str) -> OrganisationRow | None:
    """The organisation of an agency whose district a place lies in: the longest KATO prefix wins."""
    there = select(OrganisationRow).where(OrganisationRow.agency == agency, RESPONSIBLE)
    fitting = [
        (len(prefix), row)
        for row in await session.exec(there)
        for prefix in row.responsible_for
        if kato.startswith(prefix)
    ]
    return max(fitting, key=lambda pair: (pair[0], pair[1].id))[1] if fitting else None
