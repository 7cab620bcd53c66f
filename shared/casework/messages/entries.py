"""The conversation about referrals in the file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from shared.adapters.http import Desk
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Rows, Source, Told, by_about, either, entry, ids_of
from shared.casework.messages import store
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals.entries import ended_of
from shared.contract.filing import Noun, Way

KINDS = {"message": Words("хабарлама", "сообщение", "a message")}


def entries(case: Case) -> Sequence[Rows]:
    """Each message of either side. It goes with its referral."""
    row = MessageRow
    written = entry(
        "message",
        either(col(row.author_id) == case.organisation_id, Way.SENT, Way.RECEIVED),
        noun=Noun.MESSAGES,
        at=col(row.at),
        about=col(row.id),
        ended=ended_of(row),
        referral=col(row.referral_id),
        counterpart=col(row.author_id),
        codes={"read_at": col(row.read_at)},
    )
    return [written.where(case.of(row))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What was written: our own, and what was read here before. The rest is read in the conversation, which tells the
    other side that it was read."""
    row = MessageRow
    seen = or_(col(row.author_id) == desk.organisation, col(row.read_at).is_not(None))
    mine = (col(row.organisation_id) == desk.organisation, col(row.id).in_(ids_of(entries)), seen)
    rows = (await desk.session.exec(select(MessageRow).where(*mine))).all()
    bodies = await store.bodies(desk.session, rows)
    return by_about(entries, {one.id: {"text": body} for one, body in zip(rows, bodies, strict=True) if body})


SOURCE = Source(noun=Noun.MESSAGES, tables=(MessageRow,), kinds=KINDS, entries=entries, contents=contents)
