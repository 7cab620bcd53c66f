"""What our organisations tell everyone about themselves."""

from shared.adapters.announcer import Announcement
from shared.adapters.outbox import Work
from shared.casework.directory import store
from shared.contract.events import OrganisationAnnounced


async def organisations(work: Work) -> list[Announcement]:
    """The directory entries of the organisations that this service hosts."""
    found = []
    for row in await store.hosted(work.session):
        event = OrganisationAnnounced.model_validate(row.model_dump())
        found.append(Announcement(row.id, event, repr(event)))
    return found
