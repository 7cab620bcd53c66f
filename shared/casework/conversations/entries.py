"""Preventive conversations in the file: those that were held here, and those that others told they have held."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shared.adapters.http import Desk
from shared.casework.conversations import store
from shared.casework.conversations.tables import ConversationRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, by_about, either, entry, ids_of
from shared.contract.filing import Noun, Way

KINDS = {"conversation": Words("алдын алу әңгімесі", "профилактическая беседа", "a preventive conversation")}


def entries(case: Case) -> Sequence[Rows]:
    """Each, when it was recorded here; whom it was told to stands with it."""
    row = ConversationRow
    held = entry(
        "conversation",
        either(col(row.counterpart_id).is_(None), Way.DONE, Way.RECEIVED),
        noun=Noun.CONVERSATIONS,
        at=col(row.created_at),
        about=col(row.id),
        ended=col(row.created_at),
        referral=col(row.referral_id),
        counterpart=col(row.counterpart_id),
        codes={"held_on": col(row.held_on), "place": col(row.place), "told": col(row.recipients)},
    )
    return [held.where(case.of(row))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What was said, who was present, how long it took: of ours alone, for no event has a field for it."""
    mine = (ConversationRow.organisation_id == desk.organisation, col(ConversationRow.id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(ConversationRow).where(*mine))).all()
    words = await store.words_of(desk.session, rows)
    return by_about(entries, {row.id: said for row, said in zip(rows, words, strict=True)})


SOURCE = Source(
    noun=Noun.CONVERSATIONS,
    tables=(ConversationRow,),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(ConversationRow, col(ConversationRow.created_at)),),
)
