"""Give a quarantined message to the inbox again, as if it had just come: after a new trust list, or an upgrade.

All that is checked on arrival is checked again. What takes effect does so once, whether it came again meanwhile or not:
the inbox knows the event's id.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.adapters import quarantine
from shared.adapters.audit import Action, record
from shared.adapters.database import WHOLE_NODE
from shared.adapters.inbox import NOT_LET_IN, Came, Inbox
from shared.adapters.quarantine import Message, Operator, reason_of

TOLD = {
    Came.TAKEN: "taken in",
    Came.REFUSED: "refused by policy; its sender is told the rule",
    Came.BEFORE: "it had been taken in or refused already: nothing changed",
}
NONE = "there is none with this id"
DONE = "nothing changed: it is done with already"
SAID_AGAIN = "nothing changed: announcements are said again by themselves"


@dataclass(frozen=True)
class Replayed:
    """Whether the message is done with now, and what to say of it."""

    done: bool
    told: str


async def replay(inbox: Inbox, quarantine_id: UUID, *, who: str) -> Replayed:
    """One message. Raises what the inbox raises for a fault of the database or of a handler: then it stays."""
    async with inbox.database.transaction(organisation=WHOLE_NODE) as session:
        row = await quarantine.get(session, quarantine_id)
        message = await quarantine.message_of(session, row) if row is not None else None
    if row is None:
        return Replayed(done=False, told=NONE)
    if message is None:
        return Replayed(done=True, told=f"{DONE} ({row.state})")
    if message.is_announcement:
        return Replayed(done=False, told=SAID_AGAIN)
    return await _again(inbox, quarantine_id, message, who=who)


async def _again(inbox: Inbox, quarantine_id: UUID, message: Message, *, who: str) -> Replayed:
    try:
        letter = inbox.opened(message.subject, message.data)
    except NOT_LET_IN as error:
        reason = reason_of(error)[1]
        await _note(inbox, quarantine_id, who=who, reason=reason)
        return Replayed(done=False, told=f"still quarantined: {reason}")
    (came,) = await inbox.admit([letter], anew=True)
    await _note(inbox, quarantine_id, who=who, came=came)
    return Replayed(done=True, told=TOLD[came])


async def _note(
    inbox: Inbox, quarantine_id: UUID, *, who: str, came: Came | None = None, reason: str | None = None
) -> None:
    """What became of it. A message that is done with is forgotten."""
    async with inbox.database.transaction(organisation=WHOLE_NODE) as session:
        row = await quarantine.get(session, quarantine_id)
        if row is None:  # deleted meanwhile by who owns the database
            return
        row.replays += 1
        row.reason = reason or row.reason
        if came is not None:
            row.state, row.sealed = ("refused" if came is Came.REFUSED else "taken"), None
        work = Operator(session, inbox.node, inbox.clock(), who)
        details = {"came": came.value if came else None, "reason": reason}
        await record(
            work, organisation_id=inbox.node.name, action=Action.REPLAYED, concerning=quarantine_id, details=details
        )
