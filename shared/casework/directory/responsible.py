"""The police organisation whose district an organisation lies in, as far as it can be reached."""

from shared.adapters.http import Desk
from shared.casework.directory import store


async def responsible_police(desk: Desk) -> str | None:
    """For the caller's organisation; None if the network knows none, or nobody speaks for it at the moment."""
    here = await store.get(desk.session, organisation_id=desk.organisation)
    police = await store.responsible_police(desk.session, kato=here.kato) if here is not None else None
    return police.id if police is not None and desk.node.trust.node_of(police.id) is not None else None
