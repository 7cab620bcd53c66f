"""Requests to the guardianship authority in the file of the minor, at who asked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, by_about, entry, ids_of
from shared.casework.guardianship import store
from shared.casework.guardianship.tables import GuardianRequestRow
from shared.contract.filing import Noun, Way

KINDS = {
    "guardian_request": Words(
        "қорғаншылық органына сұрау", "запрос в орган опеки", "a request to the guardianship authority"
    ),
    "guardian_answer": Words(
        "қорғаншылық органының жауабы", "ответ органа опеки", "the guardianship authority's answer"
    ),
}
ANSWERED = col(GuardianRequestRow.answered_at)


def entries(case: Case) -> Sequence[Rows]:
    """That it was asked, and what it answered. At who answers no record is named, so it is in nobody's file."""
    row, mine = GuardianRequestRow, case.of(GuardianRequestRow)
    common: dict[str, Any] = {
        "noun": Noun.GUARDIANSHIP,
        "about": col(row.id),
        "counterpart": col(row.counterpart_id),
        "ended": ANSWERED,
    }
    said = {"subject": col(row.subject), "answer_by": col(row.answer_by)}
    asked = entry("guardian_request", Way.SENT, at=col(row.asked_at), codes=said, **common)
    answer = entry("guardian_answer", Way.RECEIVED, at=ANSWERED, state=col(row.answer), **common)
    return [asked.where(mine), answer.where(mine, ANSWERED.is_not(None))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """Whom to call."""
    asked = [one for one in entries if one.kind == "guardian_request"]
    mine = (GuardianRequestRow.organisation_id == desk.organisation, col(GuardianRequestRow.id).in_(ids_of(asked)))
    rows = (await desk.session.exec(select(GuardianRequestRow).where(*mine))).all()
    said = await store.contents(desk.session, rows)
    return by_about(asked, dict(zip((row.id for row in rows), said, strict=True)))


async def forget(work: Work, row: GuardianRequestRow) -> None:
    """The key of one that is about nobody recorded here goes with it."""
    await vault.destroy(work.session, subject=vault.Subject(row.organisation_id, row.id), at=work.now)


SOURCE = Source(
    noun=Noun.GUARDIANSHIP,
    tables=(GuardianRequestRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(GuardianRequestRow, ANSWERED, also=forget),),
)
