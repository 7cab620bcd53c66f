"""SQL for walls."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.audit_tables import AuditEntry
from shared.casework.persons.tables import PersonIndexRow
from shared.casework.walls.tables import WallFileRow, WallRow, WallStaffRow
from shared.contract.vocabulary import SubjectRole
from shared.contract.walls import TELLING

MOST = 200
NAMING, NAMED = aliased(PersonIndexRow), aliased(PersonIndexRow)
_BY_THE_SAME = [
    and_(col(NAMING.kind) == f"other {kind}", col(NAMED.kind).in_([kind, f"referral {kind}"])) for kind in TELLING
]
NAMED_BY_THE_OTHER = and_(
    col(NAMING.fingerprint) == NAMED.fingerprint, col(NAMING.person_id) != NAMED.person_id, or_(*_BY_THE_SAME)
)


class File(NamedTuple):
    """A person's record or a referral, and on which side it lies."""

    id: UUID
    kind: str
    side: SubjectRole


class Pair(NamedTuple):
    """Who names the other party, and whose record or referral that is."""

    naming: UUID
    named: UUID


def wall_id(hers: UUID, his: UUID) -> UUID:
    """The same two always make the same wall."""
    return uuid5(hers, str(his))


async def pairs_of(session: AsyncSession, *, organisation_id: str, file_id: UUID) -> set[Pair]:
    """Whom a file names, and who names it, by keyed indexes: nothing is opened, and one organisation's alone."""
    query = select(NAMING.person_id, NAMED.person_id).where(
        NAMING.organisation_id == organisation_id,
        NAMED.organisation_id == organisation_id,
        NAMED_BY_THE_OTHER,
        or_(col(NAMING.person_id) == file_id, col(NAMED.person_id) == file_id),
    )
    return {Pair(*found) for found in await session.exec(query)}


async def raise_wall(session: AsyncSession, *, wall: WallRow, files: Iterable[File]) -> bool:
    """Put a wall between files; False where it stood already, or a chief has ended it: then only files are added."""
    row = insert(WallRow).values(wall.model_dump()).on_conflict_do_nothing().returning(col(WallRow.id))
    new = (await session.exec(row)).first() is not None
    whose = {"organisation_id": wall.organisation_id, "wall_id": wall.id}
    values = [{**whose, "file_id": file.id, "kind": file.kind, "side": file.side} for file in files]
    await session.exec(insert(WallFileRow).values(values).on_conflict_do_nothing())
    return new


async def walls_of(session: AsyncSession, *, organisation_id: str, file_id: UUID) -> Sequence[WallRow]:
    """The walls that part this very file from another one."""
    mine = or_(col(WallRow.hers) == file_id, col(WallRow.his) == file_id)
    return (await session.exec(select(WallRow).where(WallRow.organisation_id == organisation_id, mine))).all()


async def take_down(session: AsyncSession, *, wall: WallRow) -> None:
    """It rested on what is not known here any more: nothing of it stays."""
    mine = wall.organisation_id, wall.id
    for table in (WallFileRow, WallStaffRow):
        await session.exec(delete(table).where(col(table.organisation_id) == mine[0], col(table.wall_id) == mine[1]))
    await session.exec(delete(WallRow).where(col(WallRow.organisation_id) == mine[0], col(WallRow.id) == mine[1]))


async def who_worked(session: AsyncSession, *, organisation_id: str, files: Collection[UUID], node: str) -> set[str]:
    """The callers whom the record names with these files."""
    told = or_(
        col(AuditEntry.person_id).in_(files), col(AuditEntry.concerning).in_([str(file_id) for file_id in files])
    )
    mine = (AuditEntry.organisation_id == organisation_id, AuditEntry.actor != node)
    query = select(AuditEntry.actor).where(*mine, told)
    return set((await session.exec(query.distinct())).all())


async def put_staff(
    session: AsyncSession,
    *,
    wall: WallRow,
    staff: Mapping[str, SubjectRole],
    assigned_by: str | None,
    at: datetime,
) -> None:
    """Who is on which side. Who was assigned leaves the side on which they were."""
    whose = {"organisation_id": wall.organisation_id, "wall_id": wall.id, "assigned_by": assigned_by, "since": at}
    values = [{**whose, "staff": who, "side": side} for who, side in staff.items()]
    if not values:
        return
    row = insert(WallStaffRow).values(values)
    said = {name: row.excluded[name] for name in ("side", "assigned_by", "since")}
    same = row.on_conflict_do_nothing()
    moved = row.on_conflict_do_update(constraint="wall_staff_pkey", set_=said)
    await session.exec(same if assigned_by is None else moved)


async def get(session: AsyncSession, *, organisation_id: str, wall_id: UUID) -> WallRow | None:
    """One wall that stands, locked."""
    query = select(WallRow).where(
        WallRow.organisation_id == organisation_id, WallRow.id == wall_id, col(WallRow.ended_at).is_(None)
    )
    return (await session.exec(query.with_for_update())).first()


async def standing(session: AsyncSession, *, organisation_id: str, for_staff: str | None) -> Sequence[WallRow]:
    """The walls that stand, newest first: all, or those on a side of which somebody is."""
    query = select(WallRow).where(WallRow.organisation_id == organisation_id, col(WallRow.ended_at).is_(None))
    if for_staff is not None:
        theirs = select(WallStaffRow.wall_id).where(
            WallStaffRow.organisation_id == organisation_id, WallStaffRow.staff == for_staff
        )
        query = query.where(col(WallRow.id).in_(theirs))
    return (await session.exec(query.order_by(col(WallRow.made_at).desc(), col(WallRow.id)).limit(MOST))).all()


async def files_of(session: AsyncSession, *, walls: Collection[WallRow]) -> Sequence[WallFileRow]:
    """The files that these walls of one organisation part."""
    query = select(WallFileRow).where(
        col(WallFileRow.wall_id).in_([w.id for w in walls]),
        col(WallFileRow.organisation_id).in_({w.organisation_id for w in walls}),
    )
    return (await session.exec(query.order_by(col(WallFileRow.side), col(WallFileRow.file_id)))).all()


async def staff_of(session: AsyncSession, *, walls: Collection[WallRow]) -> Sequence[WallStaffRow]:
    """Who is on their sides."""
    query = select(WallStaffRow).where(
        col(WallStaffRow.wall_id).in_([w.id for w in walls]),
        col(WallStaffRow.organisation_id).in_({w.organisation_id for w in walls}),
    )
    return (await session.exec(query.order_by(col(WallStaffRow.side), col(WallStaffRow.staff)))).all()


async def around(session: AsyncSession, *, organisation_id: str, files: Collection[UUID]) -> Sequence[WallRow]:
    """The walls that stand around any of these files, locked: two appointments are not made past each other."""
    behind = select(WallFileRow.wall_id).where(
        WallFileRow.organisation_id == organisation_id, col(WallFileRow.file_id).in_(files)
    )
    query = select(WallRow).where(
        WallRow.organisation_id == organisation_id, col(WallRow.id).in_(behind), col(WallRow.ended_at).is_(None)
    )
    return (await session.exec(query.order_by(col(WallRow.id)).with_for_update())).all()
