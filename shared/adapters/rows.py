"""An organisation's row by its id: what most calls begin with. Its statement is made once, not for each of them."""

from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row", bound=SQLModel)


async def one(
    session: AsyncSession, model: type[Row], *, organisation_id: str, id_: UUID, for_update: bool = False
) -> Row | None:
    """The row, or None: another organisation's does not exist. Locked until the end of the transaction `for_update`."""
    of = {"its_organisation": organisation_id, "its_id": id_}
    return (await session.exec(_by_id(model, for_update=for_update), params=of)).first()


@cache
def _by_id(model: Any, *, for_update: bool) -> SelectOfScalar[Any]:
    """For a table with the columns `id` and `organisation_id`."""
    is_it, is_theirs = model.id == bindparam("its_id"), model.organisation_id == bindparam("its_organisation")
    query = select(model).where(is_it, is_theirs)
    return query.with_for_update() if for_update else query


async def forget_rows(session: AsyncSession) -> None:
    """What was read so far is read anew from now on: the next unit of work in a transaction begins like the first."""
    await session.flush()
    session.expunge_all()
