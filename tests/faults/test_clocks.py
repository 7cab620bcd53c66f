"""Clocks that are a day off, jump back, or stood still: what is due fires once, on its day, and what waits is sent."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry
from shared.casework.deadlines.clock import remind
from shared.casework.deadlines.tables import DeadlineRow, ReminderRow
from shared.contract.calendar import local_day
from shared.contract.vocabulary import Agency
from tests.courier import collect, exchange
from tests.faults.figures import IS_LONG
from tests.pair import NOW, POLICE, SHELTER, Two, made, name_at, person, referred
from tests.workbench import Bench, bench

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LOOK = 4 * HOUR


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.SHELTER, at=NOW) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)


async def times_of(service: Bench, action: Action) -> list[datetime]:
    """When the record says that something happened."""
    async with service.work() as work:
        query = select(AuditEntry.at).where(AuditEntry.action == action).order_by(col(AuditEntry.id))
        return list((await work.session.exec(query)).all())


@pytest.mark.parametrize("ahead", [DAY, -DAY], ids=["the police a day ahead", "the police a day behind"])
async def test_a_consent_ends_once_at_each_side_on_clocks_a_day_apart(two: Two, ahead: timedelta) -> None:
    until = (two.police.clock() + 3 * DAY).replace(minute=0)
    _, referral = await referred(two.officer, await person(two.officer), valid_until=until.isoformat())
    await exchange(two.police, two.shelter)
    assert await name_at(two.warden, referral) == "Ахметова"
    two.police.clock.now += ahead
    for _ in range(6 * DAY // LOOK):
        for service in (two.police, two.shelter):
            service.clock.now += LOOK
        await two.end_what_ran_out()
        await exchange(two.police, two.shelter)
    for service in (two.police, two.shelter):
        fired = await times_of(service, Action.CONSENT_EXPIRED)
        assert [until <= at < until + LOOK for at in fired] in ([True], [])
    ours, theirs = [len(await times_of(service, Action.CONSENT_EXPIRED)) for service in (two.police, two.shelter)]
    assert (ours, theirs) == ((1, 0) if ahead > timedelta() else (1, 1))  # told a day before by who is ahead
    assert await name_at(two.warden, referral) is None


async def test_an_opaque_referral_crosses_whatever_the_clocks_say(two: Two) -> None:
    for ahead in (DAY, -2 * DAY):
        two.police.clock.now += ahead
        body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "call_back": "+7 727 000 00 01"}
        referral = await made(
            await two.officer.post("/referrals", json={**body, "basis": {"kind": "no_personal_data"}})
        )
        await exchange(two.police, two.shelter)
        assert (await two.warden.post(f"/referrals/{referral}/accept")).status_code == 200
        await exchange(two.police, two.shelter)
        copy = (await two.officer.get(f"/referrals/{referral}")).json()
        assert (copy["state"], copy["delivery"]) == ("accepted", "received")


async def test_what_waits_is_sent_although_the_clock_jumped_back(two: Two) -> None:
    await referred(two.officer, await person(two.officer))
    assert len((await collect(two.police)).letters) == 1  # and lost
    two.police.clock.now -= HOUR
    assert len((await collect(two.police)).letters) == 1
    assert len((await collect(two.police)).letters) == 0


async def fire(service: Bench) -> None:
    """Two replicas look at the same time."""

    async def look() -> None:
        async with service.work() as work:
            await remind(work)

    await asyncio.gather(look(), look())


async def recorded(service: Bench, count: int, chance: random.Random) -> list[str]:
    """Refusals of the last days, each with its notice's deadline; every third was sent already."""
    refusals = []
    async with service.client(SHELTER) as warden:
        for number in range(count):
            refused_at = service.clock() - chance.randint(1, 8 * 24) * HOUR
            refusal = await made(await warden.post("/refusals", json={"refused_at": refused_at.isoformat()}))
            if number % 3 == 0:
                assert (await warden.post(f"/refusals/{refusal}/send")).status_code == 200
            refusals.append(refusal)
    return refusals


@pytest.mark.parametrize("turn", range(12 if IS_LONG else 2))
async def test_each_reminder_fires_once_and_on_its_day_whatever_the_clock_does(two: Two, turn: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    chance, shelter = random.Random(seed), two.shelter  # noqa: S311  # a fault, not a secret
    refusals = await recorded(shelter, 12, chance)
    latest = began = shelter.clock()
    stood: list[tuple[datetime, datetime]] = []  # (from, until) nobody looked
    while shelter.clock() < began + 16 * DAY:
        await fire(shelter)
        before = shelter.clock()
        step = chance.choice([HOUR] * 12 + [-DAY, -7 * HOUR, 30 * HOUR])
        shelter.clock.now += step
        if shelter.clock() > latest + HOUR:
            stood.append((before, shelter.clock()))
        latest = max(latest, shelter.clock())
    async with shelter.work() as work:
        rows = (
            await work.session.exec(select(ReminderRow, DeadlineRow).where(ReminderRow.deadline_id == DeadlineRow.id))
        ).all()
    fired = sorted((str(deadline.concerning), reminder.kind) for reminder, deadline in rows)
    expected = sorted((r, kind) for n, r in enumerate(refusals) if n % 3 for kind in ("due_soon", "overdue"))
    assert fired == expected, seed
    for reminder, deadline in rows:
        due = deadline.remind_at if reminder.kind == "due_soon" else deadline.due_at
        assert due is not None  # a notice has both: its last day begins, and it is over
        late = due <= began or any(start <= due <= end for start, end in stood)
        assert reminder.fired_at >= due, seed
        assert late or local_day(reminder.fired_at) == local_day(due), seed
    print(f"\nreminders on a bad clock (seed {seed}): events {len(rows)}, twice 0, lost 0")  # noqa: T201  # figures


async def test_what_fell_due_while_nothing_ran_fires_once_when_it_runs_again(two: Two) -> None:
    refusal = (await recorded(two.shelter, 2, random.Random(1)))[1]  # noqa: S311  # a fault, not a secret
    two.shelter.clock.now += 30 * DAY
    await fire(two.shelter)
    again = two.shelter.clock()
    two.shelter.clock.now -= 29 * DAY
    await fire(two.shelter)
    two.shelter.clock.now += 60 * DAY
    await fire(two.shelter)
    reminders = (await two.warden.get("/reminders")).json()["items"]
    assert sorted((r["deadline"]["concerning"], r["kind"]) for r in reminders) == [
        (refusal, "due_soon"),
        (refusal, "overdue"),
    ]
    assert {datetime.fromisoformat(r["fired_at"]) for r in reminders} == {again}
