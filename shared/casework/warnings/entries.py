"""Warnings that violence repeats, in the file."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, either, entry
from shared.casework.warnings.tables import FactRow, WarningRow
from shared.contract.filing import Noun, Way

KINDS = {
    "warning": Words("қайталану туралы ескерту", "предупреждение о повторении", "a warning of repetition"),
    "warning_acknowledged": Words("ескерту оқылды", "предупреждение принято к сведению", "a warning was acknowledged"),
    "warning_shared": Words("ескерту жіберілді", "предупреждение передано", "a warning was passed on"),
}
ENDED = col(WarningRow.acknowledged_at)


def entries(case: Case) -> Sequence[Rows]:
    """That it was raised or came, and what was done with it. What it rests on has entries of its own."""
    row, mine = WarningRow, case.of(WarningRow)
    common: dict[str, Any] = {
        "noun": Noun.WARNINGS,
        "about": col(row.id),
        "referral": col(row.referral_id),
        "counterpart": col(row.counterpart_id),
        "state": col(row.pattern),
        "ended": ENDED,
    }
    said = {name: col(getattr(row, name)) for name in ("times", "first_on", "last_on")}
    came = either(col(row.counterpart_id).is_(None), Way.DONE, Way.RECEIVED)
    raised = entry("warning", came, at=col(row.created_at), codes=said, **common)
    read = entry("warning_acknowledged", Way.DONE, at=ENDED, **common)
    shared = entry("warning_shared", Way.SENT, at=col(row.shared_at), **common)
    return [
        raised.where(mine),
        read.where(mine, ENDED.is_not(None)),
        shared.where(mine, col(row.shared_at).is_not(None)),
    ]


SOURCE = Source(
    noun=Noun.WARNINGS,
    tables=(WarningRow, FactRow),
    kinds=KINDS,
    entries=entries,
    removed=(Removed(WarningRow, ENDED), Removed(FactRow, col(FactRow.at))),
)
