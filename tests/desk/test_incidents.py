"""Incidents at the police's desk, and warnings that violence repeats (F18), with their reasons."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.adapters.identity import ROLES
from tests.casework.test_warnings import FIRST, SECOND, THIRD
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, POLICE, SHELTER, recorded, send
from tests.workbench import Bench

LIST, WARNINGS = "/desk/incidents", "/desk/warnings"
SAID = {"kinds[]": "physical", "relation": "spouse", "place": "home", "children_present:flag": "yes"}


async def happened(officer: httpx.AsyncClient, when: str, **more: Any) -> str:
    answer = await send(officer, LIST, **{**SAID, "occurred_at:moment": when[:16], **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_an_incident_is_recorded_from_the_victims_page_and_developed_on_the_version_that_was_seen(
    police: Bench, signed_in: SignIn
) -> None:
    officer = await signed_in(police, POLICE)
    person = await recorded(officer, given_name="<b>Айгүл</b>")
    led = re.search(r'href="(/desk/incidents/record\?person=[^"]+)"', (await officer.get(person)).text)
    assert led
    form = await officer.get(led[1])
    assert f'name="victim_id" value="{person.rpartition("/")[2]}"' in form.text
    assert "&lt;b&gt;Айгүл&lt;/b&gt;" in form.text
    path = await happened(officer, SECOND, victim_id=person.rpartition("/")[2])
    page = await officer.get(path)
    assert "Children were present yes" in words(page)
    assert "With a weapon no" in words(page)
    assert "cc-109" not in re.findall(r'value="(cc-109)"', page.text)  # it was not the law on that day
    tag = re.search(r"name=\"if_match\" value='([^']+)'", page.text)
    assert tag
    said = {"measures[]": "protective_order", "articles[]": "cao-73", "outcome": "penalty_imposed", "if_match": tag[1]}
    assert (await send(officer, f"{path}/develop", **said)).status_code == 303
    assert (await send(officer, f"{path}/develop", **said)).status_code == 412
    shown = words(await officer.get(path))
    assert "Measures protective order Articles article 73 of the Code on Administrative Offences" in shown
    assert "penalty imposed" in words(await officer.get(LIST))
    assert path in (await officer.get(LIST)).text


async def test_what_can_not_have_been_is_not_recorded(police: Bench, signed_in: SignIn) -> None:
    officer = await signed_in(police, POLICE)
    then = (police.clock.now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    whole = SAID | {"occurred_at:moment": SECOND[:16]}
    for wrong in ({"occurred_at:moment": then}, {"kinds[]": "none"}, {"relation": ""}, {"place": "moon"}):
        assert (await send(officer, LIST, **{**whole, **wrong})).status_code == 422, wrong
    assert (await send(officer, LIST, **whole, victim_id=NOBODYS)).status_code == 404
    for whom in (NOBODYS, "x"):
        assert (await officer.get(f"{LIST}/record?person={whom}")).status_code == 404
    assert "There is nothing here yet" in words(await officer.get(LIST))


async def test_the_third_incident_warns_with_its_reason_and_it_is_read_once_somebody_looks_after_it(
    police: Bench, signed_in: SignIn
) -> None:
    police.clock.turn_to("2026-03-20T12:00:00+05:00")
    officer = await signed_in(police, POLICE)
    victim = (await recorded(officer)).rpartition("/")[2]
    paths = [await happened(officer, when, victim_id=victim) for when in (FIRST, SECOND, THIRD)]
    assert "Warnings that nobody has read: 1" in words(await officer.get("/desk"))
    page = await officer.get(WARNINGS)
    assert "incidents of violence, 3 times" in words(page)
    assert "Why : Three or more incidents of violence within six months." in words(page)
    assert [path for path in paths if path not in page.text] == []
    for what, status in (("share", 409), ("acknowledge", 303)):  # nobody helps her yet who could be warned
        (path,) = re.findall(rf'action="({WARNINGS}/[^"]+/{what})"', page.text)
        assert (await send(officer, path)).status_code == status
        assert (await send(await signed_in(police, OTHER), path)).status_code == 404
    assert "Warnings that nobody has read" not in words(await officer.get("/desk"))
    assert "We look after it" not in words(await officer.get(WARNINGS))
    assert "3 times" not in words(await (await signed_in(police, OTHER)).get(WARNINGS))


@pytest.mark.parametrize("role", ROLES)
async def test_they_are_for_the_roles_that_see_cases(
    police: Bench, shelter: Bench, signed_in: SignIn, role: str
) -> None:
    officer, warden = await signed_in(police, POLICE, role), await signed_in(shelter, SHELTER, role)
    allowed = 200 if role in ("worker", "supervisor") else 403
    for browser, path in ((officer, LIST), (officer, f"{LIST}/record"), (officer, WARNINGS), (warden, WARNINGS)):
        assert (await browser.get(path)).status_code == allowed, path


async def test_another_organisations_incident_is_not_there_and_only_the_police_have_any_and_share_warnings(
    police: Bench, shelter: Bench, signed_in: SignIn
) -> None:
    officer, other = await signed_in(police, POLICE), await signed_in(police, OTHER)
    path = await happened(officer, SECOND)
    assert (await other.get(path)).status_code == 404
    assert (await send(other, f"{path}/develop", if_match='"1"')).status_code == 404
    assert path not in (await other.get(LIST)).text
    warden = await signed_in(shelter, SHELTER)
    assert (await warden.get(LIST)).status_code == 404
    assert (await send(warden, f"{WARNINGS}/{NOBODYS}/share")).status_code == 404
    assert (await send(warden, f"{WARNINGS}/{NOBODYS}/acknowledge")).status_code == 404
