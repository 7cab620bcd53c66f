"""SQL for files: the case, and its entries from all sources as one timeline."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging
from shared.adapters.http import Desk
from shared.adapters.identity import Permission
from shared.casework.files.source import Case, Source, Told, told
from shared.casework.files.sources import DUE
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.tables import ReferralRow


async def of_person(desk: Desk, person: PersonRow) -> Case:
    """All that is held about a person: by their record, the referrals about them, and the one they were taken from."""
    row = ReferralRow
    about = sa.or_(col(row.person_id) == person.id, col(row.id) == person.taken_from)
    ids = await desk.session.exec(select(row.id).where(row.organisation_id == desk.organisation, about))
    return _case(desk, person.id, frozenset(ids.all()))


def of_referral(desk: Desk, referral: ReferralRow) -> Case:
    """What is held about one referral."""
    return _case(desk, None, frozenset({referral.id}))


def _case(desk: Desk, person_id: UUID | None, referrals: frozenset[UUID]) -> Case:
    chief = Permission.REVIEW in desk.caller.permissions
    return Case(desk.organisation, person_id, referrals, desk.now, chief)


async def page(
    session: AsyncSession, *, case: Case, sources: Sequence[Source], cursor: str | None, limit: int
) -> list[Told]:
    """Up to limit + 1 entries of a case, newest first: what is due comes before what was."""
    happened = sa.union_all(*[rows for source in sources for rows in source.entries(case)]).cte("happened")
    concerned = replace(case, things=sa.select(happened.c.about))
    due = [rows for source in DUE for rows in source.entries(concerned)]
    timeline = sa.union_all(sa.select(happened), *due).subquery("timeline")
    at, entry_id = timeline.c.at, timeline.c.id
    query = sa.select(timeline).where(*paging.behind(cursor, at, entry_id)).order_by(at.desc(), entry_id.desc())
    return [told(row) for row in await (await session.connection()).execute(query.limit(limit + 1))]
