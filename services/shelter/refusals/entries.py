"""Refusals to report, in the file of who refused. The notice to the police names nobody."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from services.shelter.refusals.tables import RefusalRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, entry, latest
from shared.contract.filing import Noun, Way

KINDS = {
    "refusal": Words("арызданудан бас тарту", "отказ заявлять", "a refusal to report"),
    "notice_sent": Words("бас тарту туралы хабарланды", "уведомление об отказе отправлено", "the notice was sent"),
    "notice_acknowledged": Words(
        "хабарлама расталды", "уведомление подтверждено", "the police acknowledged the notice"
    ),
}
ENDED = latest(col(RefusalRow.acknowledged_at), col(RefusalRow.sent_at))


def entries(case: Case) -> Sequence[Rows]:
    """That they refused, that the police were told of a refusal, and that they said so."""
    row, mine = RefusalRow, case.of(RefusalRow)
    common: dict[str, Any] = {"noun": Noun.REFUSALS, "about": col(row.id), "ended": ENDED, "state": col(row.state)}
    to: dict[str, Any] = {"counterpart": col(row.police_id)}
    said = {"due_on": col(row.due_on), "agrees_to_contact": col(row.agrees_to_contact)}
    refused = entry("refusal", Way.DONE, at=col(row.refused_at), codes=said, **common)
    sent = entry("notice_sent", Way.SENT, at=col(row.sent_at), **common, **to)
    known = entry("notice_acknowledged", Way.RECEIVED, at=col(row.acknowledged_at), **common, **to)
    return [
        refused.where(mine),
        sent.where(mine, col(row.sent_at).is_not(None)),
        known.where(mine, col(row.acknowledged_at).is_not(None)),
    ]


SOURCE = Source(
    noun=Noun.REFUSALS,
    tables=(RefusalRow,),
    kinds=KINDS,
    entries=entries,
    removed=(Removed(RefusalRow, ENDED),),
)
