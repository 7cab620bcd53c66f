"""A service that was restored has forgotten what it did: what it does instead counts at both ends."""

import pytest
from sqlmodel import delete, update

from shared.casework.referrals.tables import MoveRow, ReferralRow
from tests.courier import carry, collect, exchange
from tests.pair import Two, person, referred


async def forget_moves(two: Two) -> None:
    """The shelter's database as it was before anybody there did anything."""
    async with two.shelter.work() as work:
        await work.session.exec(delete(MoveRow))
        await work.session.exec(update(ReferralRow).values(state="requested", version=0))


async def states(two: Two, referral: str) -> list[str]:
    return [(await client.get(f"/referrals/{referral}")).json()["state"] for client in (two.officer, two.warden)]


@pytest.fixture
async def referral(two: Two) -> str:
    made = (await referred(two.officer, await person(two.officer)))[1]
    await exchange(two.police, two.shelter)
    return made


async def test_another_act_instead_of_the_one_it_forgot_counts_at_both_ends(two: Two, referral: str) -> None:
    await two.warden.post(f"/referrals/{referral}/accept")
    first = (await collect(two.shelter)).letters
    for letter in first:
        await two.police.inbox.receive(*letter)
    assert await states(two, referral) == ["accepted", "accepted"]
    await forget_moves(two)
    two.turn_to("2026-03-21T12:00:00+05:00")
    await two.warden.post(f"/referrals/{referral}/decline", json={"reason": "other"})
    await carry(two.shelter, two.police)
    assert await states(two, referral) == ["declined", "declined"]
    for letter in first:  # what it forgot comes again, late
        await two.police.inbox.receive(*letter)
    assert await states(two, referral) == ["declined", "declined"]


async def test_a_withdrawal_is_not_undone_by_who_forgot_it(two: Two, referral: str) -> None:
    await two.officer.post(f"/referrals/{referral}/withdraw", json={"by": "self"})
    await exchange(two.police, two.shelter)
    async with two.police.work() as work:
        await work.session.exec(delete(MoveRow))
        await work.session.exec(update(ReferralRow).values(state="requested", version=0))
    two.turn_to("2026-03-21T12:00:00+05:00")
    await two.officer.post(f"/referrals/{referral}/cancel", json={"reason": "other"})
    await exchange(two.police, two.shelter)
    assert await states(two, referral) == ["cancelled", "withdrawn"]
