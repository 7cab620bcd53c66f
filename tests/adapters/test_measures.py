"""What alerts rest on is measured: how long the oldest has waited, what lies in quarantine, whose clock is off."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from sqlmodel import delete

from deploy.network import Network
from shared.adapters.health import measure
from shared.adapters.newest_links import watch_newest_links
from shared.adapters.sequencer import link_waiting
from shared.adapters.tables import OutboxRow, Quarantined
from shared.casework.deadlines.clock import business_day_deadline, count_overdue
from shared.casework.deadlines.tables import DeadlineRow
from shared.contract.vocabulary import Agency
from tests.pair import POLICE, person
from tests.workbench import Bench, bench


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@asynccontextmanager
async def owner(service: Bench) -> AsyncIterator[Any]:
    """Somebody who may do anything in the database."""
    connection = await service.network.postgres.connect(str(service.database.url.database))
    try:
        yield connection
    finally:
        await connection.close()


def shown(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def waiting(at: datetime, *, sent: datetime | None = None) -> OutboxRow:
    return OutboxRow(
        id=uuid4(),
        organisation_id=POLICE,
        recipient_id="shelter-far-19",
        recipient_node="shelter",
        event_type="referral.requested",
        concerning="x",
        created_at=at,
        state="sent" if sent else "waiting",
        sent_at=sent,
        next_attempt_at=at,
    )


async def look(police: Bench) -> None:
    await measure(police.database, police.app.state.broker, clock=police.clock)


async def test_the_oldest_that_was_never_sent_and_the_oldest_without_a_receipt(police: Bench) -> None:
    now = police.clock()
    async with police.work() as work:
        work.session.add(waiting(now - timedelta(seconds=500)))
        work.session.add(waiting(now - timedelta(seconds=100)))
        work.session.add(waiting(now - timedelta(seconds=900), sent=now - timedelta(seconds=700)))
    await look(police)
    assert (shown("qorgau_outbox_unsent"), shown("qorgau_outbox_oldest_unsent_seconds")) == (2, 500)
    assert (shown("qorgau_outbox_unreceipted"), shown("qorgau_outbox_oldest_unreceipted_seconds")) == (1, 700)
    async with police.work() as work:
        await work.session.exec(delete(OutboxRow))
    await look(police)
    assert (shown("qorgau_outbox_oldest_unsent_seconds"), shown("qorgau_outbox_unreceipted")) == (0, 0)


async def test_how_many_lie_in_quarantine(police: Bench) -> None:
    await look(police)
    assert shown("qorgau_quarantine_messages") == 0
    await police.inbox.receive("qorgau.directed.shelter.police", b"nonsense")
    await look(police)
    assert shown("qorgau_quarantine_messages") == 1
    async with police.work() as work:
        await work.session.exec(delete(Quarantined))


async def test_without_a_broker_it_says_so(police: Bench) -> None:
    await look(police)
    assert shown("qorgau_broker_up") == 0


async def test_how_far_the_clock_is_from_the_databases(police: Bench) -> None:
    police.clock.now = datetime.now(UTC) + timedelta(hours=2)
    await look(police)
    assert 7190 < (shown("qorgau_clock_off_database_seconds") or 0) < 7210


async def test_deadlines_are_overdue_until_they_are_met(police: Bench) -> None:
    now = police.clock()
    about: dict[str, Any] = {"organisation_id": POLICE, "kind": "review", "concerning": uuid4(), "days": 1}
    async with police.work() as work:
        late = business_day_deadline(work, happened_at=now - timedelta(days=30), **about)
        in_time = business_day_deadline(work, happened_at=now, **about)
        work.session.add_all([late, in_time])
    async with police.work() as work:
        await count_overdue(work)
    assert shown("qorgau_deadlines_overdue_open", kind="review") == 1
    async with police.work() as work:
        row = await work.session.get(DeadlineRow, late.id)
        assert row is not None
        row.met_at = now
    async with police.work() as work:
        await count_overdue(work)
    assert shown("qorgau_deadlines_overdue_open", kind="review") is None


async def test_a_changed_entry_among_the_newest_links_is_seen(police: Bench) -> None:
    async with police.client(POLICE) as officer:
        for _ in range(3):
            await person(officer)
    await link_waiting(police.database)
    await watch_newest_links(police.database)
    assert shown("qorgau_record_broken") == 0
    async with owner(police) as connection:
        await connection.execute("update audit set actor = 'somebody else' where id = (select max(id) from audit)")
    await watch_newest_links(police.database)
    assert shown("qorgau_record_broken") == 1


async def test_a_removed_link_is_seen(police: Bench) -> None:
    async with police.client(POLICE) as officer:
        for _ in range(3):
            await person(officer)
    await link_waiting(police.database)
    async with owner(police) as connection:
        await connection.execute("delete from audit_links where position = 2")
    await watch_newest_links(police.database)
    assert shown("qorgau_record_broken") == 1
