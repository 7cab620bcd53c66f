"""What becomes of statistics by themselves: a month that is over is published, and told to the region, unasked.

A month is published for every organisation that the service hosts, with nothing in it too: the region's social
services can tell "none" from "not reported". A month before the service's record began is nobody's to publish.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, select

from shared.adapters.audit_tables import AuditEntry
from shared.adapters.outbox import Work
from shared.casework.directory import store as directory
from shared.casework.statistics import store
from shared.casework.statistics.counting import REFERRAL_TABLES, CountedTable
from shared.casework.statistics.tables import PublishedRow
from shared.casework.statistics.telling import publish_and_tell
from shared.contract.calendar import local_day
from shared.contract.statistics import is_closed, months_between

LOOKS_BACK = 12  # months: as long as a service may have been away, and still publishes what it missed


async def publish_what_is_over(work: Work, own: Sequence[CountedTable] = ()) -> int:
    """Publish one month of one organisation that is over and was not published yet: 1, or 0 where there is none."""
    months = await _months(work)
    organisations = [row["id"] for row in await directory.hosted(work.session)]
    done = await _published(work, months)
    for month in (store.Month(one, first_day) for first_day in months for one in organisations):
        if month not in done:
            await publish_and_tell(work, month=month, tables=(*REFERRAL_TABLES, *own))
            return 1
    return 0


async def _months(work: Work) -> list[date]:
    """The closed months since the record of this service began, the oldest first."""
    began = (await work.session.exec(select(AuditEntry.at).order_by(col(AuditEntry.id)).limit(1))).first()
    if began is None:
        return []
    today = local_day(work.now)
    first = max(local_day(began), today - timedelta(days=31 * LOOKS_BACK))
    return [one for one in months_between(first.replace(day=1), today.replace(day=1)) if is_closed(one, today)]


async def _published(work: Work, months: Sequence[date]) -> set[store.Month]:
    query = select(PublishedRow.organisation_id, col(PublishedRow.month)).where(col(PublishedRow.month).in_(months))
    return {store.Month(*one) for one in (await work.session.exec(query.distinct())).all()}
