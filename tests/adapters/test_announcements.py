"""Announcements are for everyone and about organisations: they are no second way in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from sqlmodel import select

from deploy.network import Network
from shared.adapters.announcer import Announcer
from shared.adapters.jetstream import EVERYONE, state_subject
from shared.adapters.seal import sign
from shared.adapters.tables import Quarantined
from shared.casework.beds.tables import BoardRow
from shared.casework.directory.announcements import Entries
from shared.casework.referrals.tables import ReferralRow
from shared.contract.events import BedsCounted, Envelope, Event, Payload, UnitCount, cloud_type
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, BedKind, EventType
from tests.adapters.test_inbox import request
from tests.courier import Courier
from tests.workbench import Bench, bench, node_of

SHELTER = "shelter-far-19"


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


def counted(free: int) -> BedsCounted:
    now = datetime(2026, 3, 20, tzinfo=UTC)
    unit = UnitCount(unit="rooms", kind=BedKind.ALL_ADULTS, capacity=4, free=free, counted_at=now)
    return BedsCounted(organisation=SHELTER, units=(unit,), at=now)


def announced(event: Event, **changed: Any) -> Envelope:
    about: dict[str, Any] = {
        "id": uuid4(),
        "type": cloud_type(event.type),
        "source": "/nodes/shelter",
        "subject": "board",
        "time": datetime(2026, 3, 20, 6, tzinfo=UTC),
        "sender": SHELTER,
        "recipient": EVERYONE,
        "data": Payload(grounds=Grounds(basis=Basis.NO_PERSONAL_DATA), content=event),
    }
    return Envelope(**{**about, **changed})


async def hear(service: Bench, letter: Envelope, *, subject: str | None = None) -> list[str]:
    """Receive an announcement signed by the shelter; what is in quarantine afterwards."""
    shelter = node_of(service.network, Agency.SHELTER)
    on = subject or state_subject("shelter", EventType.BEDS_COUNTED, SHELTER)
    await service.inbox.receive_state(on, sign(shelter, letter.model_dump_json().encode()))
    async with service.work() as work:
        return list((await work.session.exec(select(Quarantined.reason))).all())


async def free(service: Bench) -> list[int]:
    async with service.work() as work:
        return list((await work.session.exec(select(BoardRow.free))).all())


async def test_the_last_count_wins_and_an_older_one_changes_nothing(police: Bench) -> None:
    later = datetime(2026, 3, 20, 6, 30, tzinfo=UTC)
    assert await hear(police, announced(counted(2), time=later)) == []
    assert await hear(police, announced(counted(4), time=later - timedelta(minutes=1))) == []
    assert await free(police) == [2]
    await hear(police, announced(counted(1), time=later + timedelta(minutes=1)))
    assert await free(police) == [1]


async def test_a_directed_event_is_not_announced(police: Bench) -> None:
    letter = announced(request(), recipient="police-19")
    assert await hear(police, letter) == ["announced under another name than its own"]
    on = state_subject("shelter", EventType.REFERRAL_REQUESTED, SHELTER)
    assert (await hear(police, letter, subject=on))[-1] == "not something that is announced"
    async with police.work() as work:
        assert (await work.session.exec(select(ReferralRow))).all() == []


async def test_an_organisation_is_announced_by_its_own_node_only(police: Bench) -> None:
    other = announced(counted(1), sender="hospital-19")
    on = state_subject("shelter", EventType.BEDS_COUNTED, "hospital-19")
    assert await hear(police, other, subject=on) == ["the node does not speak for the announced organisation"]


async def test_a_count_from_the_future_does_not_freeze_the_board(police: Bench) -> None:
    ahead = announced(counted(9 - 5), time=police.clock() + timedelta(days=365))
    assert await hear(police, ahead) == ["announced for the future"]
    assert await free(police) == []


async def test_how_far_another_nodes_clock_is_ahead_is_shown(police: Bench) -> None:
    for ahead, seen in ((90, 90), (-90, 0)):
        await hear(police, announced(counted(1), time=police.clock() + timedelta(seconds=ahead)))
        assert REGISTRY.get_sample_value("qorgau_clock_ahead_seconds", {"node": "shelter"}) == seen


async def test_what_is_true_is_said_again_although_the_clock_was_put_back(police: Bench) -> None:
    courier, hour = Courier(), timedelta(hours=1)
    common: dict[str, Any] = {"database": police.database, "node": police.node, "clock": police.clock}
    announcer = Announcer(**common, broker=courier, collect=Entries().collect, every=60)  # type: ignore[arg-type]  # stands in
    first = await announcer.announce_due()
    assert (first > 0, await announcer.announce_due()) == (True, 0)
    police.clock.now -= hour
    assert await announcer.announce_due() == first
