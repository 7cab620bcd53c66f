"""Letters to partners without a service, in the file of whom they are about."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, either, entry, ids_of
from shared.casework.letters import store
from shared.casework.letters.tables import LetterRow
from shared.contract.filing import Noun, Way
from shared.contract.vocabulary import LetterEnd

KINDS = {
    "letter": Words("хат", "письмо", "a letter"),
    "letter_closed": Words(
        "хат бойынша іс аяқталды", "по письму больше ничего не ждут", "a letter is waited for no more"
    ),
    "letter_recalled": Words(
        "келісімнің аяқталғаны хатпен хабарланды",
        "о прекращении согласия написано",
        "the end of its consent was written",
    ),
}
CLOSED = col(LetterRow.closed_at)
# One that was recalled is over when the partner has answered that, too.
SETTLED = sa.or_(col(LetterRow.recalled_at).is_(None), col(LetterRow.recall_end).is_not(None))


def entries(case: Case) -> Sequence[Rows]:
    """That it was written, why it is waited for no more, and what came of its recall."""
    row, mine = LetterRow, case.of(LetterRow)
    common: dict[str, Any] = {
        "noun": Noun.LETTERS,
        "about": col(row.id),
        "counterpart": col(row.partner_id),
        "ended": sa.case((SETTLED, CLOSED)),
    }
    said = {name: col(getattr(row, name)) for name in ("purpose", "subject", "basis", "consent_id", "due_on")}
    number = sa.func.concat_ws("/", col(row.year), col(row.serial))
    written = entry(
        "letter", Way.SENT, at=col(row.written_at), state=col(row.kind), codes={"number": number, **said}, **common
    )
    closed = entry(
        "letter_closed",
        either(col(row.end) == LetterEnd.CONFIRMED, Way.RECEIVED, Way.DONE),
        at=CLOSED,
        state=col(row.end),
        codes={"number": number, "came_back_on": col(row.came_back_on)},
        **common,
    )
    recalled = entry(
        "letter_recalled",
        Way.SENT,
        at=col(row.recalled_at),
        state=col(row.recall_end),
        codes={"number": number, "due_on": col(row.recall_due_on), "ended_on": col(row.recall_ended_on)},
        **common,
    )
    return [
        written.where(mine),
        closed.where(mine, CLOSED.is_not(None)),
        recalled.where(mine, col(row.recalled_at).is_not(None)),
    ]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What it says; and of the page that came back, its number there and who signed it."""
    mine = (LetterRow.organisation_id == desk.organisation, col(LetterRow.id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(LetterRow).where(*mine))).all()
    words = dict(zip((row.id for row in rows), await store.words_of(desk.session, rows), strict=True))
    return {one.id: _said(one.kind, said) for one in entries if (said := words.get(one.about)) is not None}


def _said(kind: str, words: store.Words) -> dict[str, Any]:
    if kind == "letter":
        return words.content.model_dump(mode="json", exclude_none=True, exclude={"letter_id", "number", "kind", "at"})
    page = {"their_number": words.their_number, "signed_by": words.signed_by} if kind == "letter_closed" else {}
    return {name: value for name, value in page.items() if value}


async def forget(work: Work, row: LetterRow) -> None:
    """Its key goes with it."""
    await vault.destroy(work.session, subject=store.subject(row), at=work.now)


SOURCE = Source(
    noun=Noun.LETTERS,
    tables=(LetterRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(LetterRow, CLOSED, SETTLED, also=forget),),
)
