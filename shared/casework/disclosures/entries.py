"""What left about the person, or about the referral, in the file; and what was withheld, by which row."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col, select

from shared.adapters.http import Desk
from shared.adapters.tables import Disclosure, Outbound, OutboxDone, OutboxRow
from shared.casework.disclosures.accounting import Accounted, account
from shared.casework.disclosures.words import Words
from shared.casework.files.source import NOBODY, Case, Rows, Source, Told, entry, ids_of
from shared.contract.filing import Noun, Way

KINDS = {
    "disclosed": Words("басқаға берілді", "передано другим", "told to others"),
    "withheld": Words("берілмей қалды", "удержано", "withheld"),
}


def entries(case: Case) -> Sequence[Rows]:
    """Of each event what left, and what did not. Kept for good: the accounting itself."""
    row = Disclosure
    about = sa.or_(case.is_whom(col(row.person_id)), col(row.concerning) == sa.any_(case.referral_names))
    mine = sa.and_(col(row.organisation_id) == case.organisation_id, about)
    said = {name: col(getattr(row, name)) for name in ("event_type", "subject", "basis", "purpose", "rules")}
    common: dict[str, Any] = {
        "noun": Noun.DISCLOSURES,
        "at": col(row.at),
        "about": col(row.id),
        "ended": NOBODY,
        "counterpart": col(row.recipient_id),
        "state": _state(),
    }
    left = entry("disclosed", Way.SENT, codes=said | {"categories": col(row.categories)}, **common)
    kept = entry("withheld", Way.WITHHELD, codes=said | {"withheld": col(row.withheld)}, **common)
    never = sa.and_(_state() == "withheld", _attempts() == 0)
    something = col(row.withheld) != sa.cast(sa.literal("{}"), JSONB)
    return [left.where(mine, ~sa.func.coalesce(never, sa.false())), kept.where(mine, sa.or_(something, never))]


def _state() -> Any:
    return select(Outbound.state).where(Outbound.id == Disclosure.id).correlate(Disclosure).scalar_subquery()


def _attempts() -> Any:
    return select(Outbound.attempts).where(Outbound.id == Disclosure.id).correlate(Disclosure).scalar_subquery()


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """Each rule's words; whether it arrived; whether it is erased there."""
    mine = (Disclosure.organisation_id == desk.organisation, col(Disclosure.id).in_(ids_of(entries)))
    rows = (await desk.session.exec(select(Disclosure).where(*mine))).all()
    known = {one.id: one for one in await account(desk, organisation_id=desk.organisation, rows=rows, named=False)}
    return {one.id: _of(one.kind, known[one.about]) for one in entries if one.about in known}


def _of(kind: str, one: Accounted) -> dict[str, Any]:
    names = {"withheld", "stopped_by"} if kind == "withheld" else {"fields", "rules", "arrived_at", "erased_at"}
    return one.model_dump(mode="json", include=names, exclude_none=True)


SOURCE = Source(
    noun=Noun.DISCLOSURES,
    tables=(Disclosure, OutboxRow, OutboxDone),
    kinds=KINDS,
    entries=entries,
    contents=contents,
)
