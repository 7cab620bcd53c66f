"""Announce what is true of our own organisations: at once when it changed, and again at intervals.

An announcement needs no receipt: the last value wins, and a broker that lost it hears it again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid4, uuid5

import structlog

from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.jetstream import EVERYONE, Broker, state_subject
from shared.adapters.outbox import Work
from shared.adapters.seal import sign
from shared.adapters.trust import Node
from shared.adapters.waking import woken
from shared.contract.decisions import decide, objection
from shared.contract.events import Envelope, Event, Payload, cloud_type
from shared.contract.grounds import NO_PERSONAL_DATA

log = structlog.get_logger()


@dataclass(frozen=True)
class Announcement:
    """What an organisation tells everyone. `fingerprint` changes when, and only when, there is news."""

    organisation: str
    event: Event
    fingerprint: str


Collect = Callable[[Work], Awaitable[list[Announcement]]]


class Announcer:
    """Publishes the announcements of the organisations that this node hosts."""

    def __init__(
        self,
        *,
        database: Database,
        node: Node,
        broker: Broker,
        collect: Collect,
        every: float,
        clock: Callable[[], datetime],
    ) -> None:
        self.database, self.node, self.broker = database, node, broker
        self.collect, self.every, self.clock = collect, every, clock
        self.wake = asyncio.Event()
        self._announced: dict[str, tuple[str, datetime]] = {}

    async def run(self) -> None:
        """Announce whenever counts changed, and look once a second for what is old enough to be said again."""
        while True:
            self.wake.clear()
            try:
                if self.broker.is_connected:
                    await self.announce_due()
            except Exception:
                log.exception("announcer.failed")
            await woken(self.wake)

    async def announce_due(self) -> int:
        """Publish what is new or was last said too long ago; how many that were."""
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            current = await self.collect(Work(session, self.node, self.clock()))
        due = [a for a in current if self._is_due(a)]
        said = await asyncio.gather(*(self._publish(announcement) for announcement in due), return_exceptions=True)
        failed = [type(error).__name__ for error in said if error is not None]
        if failed:
            log.warning("announcer.waits", failed=len(failed), error=failed[0])
        return len(due) - len(failed)

    def _is_due(self, announcement: Announcement) -> bool:
        said, when = self._announced.get(_key(announcement), ("", self.clock()))
        since = abs((self.clock() - when).total_seconds())  # either way: a clock may be put back
        return said != announcement.fingerprint or since >= self.every

    async def _publish(self, announcement: Announcement) -> None:
        event, organisation, now = announcement.event, announcement.organisation, self.clock()
        party = self.node.trust.party(organisation)
        decision = decide(event.type, sender=party, recipient=party, grounds=NO_PERSONAL_DATA, at=now)
        rule = objection(event, decision)
        if rule is not None:
            log.error("announcer.forbidden", event_type=event.type, rule=rule)
            return
        envelope = Envelope(
            id=uuid4(),
            type=cloud_type(event.type),
            source=f"/nodes/{self.node.name}",
            subject=str(uuid5(NAMESPACE_URL, organisation)),
            time=now,
            sender=organisation,
            recipient=EVERYONE,
            data=Payload(grounds=NO_PERSONAL_DATA, content=event),
        )
        subject = state_subject(self.node.name, event.type, organisation)
        await self.broker.publish(subject, sign(self.node, envelope.model_dump_json().encode()))
        self._announced[_key(announcement)] = (announcement.fingerprint, now)


def _key(announcement: Announcement) -> str:
    return f"{announcement.event.type}:{announcement.organisation}"
