"""An examination says nothing of its kind in the open, and is erased with whom it is about, named or not."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import GIVEN, NAME, NOW, POLICE, SPOKEN, Two, made, person
from tests.workbench import Bench, bench

HOSPITAL = "hospital-19"
FOUND = {"kind": "psychological", "findings": "Тревога, бессонница."}


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    """The police and a hospital, with a doctor who may erase."""
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.HEALTH, at=NOW) as health,
        police.client(POLICE) as officer,
        health.client(HOSPITAL, "worker", "supervisor") as doctor,
    ):
        yield Two(police, health, officer, doctor)


async def referred(two: Two) -> str:
    """A referral to the hospital, accepted there."""
    whom = await person(two.officer)
    terms = {**GIVEN, **SPOKEN, "purposes": ["medical_examination"], "recipients": ["health"]}
    given = await made(await two.officer.post("/consents", json={"person_id": whom, **terms}))
    body: dict[str, Any] = {"to": {"organisation": HOSPITAL}, "purpose": "medical_examination", "person_id": whom}
    body |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01"}
    referral = await made(await two.officer.post("/referrals", json=body))
    await exchange(two.police, two.shelter)
    assert (await two.warden.post(f"/referrals/{referral}/accept")).status_code == 200
    return referral


async def examined(doctor: httpx.AsyncClient, **about: str) -> str:
    return await made(await doctor.post("/examinations", json={**FOUND, **about}))


async def said(doctor: httpx.AsyncClient, examination: str) -> tuple[str | None, str | None]:
    """(what was examined, what was found)"""
    read = (await doctor.get(f"/examinations/{examination}")).json()
    return read["kind"], read["findings"]


WHOLE = (FOUND["kind"], FOUND["findings"])
NOTHING = (None, None)


async def rows_with(service: Bench, word: str) -> int:
    async with service.work() as work:
        connection = await work.session.connection()
        found = text("select count(*) from examinations e where position(:word in e::text) > 0")
        return int(await connection.scalar(found, {"word": word}) or 0)


async def test_what_was_examined_lies_sealed(two: Two) -> None:
    examination = await examined(two.warden)
    assert await rows_with(two.shelter, examination) == 1
    assert await rows_with(two.shelter, FOUND["kind"]) == 0
    assert await said(two.warden, examination) == WHOLE


async def test_the_kinds_are_counted_in_the_month_in_which_they_were_recorded(two: Two) -> None:
    people = [await person(two.warden) for _ in range(13)]
    for kind, times in (("psychological", 12), ("injuries", 11), ("addictology", 13)):
        for whom in people[:times]:
            await examined(two.warden, kind=kind, person_id=whom)
    two.turn_to("2026-05-10T12:00:00+05:00")
    async with two.shelter.client(HOSPITAL, "statistician") as statistician:
        asked = "/statistics/examinations-by-kind"
        march = (await statistician.get(asked, params={"month": "2026-03"})).json()
        april = (await statistician.get(asked, params={"month": "2026-04"})).json()
    counts = {cell["by"]["kind"]: cell["count"] for cell in march["cells"]}
    assert counts == {"psychological": 12, "injuries": 11, "addictology": 13, "total": 36}
    assert (march["total"], april["total"]) == (36, 0)


async def test_a_withdrawal_does_not_touch_healths_own_record(two: Two) -> None:
    referral = await referred(two)
    examination = await examined(two.warden, referral_id=referral)
    assert (await two.officer.post(f"/referrals/{referral}/withdraw", json={"by": "self"})).status_code == 200
    await exchange(two.police, two.shelter)
    assert (await two.warden.get(f"/referrals/{referral}")).json()["state"] == "withdrawn"
    assert await said(two.warden, examination) == WHOLE


async def test_an_examination_of_a_referral_goes_with_the_person_who_was_taken_over_from_it(two: Two) -> None:
    referral = await referred(two)
    examination, another = await examined(two.warden, referral_id=referral), await examined(two.warden)
    whom = await made(await two.warden.post("/persons/from-referral", json={"referral_id": referral}))
    assert (await two.warden.get(f"/persons/{whom}")).json()["family_name"] == NAME
    assert (await two.warden.delete(f"/persons/{whom}")).status_code == 200
    assert [await said(two.warden, one) for one in (examination, another)] == [NOTHING, WHOLE]


@pytest.mark.parametrize("of_a_referral", [False, True])
async def test_what_names_no_person_is_erased_by_itself_and_what_comes_later_is_kept(
    two: Two, *, of_a_referral: bool
) -> None:
    about = {"referral_id": await referred(two)} if of_a_referral else {}
    examination = await examined(two.warden, **about)
    erased = await two.warden.delete(f"/examinations/{examination}")
    assert (erased.status_code, erased.json()["kind"], erased.json()["findings"]) == (200, None, None)
    assert await said(two.warden, examination) == NOTHING
    assert await said(two.warden, await examined(two.warden, **about)) == WHOLE


async def test_what_names_a_person_is_erased_with_them_alone_and_by_a_supervisor(two: Two) -> None:
    whom = await person(two.warden)
    examination = await examined(two.warden, person_id=whom)
    refused = await two.warden.delete(f"/examinations/{examination}")
    assert (refused.status_code, refused.json()["title"]) == (409, "erase the person")
    async with two.shelter.client(HOSPITAL) as worker:
        assert (await worker.delete(f"/examinations/{examination}")).status_code == 403
    async with two.shelter.client("addictology-19", "supervisor") as other:
        assert (await other.delete(f"/examinations/{examination}")).status_code == 404
    assert await said(two.warden, examination) == WHOLE
    assert (await two.warden.delete(f"/persons/{whom}")).status_code == 200
    assert await said(two.warden, examination) == NOTHING
