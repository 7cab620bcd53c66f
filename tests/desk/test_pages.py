"""Pages are for who is signed in, show only their organisation's rows, and take only forms that they showed."""

import asyncio
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import httpx
import pytest
from fastapi import Request
from pypdf import PdfReader
from sqlmodel import select

from shared.adapters.audit_tables import AuditEntry
from shared.adapters.identity import ROLES
from shared.desk import sessions
from shared.desk.tables import DeskSession
from tests.desk.conftest import SignIn
from tests.serving import serving
from tests.workbench import Bench

POLICE, SHELTER, OTHER = "police-19", "shelter-far-19", "police-10"
NOBODYS = "00000000-0000-4000-8000-000000000000"
SEES_CASES = ("worker", "supervisor")
HTMX = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"  # of htmx.org 2.0.10, dist/htmx.min.js
PAGES = ("/desk", "/desk/persons", "/desk/refer", "/desk/referrals", "/desk/beds")


def form_key(page: httpx.Response) -> str:
    found = re.search(r'name="form_key" value="(\w+)"', page.text)
    assert found, page.text
    return found[1]


async def send(browser: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    key = form_key(await browser.get("/desk/persons"))
    return await browser.post(path, data={"form_key": key, **fields})


async def recorded(browser: httpx.AsyncClient, **more: str) -> str:
    answer = await send(browser, "/desk/persons", role="victim", family_name="Сәрсенова", **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.parametrize("path", [*PAGES, f"/desk/referrals/{NOBODYS}", f"/desk/persons/{NOBODYS}"])
async def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back_to_the_page(police: Bench, path: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=police.app), base_url="http://bench") as nobody:
        answer = await nobody.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/sign-in?back_to={path}")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_for_the_roles_that_may_make_its_calls(
    police: Bench, signed_in: SignIn, path: str, role: str
) -> None:
    answer = await (await signed_in(police, POLICE, role)).get(path)
    assert answer.status_code == (200 if role in SEES_CASES else 403)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_another_organisations_person_and_referral_are_not_there(police: Bench, signed_in: SignIn) -> None:
    ours, theirs = await signed_in(police, POLICE), await signed_in(police, OTHER)
    person = await recorded(ours)
    asked = {"purpose": "lodging", "to.organisation": SHELTER, "urgency": "urgent", "basis": "no_personal_data"}
    referral = (await send(ours, "/desk/refer", step="send", call_back="+7 727 000 00 01", **asked)).headers["location"]
    for path in (person, referral):
        assert (await ours.get(path)).status_code == 200
        assert (await theirs.get(path)).status_code == 404
    withdrawn = await send(theirs, f"{referral}/withdraw")
    assert withdrawn.status_code == 404


async def test_a_form_that_no_page_of_this_session_showed_does_nothing(police: Bench, signed_in: SignIn) -> None:
    browser = await signed_in(police, POLICE)
    other = form_key(await (await signed_in(police, POLICE)).get("/desk/persons"))
    for key in ({}, {"form_key": ""}, {"form_key": other}):
        answer = await browser.post("/desk/persons", data={"role": "victim", "family_name": "Ахметова", **key})
        assert answer.status_code == 403
    found = await send(browser, "/desk/persons/search", family_name="Ахметова")
    assert "Nobody of that name" in found.text


async def test_no_two_forms_carry_the_same_key_and_each_is_taken(police: Bench, signed_in: SignIn) -> None:
    """Pages are compressed: what stayed the same in all of them could be guessed by their length."""
    browser = await signed_in(police, POLICE)
    keys = {form_key(await browser.get("/desk/persons")) for _ in range(3)}
    assert len(keys) == 3
    for key in keys:
        answer = await browser.post("/desk/persons/search", data={"form_key": key, "family_name": "Ахметова"})
        assert answer.status_code == 200


async def test_pages_are_compressed_where_the_browser_can_open_them_and_what_is_no_case_is_kept_by_it(
    police: Bench, signed_in: SignIn
) -> None:
    browser = await signed_in(police, POLICE)
    squeezed = await browser.get("/desk/rules", headers={"accept-encoding": "gzip"})
    plain = await browser.get("/desk/rules", headers={"accept-encoding": "identity"})
    assert squeezed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(squeezed.headers["content-length"]) * 4 < int(plain.headers["content-length"])
    htmx = await browser.get("/desk/static/htmx.min.js", headers={"accept-encoding": "gzip"})
    assert int(htmx.headers["content-length"]) < 17_000
    assert sha256(htmx.content).hexdigest() == HTMX, "as its makers published it"
    style = await browser.get("/desk/static/desk.css")
    assert style.headers.get_list("cache-control") == ["public, max-age=86400"]
    assert plain.headers.get_list("cache-control") == ["no-store"]


