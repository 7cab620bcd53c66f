"""What is done leaves the outbox; what became of it is known for ever, as it was before."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.outcomes import settle
from shared.adapters.retention import BATCH, DONE_AFTER, move_done
from shared.adapters.tables import OutboxDone, OutboxRow
from shared.contract.vocabulary import Agency
from tests.courier import collect, exchange
from tests.pair import POLICE, SHELTER, Two, made, person, referred
from tests.workbench import Bench, bench

LATER = DONE_AFTER + timedelta(minutes=1)
ALL_THAT_TELLS_OF_IT = (
    "/disclosures?person_id={whom}",
    "/persons/{whom}/disclosures",
    "/consents/{consent}",
    "/referrals/{referral}",
    "/referrals/{referral}/messages",
)


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE) as police,
        bench(network, Agency.SHELTER) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)


async def move(service: Bench) -> int:
    async with service.work() as work:
        return await move_done(work.session, now=work.now)


async def states(service: Bench, table: Any) -> list[tuple[str, str]]:
    async with service.work() as work:
        rows = (await work.session.exec(select(table).order_by(col(table.event_type)))).all()
        return [(row.event_type, row.state) for row in rows]


async def told(two: Two, **ids: str) -> list[Any]:
    answers = [await two.officer.get(path.format(**ids)) for path in ALL_THAT_TELLS_OF_IT]
    assert all(answer.status_code == 200 for answer in answers)
    return [answer.json() for answer in answers]


async def test_what_is_done_is_moved_a_day_later_and_all_that_tells_of_it_says_the_same(two: Two) -> None:
    whom = await person(two.officer)
    consent, referral = await referred(two.officer, whom)
    await made(await two.officer.post(f"/referrals/{referral}/messages", json={"body": "Она в пути."}))
    await exchange(two.police, two.shelter)
    assert (await two.officer.post(f"/consents/{consent}/withdraw")).status_code == 200
    await exchange(two.police, two.shelter)
    ids = {"whom": whom, "consent": consent, "referral": referral}
    done, before = await states(two.police, OutboxRow), await told(two, **ids)
    assert {state for _, state in done} == {"received"}
    assert await move(two.police) == 0
    two.police.clock.now += LATER
    assert await move(two.police) == len(done)
    assert (await states(two.police, OutboxRow), await states(two.police, OutboxDone)) == ([], done)
    assert await told(two, **ids) == before


async def test_what_waits_stays_in_the_outbox_however_long(two: Two) -> None:
    await referred(two.officer, await person(two.officer))
    two.police.clock.now += 400 * LATER
    assert await move(two.police) == 0
    assert await states(two.police, OutboxRow) == [("referral.requested", "waiting")]


async def test_a_receipt_for_what_was_kept_back_and_moved_still_says_that_it_arrived(two: Two) -> None:
    consent, referral = await referred(two.officer, await person(two.officer))
    await collect(two.police)  # it left; nobody has said yet that it arrived
    await two.officer.post(f"/consents/{consent}/withdraw")
    two.police.clock.now += LATER
    assert await move(two.police) == 1
    assert await states(two.police, OutboxDone) == [("referral.requested", "withheld")]
    async with two.police.work() as work:
        event_id = (await work.session.exec(select(OutboxDone.id))).one()
        await settle(work.session, event_ids=[event_id], recipient_node="shelter", rule=None, at=work.now)
    assert (await two.officer.get(f"/referrals/{referral}")).json()["delivery"] == "received"


async def test_a_years_backlog_is_moved_batch_by_batch(two: Two) -> None:
    async with two.police.work() as work:
        work.session.add_all(
            OutboxRow(
                id=uuid4(),
                organisation_id=POLICE,
                recipient_id=SHELTER,
                recipient_node="shelter",
                event_type="referral.moved",
                concerning="",
                created_at=work.now,
                state="received",
                done_at=work.now,
            )
            for _ in range(BATCH + 1)
        )
    two.police.clock.now += LATER
    assert [await move(two.police) for _ in range(3)] == [BATCH, 1, 0]
