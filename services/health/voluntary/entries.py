"""Voluntary treatment in the file of the patient."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.health.voluntary import store
from services.health.voluntary.tables import VoluntaryRow
from shared.adapters.http import Desk
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, entry, ids_of
from shared.contract.filing import Noun, Way

KINDS = {
    "voluntary_offered": Words(
        "ерікті ем ұсынылды", "предложено добровольное лечение", "voluntary treatment was offered"
    ),
    "voluntary_begun": Words("ерікті ем басталды", "добровольное лечение начато", "voluntary treatment began"),
    "voluntary_ended": Words("ерікті ем аяқталды", "добровольное лечение окончено", "voluntary treatment ended"),
}
# Which part of what is said of a treatment an entry says.
READ = {"voluntary_begun": {"agreed_by"}, "voluntary_ended": {"refusal"}}
ENDED = col(VoluntaryRow.ended_at)


def entries(case: Case) -> Sequence[Rows]:
    """That it was offered, began and ended."""
    row, mine = VoluntaryRow, case.of(VoluntaryRow)
    common: dict[str, Any] = {
        "noun": Noun.VOLUNTARY,
        "about": col(row.id),
        "referral": col(row.referral_id),
        "ended": ENDED,
    }
    offered = entry("voluntary_offered", Way.DONE, at=col(row.created_at), **common)
    begun = entry("voluntary_begun", Way.DONE, at=col(row.began_at), **common)
    over = entry("voluntary_ended", Way.DONE, at=ENDED, state=col(row.state), **common)
    return [
        offered.where(mine),
        begun.where(mine, col(row.began_at).is_not(None)),
        over.where(mine, ENDED.is_not(None)),
    ]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """Who agreed to it; the note of a refusal."""
    mine = (VoluntaryRow.organisation_id == desk.organisation, col(VoluntaryRow.id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(VoluntaryRow).where(*mine))).all()
    words = dict(zip((row.id for row in rows), await store.words_of(desk.session, rows), strict=True))
    return {
        one.id: words[one.about].model_dump(mode="json", exclude_none=True, include=READ[one.kind])
        for one in entries
        if one.kind in READ and one.about in words
    }


SOURCE = Source(
    noun=Noun.VOLUNTARY,
    tables=(VoluntaryRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(VoluntaryRow, ENDED),),
)
