"""SQL for the bed board."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.beds.tables import BoardRow
from shared.casework.directory.tables import OrganisationRow
from shared.contract.events import BedsCounted
from shared.contract.vocabulary import BedKind


async def replace(session: AsyncSession, *, counted: BedsCounted, at: datetime) -> None:
    """The last announcement of an organisation is all there is of it; an older one changes nothing."""
    mine = BoardRow.organisation_id == counted.organisation
    newest: datetime | None = (await session.exec(select(func.max(BoardRow.announced_at)).where(mine))).one()
    if newest is not None and newest > at:
        return
    await session.exec(delete(BoardRow).where(col(BoardRow.organisation_id) == counted.organisation))
    for unit in {unit.unit: unit for unit in counted.units}.values():
        session.add(
            BoardRow(
                organisation_id=counted.organisation,
                announced_at=at,
                **unit.model_dump(mode="json", exclude={"counted_at"}),
                counted_at=unit.counted_at,
            )
        )


async def board(session: AsyncSession, *, kind: BedKind | None) -> Sequence[tuple[BoardRow, OrganisationRow]]:
    """Every unit with its organisation."""
    query = select(BoardRow, OrganisationRow).where(BoardRow.organisation_id == OrganisationRow.id)
    if kind is not None:
        query = query.where(BoardRow.kind == kind)
    return (await session.exec(query.order_by(col(BoardRow.organisation_id), col(BoardRow.unit)))).all()
