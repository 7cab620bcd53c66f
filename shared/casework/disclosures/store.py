"""SQL for the accounting of disclosures."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging
from shared.adapters.tables import Disclosure


async def page(
    session: AsyncSession, *, organisation_id: str, person_id: UUID | None, cursor: str | None, limit: int
) -> Sequence[Disclosure]:
    """Up to limit + 1 disclosures of an organisation, newest first."""
    at, row_id = col(Disclosure.at), col(Disclosure.id)
    query = select(Disclosure).where(Disclosure.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    if person_id is not None:
        query = query.where(Disclosure.person_id == person_id)
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()
