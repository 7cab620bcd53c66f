"""Preventive conversations at the desk (F12): what was said is shown where it was recorded, and nowhere else."""

import re
from typing import Any

import httpx
import pytest

from shared.adapters.identity import ROLES
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, POLICE, SHELTER, send
from tests.pair import NOW
from tests.workbench import Bench

LIST = "/desk/conversations"
SAID = {"held_at:moment": "2026-03-20T11:00", "minutes:number": "40", "place": "office", "said": "<b>Түсіндірілді</b>"}


async def person(browser: httpx.AsyncClient, **more: str) -> str:
    said = {"role": "alleged_offender", "family_name": "Жұмабаев", **more}
    return (await send(browser, "/desk/persons", **said)).headers["location"]


async def held(browser: httpx.AsyncClient, whom: str, **more: Any) -> httpx.Response:
    return await send(browser, LIST, **{**SAID, "person_id": whom.rpartition("/")[2], **more})


async def test_one_is_recorded_from_his_page_and_the_police_learn_that_it_was_held_and_not_what_was_said(
    police: Bench, shelter: Bench, signed_in: SignIn
) -> None:
    for service in (police, shelter):
        service.clock.turn_to(NOW)
    warden = await signed_in(shelter, SHELTER)
    his = await person(warden)
    led = re.search(r'href="(/desk/conversations/record[^"]+)"', (await warden.get(his)).text)
    assert led
    assert f'name="person_id" value="{his.rpartition("/")[2]}"' in (await warden.get(led[1])).text
    answer = await held(warden, his, **{"forewarned:flag": "yes"})
    assert answer.status_code == 303, answer.text
    page = await warden.get(answer.headers["location"])
    assert "&lt;b&gt;Түсіндірілді&lt;/b&gt;" in page.text
    assert "Forewarned to cease what is unlawful yes" in words(page)
    assert answer.headers["location"] in (await warden.get(LIST)).text
    await exchange(shelter, police)
    officer = await signed_in(police, POLICE)
    (told,) = re.findall(rf'href="({LIST}/[^"]+)"', (await officer.get(LIST)).text.partition("<main")[2])
    seen = words(await officer.get(told))
    assert "20 March 2026" in seen
    assert not re.search("Түсіндірілді|Жұмабаев|11:00|Forewarned", seen)


async def test_with_a_minor_somebody_is_present_who_is_not_the_alleged_offender(
    police: Bench, signed_in: SignIn
) -> None:
    police.clock.turn_to(NOW)
    officer = await signed_in(police, POLICE)
    child = await person(officer, role="dependant", birth_date="2014-05-01")
    offender = {"beside.kind": "parent", "beside.alleged_offender:flag": "yes"}
    for wrong in ({}, offender, {"beside": "parent"}, {"beside.kind": "neighbour"}):
        assert (await held(officer, child, **wrong)).status_code == 422, wrong
    answer = await held(officer, child, **{"beside.kind": "teacher"})
    assert answer.status_code == 303, answer.text
    assert "Present teacher" in words(await officer.get(answer.headers["location"]))


async def test_what_could_not_be_held_like_that_is_refused(police: Bench, signed_in: SignIn) -> None:
    police.clock.turn_to(NOW)
    officer = await signed_in(police, POLICE)
    his = await person(officer)
    for wrong in ({"held_at:moment": "2026-03-20T13:00"}, {"minutes:number": "61"}, {"place": "moon"}):
        assert (await held(officer, his, **wrong)).status_code == 422, wrong
    assert (await held(officer, f"/{NOBODYS}")).status_code == 404
    for whom in (NOBODYS, "x", ""):
        assert (await officer.get(f"{LIST}/record?person={whom}")).status_code == 404
    assert "There is nothing here yet" in words(await officer.get(LIST))


@pytest.mark.parametrize("role", ROLES)
async def test_they_are_for_the_roles_that_see_cases(police: Bench, signed_in: SignIn, role: str) -> None:
    browser = await signed_in(police, POLICE, role)
    assert (await browser.get(LIST)).status_code == (200 if role in ("worker", "supervisor") else 403)


async def test_another_organisations_is_not_there(police: Bench, signed_in: SignIn) -> None:
    police.clock.turn_to(NOW)
    officer, other = await signed_in(police, POLICE), await signed_in(police, OTHER)
    his = await person(officer)
    path = (await held(officer, his)).headers["location"]
    assert (await other.get(path)).status_code == 404
    assert (await held(other, his)).status_code == 404
    assert (await other.get(f"{LIST}/record?person={his.rpartition('/')[2]}")).status_code == 404
    assert path not in (await other.get(LIST)).text
