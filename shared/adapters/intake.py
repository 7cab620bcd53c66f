"""From the broker to the inbox. What came together is taken in together, and acknowledged after its commit.

Events for one organisation that came at the same time share a transaction: to begin it, to end it and to flush it to
the disk costs as much as what an event does. Where one of them fails, each is taken in alone: it costs only itself.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, suppress
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from sqlalchemy.exc import SQLAlchemyError

from shared.adapters.database import collided, passes
from shared.adapters.inbox import Inbox, Letter
from shared.adapters.jetstream import DIRECTED, Broker, pull, sender_of
from shared.contract.errors import Problem

RETRY_SECONDS = 2
TRIES = 5
Opened = tuple[Msg, Letter]
log = structlog.get_logger()


async def take_in(inbox: Inbox, broker: Broker, *, stream: str) -> None:
    """From one of the two streams, until cancelled: what is not taken in by then is given back."""
    client = await broker.connect()
    take = directed if stream == DIRECTED else announced
    messages: Sequence[Msg] = ()
    try:
        async with aclosing(pull(client, stream=stream, durable=inbox.node.name)) as batches:
            async for messages in batches:
                await take(inbox, messages)
    except asyncio.CancelledError:  # the service stops, and by now asks for no more: it would get them itself
        for message in messages:
            if not message.is_acked:
                await message.nak()
        raise


async def directed(inbox: Inbox, messages: Sequence[Msg]) -> None:
    """Directed events: those of one organisation in their order, those of several in any."""
    of: dict[str, list[Opened]] = {}
    for message in await _without_copies(inbox, messages):
        letter = await _opened(inbox, message)
        if letter is not None:
            of.setdefault(letter.whose, []).append((message, letter))
        await asyncio.sleep(0)  # to open one takes a while, and others have work here, too
    for group in of.values():
        await _together(inbox, group)


async def announced(inbox: Inbox, messages: Sequence[Msg]) -> None:
    """Announcements, one after the other."""
    for message in messages:
        try:
            await inbox.receive_state(message.subject, message.data)
            await _acknowledge(message)
        except Exception as error:  # noqa: BLE001  # whatever it was: it is not acknowledged, and comes again
            await again_or_never(inbox, message, error)


async def _without_copies(inbox: Inbox, messages: Sequence[Msg]) -> list[Msg]:
    """Those that must be opened. What is sent again after it was taken in is told from its message id: while a receiver
    is down each event is sent a hundred times a day."""
    keys = [_key(message) for message in messages]
    try:
        known = await inbox.had([key for key in keys if key is not None])
    except Exception as error:  # noqa: BLE001  # as above: then all come again, or what they do fails as well
        log.info("intake.copies_not_known", error=type(error).__name__)
        return [*messages]
    for message, key in zip(messages, keys, strict=True):
        if key in known:
            await _acknowledge(message)
    return [message for message, key in zip(messages, keys, strict=True) if key not in known]


def _key(message: Msg) -> tuple[UUID, str] | None:
    """(the event, its sender's node) of what was sent before, as the relay names it; None for all else."""
    event_id, _, attempt = (message.headers or {}).get("Nats-Msg-Id", "").partition(":")
    try:
        return (UUID(event_id), sender_of(message.subject)) if int(attempt) > 1 else None
    except ValueError:
        return None


async def _opened(inbox: Inbox, message: Msg) -> Letter | None:
    """What a message says; None where it was dealt with: quarantined, or it comes again."""
    try:
        letter = await inbox.opened_or_kept(message.subject, message.data)
    except Exception as error:  # noqa: BLE001  # as above
        await again_or_never(inbox, message, error)
        return None
    if letter is None:
        await _acknowledge(message)
    return letter


async def _together(inbox: Inbox, group: Sequence[Opened]) -> None:
    """All in one transaction; if that fails by one of them, or collides with another's, each in its own. If the
    database is away, none of them now."""
    try:
        await inbox.admit([letter for _, letter in group])
    except Exception as error:  # noqa: BLE001  # as above
        if len(group) == 1 or (passes(error) and not collided(error)):
            for message, _ in group:
                await again_or_never(inbox, message, error)
        else:
            for one in group:
                await _together(inbox, [one])
        return
    for message, _ in group:
        await _acknowledge(message)


async def again_or_never(inbox: Inbox, message: Msg, error: Exception) -> None:
    """A fault of ours or of the database passes; what fails every time must not come for ever."""
    delivered = message.metadata.num_delivered
    log.warning("inbox.again_later", error=type(error).__name__, delivered=delivered)
    try:
        if delivered < TRIES or passes(error):
            await message.nak(delay=RETRY_SECONDS)
            return
        await inbox.give_up(message.subject, message.data)
        await message.ack()
    except (NatsError, OSError, SQLAlchemyError, Problem) as again:
        log.info("inbox.not_given_up", error=type(again).__name__)


async def _acknowledge(message: Msg) -> None:
    """Without a line to the broker it comes again, and is known then."""
    with suppress(NatsError, OSError):
        await message.ack()
