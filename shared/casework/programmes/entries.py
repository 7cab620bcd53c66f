"""Taking part in programmes, in the file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, entry, id_of, ids_of
from shared.casework.programmes import store
from shared.casework.programmes.tables import AttendanceRow, EnrolmentRow, ProgrammeRow, SessionRow
from shared.contract.filing import Noun, Way

KINDS = {
    "enrolled": Words("бағдарламаға жазылды", "включён в программу", "enrolled in a programme"),
    "enrolment_ended": Words("бағдарлама аяқталды", "участие в программе окончено", "an enrolment ended"),
    "attendance": Words("сабаққа қатысу", "посещение занятия", "attendance of a session"),
}
ENDED = col(EnrolmentRow.ended_at)


def entries(case: Case) -> Sequence[Rows]:
    """That somebody was enrolled, each session, and the end."""
    row, came = EnrolmentRow, AttendanceRow
    mine = case.of(row)
    common: dict[str, Any] = {
        "noun": Noun.PROGRAMMES,
        "about": col(row.id),
        "referral": col(row.referral_id),
        "ended": ENDED,
    }
    which = {"programme_id": col(row.programme_id)}
    began = entry("enrolled", Way.DONE, at=col(row.enrolled_at), codes=which, **common)
    over = entry("enrolment_ended", Way.DONE, at=ENDED, state=col(row.state), codes=which, **common)
    attended = entry(
        "attendance",
        Way.DONE,
        at=col(SessionRow.starts_at),
        key=(col(came.id),),
        codes={"session_id": col(came.session_id), "recorded_at": col(came.recorded_at)},
        **common,
    )
    of_it = sa.and_(
        col(came.enrolment_id) == col(row.id),
        col(came.organisation_id) == col(row.organisation_id),
        col(SessionRow.id) == col(came.session_id),
    )
    return [began.where(mine), over.where(mine, ENDED.is_not(None)), attended.where(mine, of_it)]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """Whether they came."""
    row = AttendanceRow
    mine = (col(row.organisation_id) == desk.organisation, col(row.enrolment_id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(row).where(*mine))).all()
    found = zip(rows, await store.came(desk.session, rows), strict=True)
    return {id_of("attendance", one.enrolment_id, one.id): {"attended": yes} for one, yes in found if yes is not None}


async def forget(work: Work, row: EnrolmentRow) -> None:
    """Whether they came goes with it; and its key, where nobody is recorded whose key it is."""
    mine = (col(AttendanceRow.organisation_id) == row.organisation_id, col(AttendanceRow.enrolment_id) == row.id)
    await work.session.exec(delete(AttendanceRow).where(*mine))
    await vault.destroy(work.session, subject=vault.Subject(row.organisation_id, row.id), at=work.now)


SOURCE = Source(
    noun=Noun.PROGRAMMES,
    tables=(EnrolmentRow, AttendanceRow, SessionRow, ProgrammeRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(EnrolmentRow, ENDED, also=forget),),
)
