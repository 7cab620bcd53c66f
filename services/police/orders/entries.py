"""Orders in the files of whom they protect and of whom they were made against."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select

from services.police.orders import store
from services.police.orders.tables import BreachRow, CopyRow, OrderRow
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, by_about, either, entry, ids_of
from shared.contract.filing import Noun, Way
from shared.contract.vocabulary import OrderRequirement

KINDS = {
    "order": Words("нұсқама", "предписание", "an order"),
    "order_ended": Words("нұсқама аяқталды", "предписание прекратилось", "an order ended"),
    "order_breached": Words("нұсқама бұзылды", "предписание нарушено", "an order was broken"),
    "order_copy": Words("нұсқама туралы хабарланды", "сообщено о предписании", "an order was told"),
}
ENDED = col(OrderRow.ended_at)
HIS = frozenset({"treat_at"})  # and that he is to be treated


def entries(case: Case) -> Sequence[Rows]:
    """That it was made, who was told of it or by which rule not, that it was broken, and that it ended.

    Who was told stands in the file of whom that was told about: his must not name who protects her.
    """
    row, copy, broken = OrderRow, CopyRow, BreachRow
    dependant = col(row.dependants).contains(sa.func.jsonb_build_array(sa.cast(case.person_id, sa.String)))
    mine = sa.or_(
        case.of(row, col(row.protected_id), col(row.alleged_offender_id)),
        sa.and_(col(row.organisation_id) == case.organisation_id, dependant),
    )
    common: dict[str, Any] = {"noun": Noun.ORDERS, "about": col(row.id), "ended": ENDED}
    against = case.is_whom(col(row.alleged_offender_id))
    said = {"from_day": col(row.from_day), "last_day": col(row.last_day), "against": against}
    made = entry("order", Way.DONE, at=col(row.created_at), state=col(row.kind), codes=said, **common)
    over = entry("order_ended", Way.DONE, at=ENDED, state=col(row.end), **common)
    breach = entry("order_breached", Way.DONE, at=col(broken.breached_at), key=(col(broken.id),), **common)
    told = entry(
        "order_copy",
        either(col(copy.kept_back_by).is_(None), Way.SENT, Way.WITHHELD),
        at=col(copy.told_at),
        key=(col(copy.id),),
        referral=col(copy.referral_id),
        counterpart=col(copy.recipient_id),
        codes={"purpose": col(copy.purpose), "rule": col(copy.kept_back_by)},
        **common,
    )
    return [
        made.where(mine),
        over.where(mine, ENDED.is_not(None)),
        breach.select_from(sa.join(row, broken, _of(broken))).where(mine),
        told.select_from(sa.join(row, copy, _of(copy))).where(mine, case.is_whom(col(copy.person_id))),
    ]


def _of(table: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(table.order_id) == col(OrderRow.id),
        col(table.organisation_id) == col(OrderRow.organisation_id),
    )


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What it asks. Where he is treated stands in his own file alone."""
    made = [one for one in entries if one.kind == "order"]
    mine = (OrderRow.organisation_id == desk.organisation, col(OrderRow.id).in_(ids_of(made)))
    rows = (await desk.session.exec(select(OrderRow).where(*mine))).all()
    words = await store.words_of(desk.session, rows)
    said = {row.id: one.model_dump(mode="json", exclude_none=True) for row, one in zip(rows, words, strict=True)}
    found = by_about(made, said)
    return {one.id: _as_known_to(one, found[one.id]) for one in made if one.id in found}


def _as_known_to(one: Told, said: dict[str, Any]) -> dict[str, Any]:
    if one.codes.get("against"):
        return said
    hers = {name: value for name, value in said.items() if name not in HIS}
    return hers | {"asks": sorted(set(said.get("asks", ())) - {OrderRequirement.ADDICTION_TREATMENT})}


async def forget(work: Work, row: OrderRow) -> None:
    """Who was told of it, and when it was broken, goes with it."""
    for table in (CopyRow, BreachRow):
        mine = (col(table.organisation_id) == row.organisation_id, col(table.order_id) == row.id)
        await work.session.exec(delete(table).where(*mine))


SOURCE = Source(
    noun=Noun.ORDERS,
    tables=(OrderRow, CopyRow, BreachRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(OrderRow, ENDED, also=forget),),
)
