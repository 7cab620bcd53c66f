"""Stays, and the bed that is held, in the file."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, entry
from shared.casework.units.tables import HoldRow, StayRow
from shared.contract.filing import Noun, Way

KINDS = {
    "bed_held": Words("орын сақталды", "место удержано", "a place was held"),
    "stay_began": Words("тұру басталды", "проживание началось", "a stay began"),
    "stay_ended": Words("тұру аяқталды", "проживание окончено", "a stay ended"),
}


def entries(case: Case) -> Sequence[Rows]:
    """A place kept for a referral; that somebody moved in, and out."""
    row, hold = StayRow, HoldRow
    common: dict[str, Any] = {
        "noun": Noun.STAYS,
        "about": col(row.id),
        "referral": col(row.referral_id),
        "ended": col(row.ended_at),
    }
    said = {"unit": col(row.unit)}
    began = entry("stay_began", Way.DONE, at=col(row.started_at), codes=said, **common)
    over = entry("stay_ended", Way.DONE, at=col(row.ended_at), codes=said, **common)
    held = entry(
        "bed_held",
        Way.DONE,
        noun=Noun.STAYS,
        at=col(hold.held_at),
        about=col(hold.referral_id),
        referral=col(hold.referral_id),
        ended=col(hold.until),
        codes={"unit": col(hold.unit), "until": col(hold.until)},
    )
    mine = case.of(row)
    return [began.where(mine), over.where(mine, col(row.ended_at).is_not(None)), held.where(case.of(hold))]


SOURCE = Source(
    noun=Noun.STAYS,
    tables=(StayRow, HoldRow),
    kinds=KINDS,
    entries=entries,
    removed=(Removed(StayRow, col(StayRow.ended_at)), Removed(HoldRow, col(HoldRow.until))),
)
