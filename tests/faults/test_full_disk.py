"""Days without a line, and a broker whose disk is full: the outbox keeps what the broker can't, others are served."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import nats
import pytest
from nats.js import JetStreamContext

from deploy.network import Network
from shared.adapters.jetstream import DIRECTED, BrokerUnavailable
from shared.adapters.relay import Relay
from shared.adapters.streams import KEPT_FOR as KEPT_SECONDS
from shared.casework.consents import store as consents
from shared.contract.vocabulary import Agency
from tests.faults.cases import REFERRAL, begin
from tests.faults.two import Two
from tests.workbench import Bench, Clock, bench

POLICE, SHELTER, HOSPITAL = "police-19", "shelter-far-19", "hospital-19"
STEP = timedelta(minutes=10)
DAYS_OFF = timedelta(hours=72)
KEPT_FOR = timedelta(seconds=KEPT_SECONDS)


@dataclass
class SmallBroker:
    """Stands in for a broker with a small disk: as its stream is set up, what is old goes, what is too much is refused.

    `room`: letters that it has room for. `now` is the bench's clock.
    """

    now: Clock
    room: int
    letters: list[tuple[datetime, str, bytes]] = field(default_factory=list)
    is_connected: bool = True
    most: int = 0
    refused: int = 0

    async def publish(self, subject: str, payload: bytes, **_: Any) -> None:
        """Taken, or BrokerUnavailable."""
        self.letters = [letter for letter in self.letters if letter[0] > self.now() - KEPT_FOR]
        if len(self.letters) >= self.room:
            self.refused += 1
            raise BrokerUnavailable("no room")
        self.letters.append((self.now(), subject, payload))
        self.most = max(self.most, len(self.letters))

    def take(self, node: str) -> list[tuple[str, bytes]]:
        """What is there for a node that has a line now."""
        return [(subject, payload) for _, subject, payload in self.letters if subject.endswith(f".{node}")]


async def refer(service: Bench, to: str, **more: Any) -> str:
    async with service.client(POLICE) as officer:
        answer = await officer.post("/referrals", json={**REFERRAL, "to": {"organisation": to}, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def boxes(service: Bench, organisation: str) -> list[str]:
    async with service.client(organisation) as worker:
        page = (await worker.get("/referrals", params={"box": "incoming", "limit": 200})).json()
    return sorted(item["id"] for item in page["items"])


async def test_a_shelter_without_a_line_for_three_days_loses_nothing_and_keeps_no_one_from_anything(
    network: Network,
) -> None:
    async with (
        bench(network, Agency.POLICE) as police,
        bench(network, Agency.SHELTER) as shelter,
        bench(network, Agency.HEALTH) as health,
    ):
        broker = SmallBroker(police.clock, room=1000)
        common: dict[str, Any] = {"database": police.database, "node": police.node, "clock": police.clock}
        settings = police.app.state.settings
        relay = Relay(**common, broker=broker, settings=settings, consents_now=consents.all_terms_now)  # type: ignore[arg-type]  # stands in
        sent = {SHELTER: [await refer(police, SHELTER)], HOSPITAL: list[str]()}
        for turn in range(DAYS_OFF // STEP):
            if turn % 144 == 0:
                sent[HOSPITAL].append(await refer(police, HOSPITAL, purpose="medical_examination"))
            await relay.send_due()
            for service in (police, shelter, health):
                service.clock.now += STEP
            if turn % 144 == 0:
                for letter in broker.take("health"):
                    await health.inbox.receive(*letter)
                assert await boxes(health, HOSPITAL) == sorted(sent[HOSPITAL])
        for letter in broker.take("shelter"):
            await shelter.inbox.receive(*letter)
        assert await boxes(shelter, SHELTER) == sorted(sent[SHELTER])
        waiting = await police.waiting()
    told = f"events {len(waiting)}, at most {broker.most} letters at the broker, refused {broker.refused}"
    print(f"\n72 hours off: {told}")  # noqa: T201  # figures
    assert len(waiting) == len(sent[SHELTER]) + len(sent[HOSPITAL])
    assert broker.refused == 0


@pytest.fixture
async def streams(both: Two) -> AsyncIterator[JetStreamContext]:
    """The streams, as their provisioner may change them."""
    seed = str(both.network.enrolment.secret("provisioner", "seed"))
    client = await nats.connect(both.network.nats.url, nkeys_seed=seed, inbox_prefix=b"_INBOX_provisioner")
    yield client.jetstream()
    await client.close()


@pytest.mark.processes
@pytest.mark.xdist_group("faults")
async def test_what_a_full_broker_refuses_is_sent_when_it_has_room_again(both: Two, streams: JetStreamContext) -> None:
    cases = await begin(both)
    about = await streams.stream_info(DIRECTED)
    whole = about.config
    await streams.update_stream(whole, max_bytes=about.state.bytes + 6_000)
    referred = [await cases.refer() for _ in range(6)]
    await asyncio.sleep(2)  # long enough for all, had the broker room
    arrived = await cases.new(Agency.SHELTER, "referrals")
    assert len(arrived) < len(referred)
    await streams.update_stream(whole, max_bytes=-1)
    for referral in referred:
        await cases.answer(referral)
    (await cases.nothing_is_lost_or_done_twice()).tell("a broker without room")