async def test_every_page_forbids_frames_scripts_from_elsewhere_and_caches(police: Bench, signed_in: SignIn) -> None:
    browser = await signed_in(police, POLICE)
    for path in (*PAGES, "/desk/nothing-here", "/desk/signed-out"):
        answer = await browser.get(path)
        assert answer.headers["cache-control"] == "no-store"
        if answer.headers["content-type"].startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-inline" not in policy
            assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|style=|https?://(?!www\.w3\.org)", answer.text) == []


XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 'zz'*3 }}",
    "javascript:alert(1)",
    "'; alert(1); //",
    "</textarea><svg/onload=alert(1)>",
)


@pytest.mark.parametrize("payload", XSS)
async def test_what_was_typed_is_shown_as_it_was_typed_and_runs_nowhere(
    police: Bench, signed_in: SignIn, payload: str
) -> None:
    browser = await signed_in(police, POLICE)
    person = await recorded(browser, given_name=payload)
    fields = {"purpose": "lodging", "to.organisation": SHELTER, "basis": "no_personal_data", "urgency": "urgent"}
    fields |= {"call_back": "+7 727 000 00 01", "circumstances": payload, "step": "preview"}
    for page in (await browser.get(person), await send(browser, "/desk/refer", **fields)):
        assert page.status_code == 200
        assert not re.search(r"<script>alert|<img src=x|<svg/onload", page.text)
        assert "zzzzzz" not in page.text


async def test_a_desk_that_nobody_uses_is_left_alone_for_a_quarter_of_an_hour_and_no_longer(
    police: Bench, signed_in: SignIn
) -> None:
    browser = await signed_in(police, POLICE)
    for minutes in (14, 14, 14):
        police.clock.now += timedelta(minutes=minutes)
        assert (await browser.get("/desk")).status_code == 200
    for _ in range(3):  # a page that follows by itself keeps nobody signed in
        police.clock.now += timedelta(minutes=6)
        last = await browser.get("/desk", headers={"hx-request": "true"})
    assert last.status_code == 303


async def test_nobody_is_signed_in_for_longer_than_a_shift(police: Bench, signed_in: SignIn) -> None:
    browser = await signed_in(police, POLICE)
    for _ in range(47):
        police.clock.now += timedelta(minutes=10)
        assert (await browser.get("/desk")).status_code == 200
    police.clock.now += timedelta(minutes=10)
    assert (await browser.get("/desk")).status_code == 303


@pytest.mark.parametrize("way", ["sign-out", "lock", "leave"])
async def test_leaving_ends_the_session_wherever_its_key_is_kept(shelter: Bench, signed_in: SignIn, way: str) -> None:
    browser = await signed_in(shelter, SHELTER)
    key = browser.cookies["qorgau-desk"]
    await send(browser, f"/desk/{way}")
    browser.cookies.set("qorgau-desk", key)
    assert (await browser.get("/desk")).status_code == 303


async def test_a_session_lies_sealed_and_its_key_is_not_in_the_database(police: Bench, signed_in: SignIn) -> None:
    browser = await signed_in(police, POLICE)
    async with police.work() as work:
        row = (await work.session.exec(select(DeskSession))).one()
    key = browser.cookies["qorgau-desk"]
    assert key not in row.id
    assert row.sealed is not None
    assert "Дәурен".encode() not in row.sealed


async def test_what_a_page_shows_is_in_the_record_as_with_the_call(police: Bench, signed_in: SignIn) -> None:
    browser = await signed_in(police, POLICE)
    person = await recorded(browser)
    await browser.get(person)
    async with police.work(POLICE) as work:
        actions = (await work.session.exec(select(AuditEntry.action))).all()
    assert {"person_recorded", "read_person", "read_consent", "read_disclosures"} <= set(actions)


async def test_what_left_about_somebody_is_printed_as_a_letter_in_the_language_of_the_desk(
    police: Bench, signed_in: SignIn
) -> None:
    ours, theirs = await signed_in(police, POLICE), await signed_in(police, OTHER)
    person = await recorded(ours)
    assert f'href="{person}/letter"' in (await ours.get(person)).text
    await ours.get("/desk/language/ru?back_to=/desk")
    letter = await ours.get(f"{person}/letter")
    assert letter.headers["content-type"] == "application/pdf"
    assert "Сәрсенова" in PdfReader(BytesIO(letter.content)).pages[0].extract_text()
    assert (await theirs.get(f"{person}/letter")).status_code == 404


