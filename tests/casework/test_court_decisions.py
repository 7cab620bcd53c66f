"""A court's decision: its number lies nowhere in the open, and what crossed on it ends with its last day."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from deploy.network import Network
from shared.adapters.vault_tables import DataKey
from shared.casework.loops import end_what_ran_out
from shared.casework.referrals.moves import grounds_of
from shared.casework.referrals.tables import ReferralRow
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NAME, NOW, POLICE, made, name_at
from tests.workbench import Bench, bench

CLINIC = "addictology-19"
NUMBER = "7514-26-00-4/8231"
LAST_DAY = "2026-04-30"
COURT = {"number": NUMBER, "decided_on": "2026-03-18", "until": LAST_DAY}


@pytest.fixture
async def both(network: Network) -> AsyncIterator[tuple[Bench, Bench]]:
    async with bench(network, Agency.POLICE, at=NOW) as police, bench(network, Agency.HEALTH, at=NOW) as health:
        yield police, health


async def sent(both: tuple[Bench, Bench]) -> str:
    """A man is referred to compulsory treatment, and the referral has arrived."""
    async with both[0].client(POLICE) as officer:
        him = await made(await officer.post("/persons", json={"role": "alleged_offender", "family_name": NAME}))
        body: dict[str, Any] = {"to": {"organisation": CLINIC}, "purpose": "compulsory_treatment", "person_id": him}
        body |= {"subject": "alleged_offender", "basis": {"kind": "court_decision", "court": COURT}}
        referral = await made(await officer.post("/referrals", json={**body, "call_back": "+7 727 000 00 01"}))
    await exchange(*both)
    return referral


async def number_at(service: Bench, referral: str) -> str | None:
    """The number as the service itself reads it, with its keys."""
    async with service.work() as work:
        row = (await work.session.exec(select(ReferralRow).where(ReferralRow.id == UUID(referral)))).one()
        court = (await grounds_of(work, row)).court
        return court.number if court else None


async def in_the_open(service: Bench) -> set[str]:
    """The tables in which the number stands in some column, as PostgreSQL writes rows."""
    found = set()
    async with service.work() as work:
        connection = await work.session.connection()
        names = "select schemaname || '.' || tablename from pg_tables where schemaname in ('public', 'keyring')"
        for (table,) in (await connection.execute(text(names))).all():
            if table == "public.alembic_version":
                continue
            rows = text(f"select count(*) from {table} t where position(:number in t::text) > 0")  # noqa: S608  # names from the catalogue
            found |= {table} if await connection.scalar(rows, {"number": NUMBER}) else set()
    return found


async def end(service: Bench) -> int:
    async with service.work() as work:
        return await end_what_ran_out(work)


async def test_the_number_of_a_decision_lies_in_no_table_and_is_readable_where_it_belongs(
    both: tuple[Bench, Bench],
) -> None:
    referral = await sent(both)
    for service in both:
        assert await in_the_open(service) == set()
        assert await number_at(service, referral) == NUMBER


async def test_what_closes_a_case_does_not_say_the_number_again(both: tuple[Bench, Bench]) -> None:
    referral = await sent(both)
    async with both[0].client(POLICE) as officer:
        told = await officer.post(f"/referrals/{referral}/cancel", json={"reason": "sent_by_mistake"})
        assert told.status_code == 200, told.text
    (closing,) = [one for one in await both[0].waiting() if one is not None]
    assert closing.data.grounds is not None
    assert closing.data.grounds.court is None


async def test_what_crossed_on_a_decision_is_erased_on_both_sides_after_its_last_day_once(
    both: tuple[Bench, Bench],
) -> None:
    referral = await sent(both)
    for service in both:
        service.clock.turn_to(f"{LAST_DAY}T23:59:59+05:00")
        assert await end(service) == 0
    async with both[0].client(POLICE) as officer, both[1].client(CLINIC) as clinic:
        assert [await name_at(one, referral) for one in (officer, clinic)] == [NAME, NAME]
        for service in both:
            service.clock.turn_to("2026-05-01T00:00:00+05:00")
        assert await name_at(clinic, referral) is None, "not even before the loop came round"
        assert [await end(service) for service in both] == [1, 1]
        assert [await end(service) for service in both] == [0, 0]
        assert [await name_at(one, referral) for one in (officer, clinic)] == [None, None]
    assert [await number_at(service, referral) for service in both] == [None, None]


async def test_the_number_goes_with_him_when_he_is_erased(both: tuple[Bench, Bench]) -> None:
    referral = await sent(both)
    async with both[0].client(POLICE, "supervisor") as supervisor:
        him = (await supervisor.get(f"/referrals/{referral}")).json()["person_id"]
        assert (await supervisor.delete(f"/persons/{him}")).status_code == 200
    await exchange(*both)
    for service in both:
        async with service.work() as work:
            keys = select(DataKey).where(DataKey.subject_id == UUID(referral))
            assert (await work.session.exec(keys)).one().wrapped is None
        assert await number_at(service, referral) is None


async def test_a_case_closes_after_the_decision_is_over(both: tuple[Bench, Bench]) -> None:
    referral = await sent(both)
    for service in both:
        service.clock.turn_to("2026-05-02T00:00:00+05:00")
        await end(service)
    async with both[1].client(CLINIC) as clinic, both[0].client(POLICE) as officer:
        assert (await clinic.post(f"/referrals/{referral}/accept")).status_code == 200
        await exchange(*both)
        assert (await officer.get(f"/referrals/{referral}")).json()["state"] == "accepted"


async def test_the_label_of_what_came_says_when_the_decision_ends(both: tuple[Bench, Bench]) -> None:
    referral = await sent(both)
    async with both[1].work() as work:
        row = (await work.session.exec(select(ReferralRow).where(ReferralRow.id == UUID(referral)))).one()
    assert (row.handling or {})["until"] == "2026-04-30T19:00:00Z"
