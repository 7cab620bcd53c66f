"""What our organisations tell everyone about themselves."""

from datetime import datetime

from sqlalchemy import RowMapping

from shared.adapters.announcer import Announcement
from shared.adapters.outbox import Work
from shared.casework.directory import store
from shared.contract.events import OrganisationAnnounced


class Entries:
    """Collects for the announcer: the directory's entries of the organisations that this service hosts.

    It looks every second, so what did not change is neither read nor made anew.
    """

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._said: list[Announcement] = []

    async def collect(self, work: Work) -> list[Announcement]:
        """All of them, as they are now."""
        since = await store.hosted_since(work.session)
        if since != self._since:
            self._said = [_announcement(row) for row in await store.hosted(work.session)]
            self._since = since
        return self._said


def _announcement(row: RowMapping) -> Announcement:
    event = OrganisationAnnounced.model_validate(dict(row))
    return Announcement(event.id, event, repr(event))
