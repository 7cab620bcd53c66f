"""The organisation of an agency whose district an organisation lies in, as far as it can be reached."""

from shared.adapters.http import Desk
from shared.casework.directory import store
from shared.contract.vocabulary import Agency


async def responsible_police(desk: Desk) -> str | None:
    """The police for the caller's organisation; None if the network knows none, or nobody speaks for it now."""
    return await responsible(desk, agency=Agency.POLICE)


async def responsible(desk: Desk, *, agency: Agency) -> str | None:
    """The same for any agency."""
    here = await store.get(desk.session, organisation_id=desk.organisation)
    there = await store.responsible(desk.session, agency=agency, kato=here.kato) if here is not None else None
    return there.id if there is not None and desk.node.trust.node_of(there.id) is not None else None
