"""What of a copy may be read now: decided again, because the basis may have ended a moment ago."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.adapters.outbox import Work
from shared.casework.referrals import store
from shared.casework.referrals.models import Referral
from shared.casework.referrals.moves import grounds_of
from shared.casework.referrals.tables import ReferralRow
from shared.contract.calendar import start_of
from shared.contract.conditions import Party
from shared.contract.decisions import decide, fields_of, retained
from shared.contract.events import ReferralRequested
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Side


async def as_read(work: Work, rows: Sequence[ReferralRow]) -> list[Referral]:
    """Copies with what crossed, which lies sealed, as far as it may still be read."""
    contents = await store.contents(work.session, rows)
    return [
        Referral.model_validate({**row.model_dump(), "content": await readable(work, row, content)})
        for row, content in zip(rows, contents, strict=True)
    ]


async def readable(work: Work, row: ReferralRow, content: dict[str, Any] | None) -> dict[str, Any] | None:
    """The content without what the receiver may not read any more. A sender reads what it sent itself."""
    if content is None or row.side == Side.SENDER:
        return content
    allowed = await _allowed(work, row) | retained(work.node.agency, work.now)
    categories = fields_of(ReferralRequested)
    return {name: value if categories.get(name) in allowed else None for name, value in content.items()}


async def _allowed(work: Work, row: ReferralRow) -> frozenset[Any]:
    """Nothing for a sender that the network knows no longer."""
    if work.node.trust.node_of(row.counterpart_id) is None:
        return frozenset()
    grounds = await grounds_of(work, row)
    decision = decide(
        ReferralRequested.type,
        sender=work.node.trust.party(row.counterpart_id),
        recipient=Party(work.node.agency, row.organisation_id),
        grounds=grounds,
        at=moment_of(grounds, work.now),
    )
    return decision.categories


def moment_of(grounds: Grounds, now: datetime) -> datetime:
    """It was taken in, so it has begun, even if the clock here is a little behind."""
    begun = [grounds.consent.given_at] if grounds.consent else []
    begun += [grounds.emergency.declared_at] if grounds.emergency else []
    begun += [start_of(grounds.court.decided_on)] if grounds.court else []
    return max([now, *begun])
