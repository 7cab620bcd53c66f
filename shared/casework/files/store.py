"""SQL for files: whose file it is, and its entries from all sources as one timeline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging
from shared.adapters.database import plan_once
from shared.adapters.http import Desk
from shared.adapters.identity import Permission
from shared.casework.files.source import Case, Rows, Source, Told, told
from shared.casework.files.sources import DUE
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.tables import ReferralRow


@dataclass(frozen=True)
class File:
    """What one organisation holds about a person, or about a referral that names nobody.

    `referrals` are those that the caller may see.
    """

    organisation_id: str
    person_id: UUID | None
    referrals: frozenset[UUID]
    now: datetime
    chief: bool

    def parameters(self) -> dict[str, Any]:
        """The values of a `Case`."""
        ids = sorted(self.referrals)
        whose = {"organisation_id": self.organisation_id, "person_id": self.person_id, "now": self.now}
        return whose | {"referrals": ids, "referral_names": [str(one) for one in ids]}


async def of_person(desk: Desk, person: PersonRow) -> File:
    """All that is held about a person: by their record, the referrals about them, and the one they were taken from."""
    row = ReferralRow
    about = sa.or_(col(row.person_id) == person.id, col(row.id) == person.taken_from)
    ids = await desk.session.exec(select(row.id).where(row.organisation_id == desk.organisation, about))
    return _file(desk, person.id, frozenset(ids.all()))


def of_referral(desk: Desk, referral: ReferralRow) -> File:
    """What is held about one referral."""
    return _file(desk, None, frozenset({referral.id}))


def _file(desk: Desk, person_id: UUID | None, referrals: frozenset[UUID]) -> File:
    chief = Permission.REVIEW in desk.caller.permissions
    return File(desk.organisation, person_id, referrals, desk.now, chief)


async def page(
    session: AsyncSession, *, file: File, sources: Sequence[Source], cursor: str | None, limit: int
) -> list[Told]:
    """Up to limit + 1 entries of a file, newest first: what is due comes before what was."""
    timeline = _timeline(tuple(sources), of_person=file.person_id is not None, chief=file.chief)
    at, entry_id = timeline.selected_columns.at, timeline.selected_columns.id
    query = timeline.where(*paging.behind(cursor, at, entry_id)) if cursor else timeline
    parameters = file.parameters() | {"most": limit + 1}
    await plan_once(session)
    return [told(row) for row in await (await session.connection()).execute(query, parameters)]


@cache
def _timeline(sources: tuple[Source, ...], *, of_person: bool, chief: bool) -> Rows:
    """Entries of all sources, newest first, of whomever its parameters say."""
    case = Case(of_person, chief)
    happened = sa.union_all(*[rows for source in sources for rows in source.entries(case)]).cte("happened")
    concerned = replace(case, things=sa.select(happened.c.about))
    due = [rows for source in DUE for rows in source.entries(concerned)]
    timeline = sa.union_all(sa.select(happened), *due).subquery("timeline")
    newest = sa.select(timeline).order_by(timeline.c.at.desc(), timeline.c.id.desc())
    return newest.limit(sa.bindparam("most", type_=sa.Integer))
