"""What became of directed events: receipts settle them, and whoever sent them can ask."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.outbox import done
from shared.adapters.tables import Outbound, OutboxDone, OutboxRow
from shared.contract.vocabulary import EventType


async def settle(
    session: AsyncSession, *, event_ids: Sequence[UUID], recipient_node: str, rule: str | None, at: datetime
) -> None:
    """A receipt came: the receiver has committed these events, or refused them under `rule`.

    Also for what was withheld from being sent again: it had arrived before.
    """
    if not event_ids:
        return
    state = "received" if rule is None else "refused"
    mine = (col(OutboxRow.id).in_(event_ids), col(OutboxRow.recipient_node) == recipient_node)
    unsettled = col(OutboxRow.state).in_(["waiting", "sent", "withheld"])
    await session.exec(update(OutboxRow).where(*mine, unsettled).values(**done(at, state, rule)))
    moved = (col(OutboxDone.id).in_(event_ids), col(OutboxDone.recipient_node) == recipient_node)
    withheld = col(OutboxDone.state) == "withheld"
    await session.exec(update(OutboxDone).where(*moved, withheld).values(state=state, rule=rule, done_at=at))


async def deliveries(session: AsyncSession, *, event_ids: list[UUID]) -> dict[UUID, OutboxDone]:
    """What became of these events so far."""
    rows = await session.exec(select(Outbound).where(col(Outbound.id).in_(event_ids)))
    return {row.id: row for row in rows}


async def delivery_of(
    session: AsyncSession, *, organisation_id: str, concerning: UUID, of: EventType = EventType.REFERRAL_REQUESTED
) -> str | None:
    """How far the request about a case object is, or another event of which there is one; None where none is ours."""
    query = select(Outbound.state).where(
        Outbound.organisation_id == organisation_id,
        Outbound.concerning == str(concerning),
        Outbound.event_type == of,
    )
    return (await session.exec(query)).first()
