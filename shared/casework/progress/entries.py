"""What the receivers of referrals told of them, in the file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shared.adapters.http import Desk
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Rows, Source, Told, by_about, entry, ids_of
from shared.casework.progress import store
from shared.casework.progress.endpoints import shown_of
from shared.casework.progress.tables import ProgressRow
from shared.casework.referrals.entries import ended_of
from shared.contract.filing import Noun, Way

KINDS = {
    "progress_told": Words("жолдаманың барысы", "ход по направлению", "how it goes with whom we referred"),
}


def entries(case: Case) -> Sequence[Rows]:
    """The newest of each plan and each session. It goes with its referral."""
    row = ProgressRow
    told = entry(
        "progress_told",
        Way.RECEIVED,
        noun=Noun.PROGRESS,
        at=col(row.received_at),
        about=col(row.id),
        ended=ended_of(row),
        referral=col(row.referral_id),
        counterpart=col(row.counterpart_id),
        state=col(row.kind),
        codes={"basis": col(row.basis), "purpose": col(row.purpose), "erased_at": col(row.erased_at)},
    )
    return [told.where(case.of(row))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What crossed, as far as it may still be read."""
    mine = (ProgressRow.organisation_id == desk.organisation, col(ProgressRow.id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(ProgressRow).where(*mine))).all()
    told = await store.told(desk.session, rows)
    found = [await shown_of(desk, row, one) for row, one in zip(rows, told, strict=True)]
    return by_about(entries, {one.id: one.content for one in found})


SOURCE = Source(noun=Noun.PROGRESS, tables=(ProgressRow,), kinds=KINDS, entries=entries, contents=contents)