@pytest.mark.parametrize(("language", "word"), [("kk", "Бүгін"), ("ru", "Сегодня"), ("en", "Today")])
async def test_the_language_is_chosen_on_every_page_and_kept(
    police: Bench, signed_in: SignIn, language: str, word: str
) -> None:
    browser = await signed_in(police, POLICE)
    answer = await browser.get(f"/desk/language/{language}?back_to=/desk/beds")
    assert answer.headers["location"] == "/desk/beds"
    page = (await browser.get("/desk")).text
    assert f'<html lang="{language}">' in page
    assert f"<h1>{word}</h1>" in page


@pytest.mark.parametrize(
    "where", ["https://elsewhere.example", "//elsewhere.example", "/v1/persons", "/desk\\\\x", "x"]
)
async def test_nobody_is_sent_anywhere_but_to_the_desk(police: Bench, signed_in: SignIn, where: str) -> None:
    answer = await (await signed_in(police, POLICE)).get("/desk/language/kk", params={"back_to": where})
    assert answer.headers["location"] == "/desk"


async def test_a_session_that_ended_is_deleted_and_one_that_runs_stays(police: Bench, signed_in: SignIn) -> None:
    await signed_in(police, POLICE)
    police.clock.now += timedelta(hours=7)
    running = await signed_in(police, POLICE)
    police.clock.now += timedelta(hours=1)
    async with police.work() as work:
        assert await sessions.delete_ended(work) == 1
    assert (await running.get("/desk")).status_code == 303  # idle for an hour
    async with police.work() as work:
        assert len((await work.session.exec(select(DeskSession))).all()) == 1


async def test_a_page_that_follows_by_itself_keeps_nobody_signed_in(police: Bench, signed_in: SignIn) -> None:
    """The stream of a page that is left open asks again and again, and nobody sits before it."""
    browser = await signed_in(police, POLICE)
    key = browser.cookies[sessions.COOKIE]
    for minutes in (6, 6):
        police.clock.now += timedelta(minutes=minutes)
        asked = {"type": "http", "method": "GET", "path": "/desk/live", "query_string": b"", "app": police.app}
        cookie = (b"cookie", f"{sessions.COOKIE}={key}".encode())
        assert await sessions.find(Request({**asked, "headers": [cookie]})) is not None
    police.clock.now += timedelta(minutes=6)
    assert (await browser.get("/desk")).status_code == 303


async def test_who_comes_back_to_a_desk_that_was_left_alone_proves_who_they_are(
    police: Bench, signed_in: SignIn
) -> None:
    """Else the provider, who knows the browser, would let in whoever sits down before it."""
    browser = await signed_in(police, POLICE)
    police.clock.now += timedelta(minutes=16)
    assert (await browser.get("/desk/beds")).headers["location"] == "/desk/sign-in?back_to=/desk/beds&again=1"


async def test_what_changed_since_the_page_was_made_or_the_stream_was_lost_is_said_at_once(
    police: Bench, signed_in: SignIn
) -> None:
    browser, pulse = await signed_in(police, POLICE), police.database.changed
    known = re.findall(r'data-mark="(\w+)"', (await browser.get("/desk")).text)[0]
    pulse.beat()
    cookie = f"{sessions.COOKIE}={browser.cookies[sessions.COOKIE]}"
    async with serving(police) as url, httpx.AsyncClient(base_url=url, headers={"cookie": cookie}) as open_:
        for path, more in ((f"/desk/live?after={known}", {}), ("/desk/live", {"last-event-id": known})):
            async with open_.stream("GET", path, headers=more) as stream:
                said = await asyncio.wait_for(_first(stream), 10)
            assert said == f"id: {pulse.mark}\nevent: changed"
        async with open_.stream("GET", f"/desk/live?after={pulse.mark}") as stream:
            waits = asyncio.create_task(_first(stream))
            assert not (await asyncio.wait([waits], timeout=0.2))[0]
            pulse.beat()
            assert await asyncio.wait_for(waits, 10) == f"id: {pulse.mark}\nevent: changed"


async def _first(stream: httpx.Response) -> str:
    """The first event of a stream."""
    lines: list[str] = []
    async for line in stream.aiter_lines():
        lines += [line] if line else []
        if line.startswith("data:"):
            break
    return "\n".join(lines[1:-1])
