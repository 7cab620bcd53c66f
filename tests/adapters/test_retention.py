"""What the exchange keeps for a time is deleted after it, and nothing takes effect twice because its mark is gone."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from deploy.migrations.schema import LINEAGES
from deploy.network import Network
from shared.adapters import audit_tables, changes, tables, vault_tables
from shared.adapters.inbox import Arrival, Inbox
from shared.adapters.retention import BATCH, FOR_EVER, KEPT, LATE, MARGIN, TOO_LATE, delete_old
from shared.adapters.settings import Settings
from shared.adapters.streams import STREAMS
from shared.adapters.tables import IdempotencyKey, InboxRow, OutboxDone, Quarantined
from shared.casework.disclosures.accounting import delivery_of
from shared.casework.disclosures.words import Delivery
from shared.contract.events import Event
from shared.contract.vocabulary import Agency, EventType
from tests.adapters.test_inbox import POLICE, SHELTER, TO_SHELTER, count, envelope, request, sealed
from tests.courier import collect
from tests.pair import Two, made, person, referred
from tests.workbench import Bench, bench, node_of

DAY = timedelta(days=1)
# What a second time may change: that something was written, when, and what it says to whoever edits at the same time.
TOUCHED = {"revision", "updated_at"}
EFFECTS = ("referrals", "referral_moves", "messages", "consents", "bed_holds", "outbox", "disclosures", "deadlines")


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE) as police,
        bench(network, Agency.SHELTER) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER, "worker", "bed-counter") as warden,
    ):
        yield Two(police, shelter, officer, warden)


def test_of_each_table_of_the_exchange_it_is_said_how_long_it_keeps_a_row_and_why() -> None:
    all_ = {
        str(one.__tablename__) for one in (*tables.TABLES, *audit_tables.TABLES, *changes.TABLES, *vault_tables.TABLES)
    }
    for_a_time = {str(kept.table.__tablename__) for kept in KEPT}
    assert for_a_time | set(FOR_EVER) == all_
    assert for_a_time & set(FOR_EVER) == set()
    assert all(kept.why for kept in KEPT)
    assert all_ <= {str(one.__tablename__) for one in LINEAGES["casework"]}  # type: ignore[attr-defined]  # every SQLModel table has one


def test_a_mark_outlives_what_the_broker_keeps_and_what_senders_wait() -> None:
    oldest = timedelta(seconds=max(stream.max_age or 0 for stream in STREAMS))
    resent = timedelta(seconds=Settings.model_fields["resend_at_most"].default)
    assert oldest + resent < LATE
    assert next(kept.age for kept in KEPT if kept.table is InboxRow) == LATE + MARGIN


async def keep_house(service: Bench) -> None:
    async with service.work() as work:
        await delete_old(work.session, now=work.now)


class Counting:
    """An inbox whose only effect is that it counts."""

    def __init__(self, service: Bench) -> None:
        self.effects = 0
        whole = service.inbox
        self.inbox = Inbox(
            database=whole.database,
            node=whole.node,
            judge=whole.judge,
            clock=whole.clock,
            handlers={EventType.REFERRAL_REQUESTED: (self.on_event,)},
        )

    async def on_event(self, _: Arrival, __: Event) -> None:
        self.effects += 1


async def marks(service: Bench) -> list[tuple[str, str | None]]:
    async with service.work() as work:
        return [(row.state, row.rule) for row in await work.session.exec(select(InboxRow))]


async def test_a_duplicate_that_comes_after_its_mark_was_deleted_has_no_effect(shelter: Bench) -> None:
    police, counting = node_of(shelter.network, Agency.POLICE), Counting(shelter)
    letter = envelope(request(), time=shelter.clock())
    as_it_came = sealed(police, letter)
    await counting.inbox.receive(TO_SHELTER, as_it_came)
    await collect(shelter)
    shelter.clock.now += LATE - MARGIN
    await keep_house(shelter)
    assert await marks(shelter) == [("applied", None)]
    shelter.clock.now += MARGIN * 3
    await keep_house(shelter)
    assert await marks(shelter) == []
    for again in (as_it_came, sealed(police, letter)):
        await counting.inbox.receive(TO_SHELTER, again)
        assert counting.effects == 1
    assert await marks(shelter) == [("refused", TOO_LATE)]


async def test_one_that_gives_a_later_time_than_it_has_is_known_for_as_long(shelter: Bench) -> None:
    police, counting = node_of(shelter.network, Agency.POLICE), Counting(shelter)
    letter = envelope(request(), time=shelter.clock() + 300 * DAY)
    for days in (0, 100, 200, 89):
        shelter.clock.now += days * DAY
        await collect(shelter)
        await keep_house(shelter)
        await counting.inbox.receive(TO_SHELTER, sealed(police, letter))
    assert counting.effects == 1
    shelter.clock.now += 3 * DAY
    await collect(shelter)
    await keep_house(shelter)
    assert await marks(shelter) == []
    await counting.inbox.receive(TO_SHELTER, sealed(police, letter))
    assert counting.effects == 1


async def test_a_mark_whose_receipt_is_due_stays(shelter: Bench) -> None:
    police = node_of(shelter.network, Agency.POLICE)
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request(), time=shelter.clock())))
    shelter.clock.now += 200 * DAY
    await keep_house(shelter)
    assert await count(shelter, InboxRow) == 1


async def test_old_answers_and_quarantined_messages_go_a_batch_at_a_time(shelter: Bench) -> None:
    old, too_many = shelter.clock() - 2 * LATE, BATCH + 1
    async with shelter.work() as work:
        for row in (
            "idempotency_keys (organisation_id, key, request_hash, created_at) select 'shelter-far-19', n::text, '', ",
            "quarantine (id, source_subject, reason, mark, state, times, replays, received_at, last_at) "
            "select gen_random_uuid(), '', '', sha256(n::text::bytea), 'kept', 1, 0, now(), ",
        ):
            fill = text(f"insert into {row} cast(:old as timestamptz) from generate_series(1, :count) n")
            await work.session.exec(fill, params={"old": old, "count": too_many})  # type: ignore[call-overload]  # text
    for left in (1, 0):
        await keep_house(shelter)
        assert (await count(shelter, IdempotencyKey), await count(shelter, Quarantined)) == (left, left)


def test_what_was_refused_as_too_late_may_have_been_taken_in_before() -> None:
    for rule, said in ((TOO_LATE, Delivery.SENT), ("NO-RULE", Delivery.REFUSED)):
        about: dict[str, Any] = {"state": "refused", "rule": rule, "attempts": 9}
        assert delivery_of(OutboxDone(**about)) == (said, True)


async def play(two: Two) -> list[tuple[Bench, str, bytes]]:
    """A case from a held bed over messages to the end of a consent: every letter that crossed, and to whom."""
    room = {"for": "women_with_children", "capacity": 4, "occupied": 0}
    assert (await two.warden.put("/beds/rooms", json=room)).is_success
    letters: list[tuple[Bench, str, bytes]] = []

    async def exchange() -> None:
        for sender, receiver in ((two.police, two.shelter), (two.shelter, two.police)) * 3:
            for subject, payload in (await collect(sender)).letters:
                letters.append((receiver, subject, payload))
                await receiver.inbox.receive(subject, payload)

    consent, referral = await referred(two.officer, await person(two.officer))
    held: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "hold": "women_with_children"}
    held |= {"basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01"}
    holding = await made(await two.officer.post("/referrals", json=held))
    await exchange()
    await made(await two.officer.post(f"/referrals/{referral}/messages", json={"body": "Она в пути."}))
    for path in (f"{referral}/accept", f"{holding}/accept", f"{holding}/start"):
        assert (await two.warden.post(f"/referrals/{path}")).status_code == 200
    await exchange()
    assert (await two.warden.get(f"/referrals/{referral}/messages")).status_code == 200
    await exchange()
    for path in (f"consents/{consent}/withdraw", f"referrals/{holding}/withdraw"):
        assert (await two.officer.post(path)).status_code == 200
    await exchange()
    return letters


async def effects(service: Bench) -> dict[str, list[str]]:
    """All rows that events change, without what a second time may touch."""
    async with service.work() as work:
        connection = await work.session.connection()
        found = {}
        for name in EFFECTS:
            if name == "bed_holds" and service.node.agency is Agency.POLICE:
                continue
            rows = (await connection.execute(text(f'select to_jsonb(t) from "{name}" t'))).scalars()  # noqa: S608  # our own names
            bare = [{key: value for key, value in row.items() if key not in TOUCHED} for row in rows]
            bare = [{**row, "sealed": bool(row.get("sealed"))} for row in bare]  # what retention keeps is sealed anew
            found[name] = sorted(json.dumps(row, sort_keys=True) for row in bare)
        return found


async def test_without_any_mark_all_that_crossed_may_come_again_in_any_order_and_changes_nothing(two: Two) -> None:
    """What closes a case is never too late; so closing twice must be closing once."""
    letters = await play(two)
    before = [await effects(service) for service in (two.police, two.shelter)]
    for order in (letters, letters[::-1]):
        for service in (two.police, two.shelter):
            async with service.work() as work:
                await work.session.exec(text("delete from inbox"))  # type: ignore[call-overload]  # text
        for receiver, subject, payload in order:
            await receiver.inbox.receive(subject, payload)
        assert [await effects(service) for service in (two.police, two.shelter)] == before
