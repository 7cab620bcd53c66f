"""Reports to the police in the file: at their sender those about the person."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, either, entry, id_of, ids_of, latest
from shared.casework.reports import store
from shared.casework.reports.reading import shown
from shared.casework.reports.tables import ReportRow
from shared.contract.filing import Noun, Way
from shared.contract.vocabulary import Side

KINDS = {
    "report": Words("полицияға хабар", "сообщение в полицию", "a report to the police"),
    "report_refused": Words("хабар қабылданбады", "сообщение не принято", "a report was not taken"),
    "report_registered": Words("хабар тіркелді", "сообщение зарегистрировано", "a report was registered"),
}
# It is over once it was registered, or turned away; until then somebody waits for it.
ENDED = latest(col(ReportRow.registered_at), col(ReportRow.refused_at))


def entries(case: Case) -> Sequence[Rows]:
    """That it was sent or came, and what became of it."""
    row, mine = ReportRow, case.of(ReportRow)
    sent = col(row.side) == Side.SENDER
    common: dict[str, Any] = {
        "noun": Noun.REPORTS,
        "about": col(row.id),
        "ended": ENDED,
        "counterpart": col(row.counterpart_id),
    }
    said = {name: col(getattr(row, name)) for name in ("subject", "basis", "consent_id", "erased_at")}
    told = entry(
        "report",
        either(sent, Way.SENT, Way.RECEIVED),
        at=col(row.created_at),
        state=col(row.kind),
        codes=said | {"received_at": col(row.received_at)},
        **common,
    )
    by = {"rule": col(row.refused_by)}
    refused = entry("report_refused", Way.RECEIVED, at=col(row.refused_at), codes=by, **common)
    registered = entry("report_registered", either(sent, Way.RECEIVED, Way.DONE), at=col(row.registered_at), **common)
    return [
        told.where(mine),
        refused.where(mine, col(row.refused_at).is_not(None)),
        registered.where(mine, col(row.registered_at).is_not(None)),
    ]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What crossed, as far as it may still be read."""
    mine = (ReportRow.organisation_id == desk.organisation, col(ReportRow.id).in_(ids_of(entries)))
    rows = list((await desk.session.exec(select(ReportRow).where(*mine))).all())
    return {id_of("report", one.id): one.content for one in await shown(desk, rows)}


async def forget(work: Work, row: ReportRow) -> None:
    """Its keys go with it: of what the duty told, and of what rested on more."""
    await vault.destroy(work.session, subject=store.told_subject(row), at=work.now)
    await vault.destroy(work.session, subject=store.subject(row), at=work.now)


SOURCE = Source(
    noun=Noun.REPORTS,
    tables=(ReportRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(ReportRow, ENDED, also=forget),),
)
