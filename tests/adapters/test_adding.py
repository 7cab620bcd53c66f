"""Rows that are added in one statement: all or none, each value as its column takes it, listeners woken at the end."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col, select

from deploy.network import Network
from shared.adapters.adding import add, add_unless_there
from shared.adapters.audit import Action, entry
from shared.adapters.audit_tables import AuditEntry, AuditWaiting
from shared.adapters.database import OUTBOX_CHANNEL
from shared.adapters.outbox import Work
from shared.adapters.tables import Disclosure, OutboxRow
from shared.contract.vocabulary import Agency, Basis, EventType
from tests.workbench import bench

OURS, THEIRS = "police-19", "shelter-near-19"
NOW = datetime(2026, 3, 20, 7, tzinfo=UTC)


def an_event(**other: Any) -> OutboxRow:
    said: dict[str, Any] = {
        "recipient_id": THEIRS,
        "recipient_node": "shelter",
        "event_type": EventType.REFERRAL_REQUESTED,
    }
    row = {"id": uuid4(), "organisation_id": OURS, "concerning": "7", "sealed": b"\x00\xff", "created_at": NOW}
    return OutboxRow(**said | row | other)


def a_disclosure(**other: Any) -> Disclosure:
    said: dict[str, Any] = {
        "recipient_id": THEIRS,
        "recipient_agency": "shelter",
        "event_type": "referral.requested",
        "subject": "victim",
    }
    row = {"id": uuid4(), "organisation_id": OURS, "concerning": "7", "basis": Basis.CONSENT, "at": NOW}
    lists = {"categories": ["identity"], "fields": ["iin"], "withheld": {"health": "N-1"}, "rules": ["P-1"]}
    return Disclosure(**said | row | lists | other)


async def counted(work: Work, model: type[SQLModel]) -> int:
    return len((await work.session.exec(select(model))).all())


async def test_rows_of_several_tables_are_added_and_read_as_they_were(network: Network) -> None:
    event, disclosure = an_event(), a_disclosure()
    async with bench(network, Agency.POLICE) as service:
        async with service.work(OURS) as work:
            await add(work.session, event, disclosure)
        async with service.work(OURS) as work:
            (sent,) = (await work.session.exec(select(OutboxRow))).all()
            (told,) = (await work.session.exec(select(Disclosure))).all()
    assert sent.model_dump() == event.model_dump()
    assert told.model_dump() == disclosure.model_dump()


async def test_where_one_can_not_be_added_none_is(network: Network) -> None:
    event = an_event()
    async with bench(network, Agency.POLICE) as service:

        async def twice() -> None:
            async with service.work(OURS) as work:
                await add(work.session, a_disclosure(), event, event)

        with pytest.raises(DBAPIError):
            await twice()
        async with service.work(OURS) as work:
            assert (await counted(work, OutboxRow), await counted(work, Disclosure)) == (0, 0)


async def test_another_organisations_row_is_refused_by_the_database(network: Network) -> None:
    async with bench(network, Agency.POLICE) as service, service.work(OURS) as work:
        with pytest.raises(DBAPIError, match="row-level security"):
            await add(work.session, an_event(organisation_id=THEIRS))
        await work.session.rollback()


async def test_a_moment_without_a_zone_is_refused(network: Network) -> None:
    async with bench(network, Agency.POLICE) as service, service.work(OURS) as work:
        with pytest.raises(ValueError, match="without a time zone"):
            await add(work.session, a_disclosure(at=datetime(2026, 3, 20)))  # noqa: DTZ001  # what is refused


async def test_what_the_database_makes_is_left_to_it(network: Network) -> None:
    said: dict[str, Any] = {"organisation_id": OURS, "at": NOW, "actor": "dev", "action": "recorded", "details": {}}
    async with bench(network, Agency.POLICE) as service, service.work(OURS) as work:
        await add(work.session, AuditEntry(**said), AuditEntry(**said))
        ids = (await work.session.exec(select(AuditEntry.id).order_by(col(AuditEntry.id)))).all()
    assert len(set(ids)) == 2


async def test_listeners_are_woken_when_it_is_committed_and_not_before(network: Network) -> None:
    woken = asyncio.Event()
    async with bench(network, Agency.POLICE) as service:
        listening = asyncio.create_task(service.database.listen({OUTBOX_CHANNEL: woken.set}))
        await asyncio.wait_for(woken.wait(), 10)  # it listens
        woken.clear()
        async with service.work(OURS) as work:
            await add(work.session, an_event(), notify=OUTBOX_CHANNEL)
            assert not woken.is_set()
        await asyncio.wait_for(woken.wait(), 10)
        listening.cancel()


async def test_rows_that_go_with_one_that_is_there_already_are_not_added(network: Network) -> None:
    event, disclosure = an_event(), a_disclosure()
    async with bench(network, Agency.POLICE) as service:
        async with service.work(OURS) as work:
            assert await add_unless_there(work.session, event, disclosure)
        async with service.work(OURS) as work:
            again = an_event(id=event.id, concerning="8")
            assert not await add_unless_there(work.session, again, a_disclosure(), an_entry(work))
            assert (await counted(work, OutboxRow), await counted(work, Disclosure)) == (1, 1)
            assert (await counted(work, AuditEntry), await counted(work, AuditWaiting)) == (0, 0)


async def test_an_entry_of_the_record_waits_to_be_chained_from_when_it_is_added(network: Network) -> None:
    async with bench(network, Agency.POLICE) as service, service.work(OURS) as work:
        await add(work.session, an_event(), an_entry(work), an_entry(work))
        entries = (await work.session.exec(select(AuditEntry.id).order_by(col(AuditEntry.id)))).all()
        waiting = (await work.session.exec(select(AuditWaiting.entry_id).order_by(col(AuditWaiting.entry_id)))).all()
    assert (len(entries), waiting) == (2, entries)


def an_entry(work: Work) -> AuditEntry:
    return entry(work, organisation_id=OURS, action=Action.RECORDED, concerning="7", details={"what": "referral"})
