"""Orders that were told here, in the file of whom they protect."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, by_about, entry, ids_of
from shared.casework.orders import store
from shared.casework.orders.tables import ReceivedBreachRow, ReceivedOrderRow
from shared.contract.filing import Noun, Way

KINDS = {
    "order_told": Words("нұсқама туралы хабар", "сообщено о предписании", "told of an order"),
    "told_order_ended": Words("нұсқама аяқталды", "предписание прекратилось", "an order ended"),
    "told_order_breached": Words("нұсқама бұзылды", "предписание нарушено", "an order was broken"),
}
ENDED = col(ReceivedOrderRow.ended_at)


def entries(case: Case) -> Sequence[Rows]:
    """That an order was told, that it was broken, and that it ended."""
    row, broken = ReceivedOrderRow, ReceivedBreachRow
    mine = case.of(row)
    common: dict[str, Any] = {
        "noun": Noun.ORDERS,
        "about": col(row.id),
        "referral": col(row.referral_id),
        "counterpart": col(row.counterpart_id),
        "ended": ENDED,
    }
    said = {"purpose": col(row.purpose), "subject": col(row.subject), "last_day": col(row.last_day)}
    told = entry("order_told", Way.RECEIVED, at=col(row.received_at), codes=said, **common)
    over = entry("told_order_ended", Way.RECEIVED, at=ENDED, state=col(row.end), **common)
    breach = entry(
        "told_order_breached",
        Way.RECEIVED,
        at=col(broken.received_at),
        key=(col(broken.id),),
        codes={"breached_at": col(broken.breached_at)},
        **common,
    )
    of_it = (
        col(broken.order_id) == col(row.id),
        col(broken.organisation_id) == col(row.organisation_id),
        col(broken.counterpart_id) == col(row.counterpart_id),
    )
    return [told.where(mine), over.where(mine, ENDED.is_not(None)), breach.where(mine, sa.and_(*of_it))]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What it says."""
    told = [one for one in entries if one.kind == "order_told"]
    mine = (ReceivedOrderRow.organisation_id == desk.organisation, col(ReceivedOrderRow.id).in_(ids_of(told)))
    rows = (await desk.session.exec(select(ReceivedOrderRow).where(*mine))).all()
    said = await store.contents(desk.session, rows)
    return by_about(told, {row.id: one for row, one in zip(rows, said, strict=True)})


async def forget(work: Work, row: ReceivedOrderRow) -> None:
    """Its breaches go with it, and its key."""
    mine = (
        col(ReceivedBreachRow.organisation_id) == row.organisation_id,
        col(ReceivedBreachRow.order_id) == row.id,
    )
    await work.session.exec(delete(ReceivedBreachRow).where(*mine))
    await vault.destroy(work.session, subject=store.subject(row), at=work.now)


SOURCE = Source(
    noun=Noun.ORDERS,
    tables=(ReceivedOrderRow, ReceivedBreachRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(ReceivedOrderRow, ENDED, also=forget),),
)
