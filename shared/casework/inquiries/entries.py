"""Questions to other agencies and theirs, in the file of whom they are about."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, either, entry, ids_of, latest
from shared.casework.inquiries import store
from shared.casework.inquiries.models import shown
from shared.casework.inquiries.tables import InquiryRow
from shared.contract.filing import Noun, Way
from shared.contract.vocabulary import InquiryState, Side

KINDS = {
    "inquiry": Words("сұрау", "запрос", "a question"),
    "inquiry_settled": Words("сұраудың нәтижесі", "итог запроса", "what came of a question"),
}
ENDED = latest(col(InquiryRow.settled_at), col(InquiryRow.erased_at))
# Which part of what may be read of a question an entry says.
READ = {"inquiry": "asked", "inquiry_settled": "answer"}


def entries(case: Case) -> Sequence[Rows]:
    """That something was asked, and that it was answered, refused or taken back."""
    row, mine = InquiryRow, case.of(InquiryRow)
    here = col(row.side) == Side.SENDER
    taken_back = col(row.state) == InquiryState.CANCELLED
    common: dict[str, Any] = {
        "noun": Noun.INQUIRIES,
        "about": col(row.id),
        "counterpart": col(row.counterpart_id),
        "state": col(row.state),
        "ended": ENDED,
    }
    said = {name: col(getattr(row, name)) for name in ("kind", "subject", "basis", "due_on", "erased_at")}
    asked = entry("inquiry", either(here, Way.SENT, Way.RECEIVED), at=col(row.created_at), codes=said, **common)
    settled = entry(
        "inquiry_settled",
        either(sa.or_(sa.and_(here, taken_back), sa.not_(sa.or_(here, taken_back))), Way.SENT, Way.RECEIVED),
        at=col(row.settled_at),
        codes={"ground": col(row.ground), "handed_to": col(row.handed_to)},
        **common,
    )
    return [asked.where(mine), settled.where(mine, col(row.settled_at).is_not(None))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What was asked and what was told, as far as that may still be read."""
    mine = (InquiryRow.organisation_id == desk.organisation, col(InquiryRow.id).in_(ids_of(entries)))
    rows = list((await desk.session.exec(select(InquiryRow).where(*mine))).all())
    read = {one.id: one for one in await shown(desk, rows)}
    said = {one.id: getattr(read[one.about], READ[one.kind]) or {} for one in entries if one.about in read}
    return {entry_id: {name: value for name, value in one.items() if value} for entry_id, one in said.items() if one}


async def forget(work: Work, row: InquiryRow) -> None:
    """Its key goes with it."""
    await vault.destroy(work.session, subject=store.subject_of(row), at=work.now)


SOURCE = Source(
    noun=Noun.INQUIRIES,
    tables=(InquiryRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(InquiryRow, ENDED, also=forget),),
)
