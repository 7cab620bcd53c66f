"""Examinations in the file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.health.examinations import store
from services.health.examinations.tables import ExaminationRow
from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, by_about, entry, ids_of
from shared.contract.filing import Noun, Way

KINDS = {"examination": Words("медициналық тексеру", "обследование", "an examination")}


def entries(case: Case) -> Sequence[Rows]:
    """That somebody was examined."""
    row = ExaminationRow
    done = entry(
        "examination",
        Way.DONE,
        noun=Noun.EXAMINATIONS,
        at=col(row.examined_at),
        about=col(row.id),
        ended=col(row.examined_at),
        referral=col(row.referral_id),
    )
    return [done.where(case.of(row))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What was examined, and what was found."""
    mine = (ExaminationRow.organisation_id == desk.organisation, col(ExaminationRow.id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(ExaminationRow).where(*mine))).all()
    words = zip(rows, await store.words_of(desk.session, rows), strict=True)
    return by_about(entries, {row.id: said.model_dump(mode="json", exclude_none=True) for row, said in words})


async def forget(work: Work, row: ExaminationRow) -> None:
    """Of nobody named: its key goes with it."""
    await vault.destroy(work.session, subject=vault.Subject(row.organisation_id, row.id), at=work.now)


SOURCE = Source(
    noun=Noun.EXAMINATIONS,
    tables=(ExaminationRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(ExaminationRow, col(ExaminationRow.examined_at), also=forget),),
)
