"""Declared dangers to life in the file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from shared.adapters.http import Desk
from shared.casework.disclosures.words import Words
from shared.casework.emergencies import store
from shared.casework.emergencies.tables import EmergencyRow
from shared.casework.files.source import Case, Removed, Rows, Source, Told, entry, ids_of, latest
from shared.contract.filing import Noun, Way

KINDS = {
    "emergency_declared": Words("өмірге қауіп жарияланды", "объявлена угроза жизни", "a danger to life was declared"),
    "emergency_reviewed": Words(
        "жарияланған қауіп тексерілді", "объявленная угроза проверена", "a declared danger was reviewed"
    ),
}
# It is over once it has ended and was reviewed.
ENDED = latest(col(EmergencyRow.until), col(EmergencyRow.reviewed_at))


def entries(case: Case) -> Sequence[Rows]:
    """That it was declared, and that it was reviewed."""
    row, mine = EmergencyRow, case.of(EmergencyRow)
    reviewed_at = col(row.reviewed_at)
    ended = sa.case((reviewed_at.is_not(None), ENDED))
    common: dict[str, Any] = {"noun": Noun.EMERGENCIES, "about": col(row.id), "ended": ended}
    said = {"until": col(row.until)}
    declared = entry("emergency_declared", Way.DONE, at=col(row.declared_at), codes=said, **common)
    justified = {"justified": col(row.justified)}
    reviewed = entry("emergency_reviewed", Way.DONE, at=reviewed_at, codes=justified, **common)
    return [declared.where(mine), reviewed.where(mine, reviewed_at.is_not(None))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """Why, and what the review noted."""
    query = select(EmergencyRow).where(
        EmergencyRow.organisation_id == desk.organisation, col(EmergencyRow.id).in_(ids_of(entries))
    )
    rows = (await desk.session.exec(query)).all()
    words = await store.words_of(desk.session, rows)
    said = {row.id: one for row, one in zip(rows, words, strict=True)}
    names = {"emergency_declared": "why", "emergency_reviewed": "note"}
    written = {one.id: (names[one.kind], getattr(said.get(one.about), names[one.kind], None)) for one in entries}
    return {where: {name: text} for where, (name, text) in written.items() if text}


SOURCE = Source(
    noun=Noun.EMERGENCIES,
    tables=(EmergencyRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    # One that nobody has reviewed stays until somebody has.
    removed=(Removed(EmergencyRow, ENDED, col(EmergencyRow.reviewed_at).is_not(None)),),
)
