"""A service's inbox: what every agency does with an event, and what only this one does."""

from collections.abc import Callable
from datetime import datetime

from shared.adapters.database import Database
from shared.adapters.inbox import Inbox
from shared.adapters.judging import Judge
from shared.adapters.trust import Node
from shared.casework.consents import store as consents
from shared.casework.parts import AgencyParts, handlers_of


def inbox_of(parts: AgencyParts, *, database: Database, node: Node, clock: Callable[[], datetime]) -> Inbox:
    """It judges by the consents as they stand here."""
    judge = Judge(consents.known)
    return Inbox(database=database, node=node, handlers=handlers_of(parts), judge=judge, clock=clock)
