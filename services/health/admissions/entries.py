"""Admissions to the trauma room, in the file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.health.admissions import store
from services.health.admissions.tables import AdmissionRow
from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, by_about, entry, ids_of
from shared.contract.filing import Noun, Way

KINDS = {"admission": Words("қабылдау бөліміне түсу", "поступление в травмпункт", "an admission to the trauma room")}


def entries(case: Case) -> Sequence[Rows]:
    """That somebody was admitted; that it was told is a report."""
    row = AdmissionRow
    came = entry(
        "admission",
        Way.DONE,
        noun=Noun.ADMISSIONS,
        at=col(row.admitted_at),
        about=col(row.id),
        ended=col(row.admitted_at),
        codes={"report_id": col(row.report_id)},
    )
    return [came.where(case.of(row))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """With what, and what that means."""
    mine = (AdmissionRow.organisation_id == desk.organisation, col(AdmissionRow.id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(AdmissionRow).where(*mine))).all()
    words = await store.words_of(desk.session, rows)
    said = {row.id: one.model_dump(mode="json", exclude_none=True) for row, one in zip(rows, words, strict=True)}
    return by_about(entries, said)


async def forget(work: Work, row: AdmissionRow) -> None:
    """Of nobody named: its key goes with it."""
    await vault.destroy(work.session, subject=vault.Subject(row.organisation_id, row.id), at=work.now)


SOURCE = Source(
    noun=Noun.ADMISSIONS,
    tables=(AdmissionRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(AdmissionRow, col(AdmissionRow.admitted_at), also=forget),),
)
