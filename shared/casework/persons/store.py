"""SQL for persons. Every function names the organisation: another one's person does not exist."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.persons.tables import PersonRow


async def get(
    session: AsyncSession, *, organisation_id: str, person_id: UUID, for_update: bool = False
) -> PersonRow | None:
    """The organisation's person, or None; locked until the end of the transaction if it will be changed."""
    query = select(PersonRow).where(PersonRow.id == person_id, PersonRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if for_update else query)).first()
