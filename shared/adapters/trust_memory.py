"""The serials of the trust lists that this node took, in its database: it starts with none that is older.

An older list is genuine, too: it would trust keys that were revoked since, and open what was agreed not to be.
"""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select

from shared.adapters.outbox import Work
from shared.adapters.tables import TrustListTaken
from shared.contract.errors import SettingsError


async def remember(work: Work) -> int:
    """Keep the serial of the list in use; 1 where it is new here, else 0."""
    taken = insert(TrustListTaken).values(serial=work.node.trust.whole.serial, taken_at=work.now)
    fresh = await work.session.exec(taken.on_conflict_do_nothing().returning(col(TrustListTaken.serial)))
    return len(fresh.all())


async def refuse_older(work: Work) -> None:
    """Raises SettingsError where this node took a newer list before."""
    newest = (await work.session.exec(select(func.max(TrustListTaken.serial)))).one()
    found = work.node.trust.whole.serial
    if newest is not None and found < newest:
        raise SettingsError(f"QORGAU_TRUST_FILE holds list {found}; this node took {newest} before: restore that one")
