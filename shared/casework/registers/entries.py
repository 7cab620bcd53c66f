"""Entries of registers in the file of whom they name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, entry, ids_of
from shared.casework.registers import store
from shared.casework.registers.tables import RegisterEntryRow, RegisterMatchRow
from shared.contract.filing import Noun, Way

KINDS = {
    "register_entered": Words("есепке алынды", "поставлено на учёт", "entered into a register"),
    "register_removed": Words("есептен шығарылды", "снято с учёта", "taken out of a register"),
    "register_matched": Words(
        "басқа органның есебінде де бар", "есть и на учёте другого органа", "in another register, too"
    ),
}
REMOVED = col(RegisterEntryRow.removed_at)


def entries(case: Case) -> Sequence[Rows]:
    """That somebody was entered, which other register a comparison found them in, and that they were taken out."""
    row, match = RegisterEntryRow, RegisterMatchRow
    mine = case.of(row)
    common: dict[str, Any] = {"noun": Noun.REGISTERS, "about": col(row.id), "ended": REMOVED}
    said = {"kind": col(row.kind), "since": col(row.since), "review_on": col(row.review_on)}
    entered = entry("register_entered", Way.DONE, at=col(row.created_at), codes=said, **common)
    removed = entry(
        "register_removed",
        Way.DONE,
        at=REMOVED,
        state=col(row.removed_because),
        codes={"kind": col(row.kind)},
        **common,
    )
    matched = entry(
        "register_matched",
        Way.RECEIVED,
        at=col(match.at),
        key=(col(match.comparison_id),),
        counterpart=col(match.counterpart_id),
        codes={"their_kind": col(match.their_kind), "comparison_id": col(match.comparison_id)},
        **common,
    )
    of_it = sa.and_(col(match.entry_id) == col(row.id), col(match.organisation_id) == col(row.organisation_id))
    both = sa.join(row, match, of_it)
    return [entered.where(mine), removed.where(mine, REMOVED.is_not(None)), matched.select_from(both).where(mine)]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """For which reasons."""
    entered = [one for one in entries if one.kind == "register_entered"]
    mine = (RegisterEntryRow.organisation_id == desk.organisation, col(RegisterEntryRow.id).in_(ids_of(entered)))
    rows = (await desk.session.exec(select(RegisterEntryRow).where(*mine))).all()
    codes = dict(zip((row.id for row in rows), await store.codes_of(desk.session, rows), strict=True))
    return {one.id: {"reasons": sorted(codes[one.about])} for one in entered if codes.get(one.about)}


async def forget(work: Work, row: RegisterEntryRow) -> None:
    """That others had this person goes with it; why they were in it is under the person's own key."""
    await store.forget_matches(work.session, organisation_id=row.organisation_id, entry_ids=[row.id])


SOURCE = Source(
    noun=Noun.REGISTERS,
    tables=(RegisterEntryRow, RegisterMatchRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(RegisterEntryRow, REMOVED, also=forget),),
)
