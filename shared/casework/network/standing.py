"""How this service stands with each other node of the network: what was heard, what waits, what was kept out."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.audit_tables import Witnessed
from shared.adapters.tables import InboxRow, Outbound, OutboxRow, Quarantined
from shared.adapters.trust import Node
from shared.casework.directory.tables import OrganisationRow

NOBODY = "(nobody)"  # what is for an organisation that no node speaks for
LATELY = timedelta(minutes=10)  # the five within which nothing is kept anew, and as much for a link that is slow
Moments = dict[str, datetime]
Counted = dict[str, tuple[int, datetime]]


@dataclass(frozen=True)
class Standing:
    """One node's line. `last_heard` is exact to the five minutes within which what is only said again is not kept."""

    node: str
    last_heard: datetime | None
    unsent: int
    oldest_unsent: datetime | None
    unreceipted: int
    oldest_unreceipted: datetime | None
    quarantined: int

    def is_connected(self, now: datetime) -> bool:
        """Whether it was heard of lately: each announces itself every minute, whether or not it has anything to say."""
        return self.last_heard is not None and now - self.last_heard < LATELY

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Moments in ISO 8601."""
        said = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(self).items()
        }
        return said | {"connected": self.is_connected(now)}


async def standings(session: AsyncSession, node: Node) -> list[Standing]:
    """A line for every other node of the trust list, and for whoever else is in the outbox or the quarantine."""
    heard, kept = await _heard(session, node), await _kept(session)
    unsent, sent = await _open(session, "waiting"), await _open(session, "sent")
    others = [name for name in node.trust.nodes if name != node.name]
    more = sorted({*unsent, *sent, *kept} - {*others})
    none = (0, None)
    found = []
    for name in (*others, *more):
        (waiting, since), (open_, sent_since) = unsent.get(name, none), sent.get(name, none)
        found.append(Standing(name, heard.get(name), waiting, since, open_, sent_since, kept.get(name, 0)))
    return found


async def _heard(session: AsyncSession, node: Node) -> Moments:
    """When each node was last heard of: an announcement, an event, or a receipt."""
    speaks = node.trust.organisations()
    announced = await session.exec(select(OrganisationRow.id, OrganisationRow.announced_at))
    found = _latest((speaks.get(name, ""), at) for name, at in announced)
    for of_node, at in (
        (Witnessed.node, Witnessed.at),
        (InboxRow.sender_node, InboxRow.received_at),
        (Outbound.recipient_node, Outbound.done_at),
    ):
        latest = select(of_node, func.max(at)).group_by(col(of_node))
        if of_node is Outbound.recipient_node:
            latest = latest.where(col(Outbound.state).in_(["received", "refused"]))
        found = _latest([*found.items(), *(await session.exec(latest)).all()])
    return found


def _latest(pairs: Iterable[tuple[str, datetime | None]]) -> Moments:
    found: Moments = {}
    for name, at in pairs:
        if at is not None:
            found[name] = max(at, found.get(name, at))
    return found


async def _open(session: AsyncSession, state: str) -> Counted:
    """What is in one state and not done, by node: how many, and since when the oldest."""
    waiting = select(OutboxRow.recipient_node, func.count(), func.min(OutboxRow.created_at)).where(
        OutboxRow.state == state, col(OutboxRow.next_attempt_at).is_not(None)
    )
    rows = (await session.exec(waiting.group_by(col(OutboxRow.recipient_node)))).all()
    return {name or NOBODY: (count, since) for name, count, since in rows}


async def _kept(session: AsyncSession) -> dict[str, int]:
    """Messages in quarantine by the node under whose name they came."""
    sender = func.split_part(Quarantined.source_subject, ".", 3)
    rows = await session.exec(select(sender, func.count()).where(Quarantined.state == "kept").group_by(sender))
    return {name or "?": count for name, count in rows.all()}
