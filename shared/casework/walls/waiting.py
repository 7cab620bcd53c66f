"""No shared waiting-room time: the two parties' appointments are kept apart."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.adapters.database import unwalled
from shared.adapters.outbox import Work
from shared.casework.appointments import store as appointments
from shared.casework.appointments.tables import AppointmentRow
from shared.casework.walls import store
from shared.casework.walls.tables import WallFileRow, WallRow
from shared.contract.walls import apart_at, meet

Span = tuple[datetime, datetime]


async def is_free(work: Work, *, organisation_id: str, files: Collection[UUID], span: Span) -> bool:
    """Whether nobody from the other side of a wall is there at that time, or shortly before or after.

    Of two calls for both parties at once the second waits for the first. Wherever times are given, this is asked.
    """
    apart = apart_at(work.now)
    async with unwalled(work.session):
        walls = await store.around(work.session, organisation_id=organisation_id, files=files)
        parted = await store.files_of(work.session, walls=walls) if walls else ()
        others = _across(parted, files)
        theirs = await appointments.of_files(
            work.session, organisation_id=organisation_id, files=others, since=span[0] - apart
        )
    return not any(meet(span, (one.starts_at, one.ends_at), apart) for one in theirs)


def _across(parted: Sequence[WallFileRow], files: Collection[UUID]) -> set[UUID]:
    """What lies on the other side of each wall from these files."""
    mine = {(one.wall_id, one.side) for one in parted if one.file_id in files}
    walls = {wall for wall, _ in mine}
    return {one.file_id for one in parted if one.wall_id in walls and (one.wall_id, one.side) not in mine}


async def clashes(work: Work, wall: WallRow) -> list[tuple[UUID, UUID]]:
    """Appointments to come that were made before the wall stood, and in which the two would meet: by pairs."""
    async with unwalled(work.session):
        by_side: dict[str, list[UUID]] = defaultdict(list)
        for file in await store.files_of(work.session, walls=[wall]):
            by_side[file.side].append(file.file_id)
        whose = wall.organisation_id
        sides: list[Sequence[AppointmentRow]] = [
            await appointments.of_files(work.session, organisation_id=whose, files=files, since=work.now)
            for files in by_side.values()
        ]
    apart = apart_at(work.now)
    pairs = [(one, other) for one in sides[0] for other in sides[1]] if len(sides) == 2 else []
    return [(a.id, b.id) for a, b in pairs if meet((a.starts_at, a.ends_at), (b.starts_at, b.ends_at), apart)]
