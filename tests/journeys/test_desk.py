"""The desk without JavaScript, as a browser walks it: sign in, refer, accept, write, across two services."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from deploy.demo.office import eventually
from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE
from shared.contract.vocabulary import Agency
from tests.desk.reading import words
from tests.network import Access

pytestmark = pytest.mark.processes  # the development issuer, where one signs in, runs beside services started here


async def sign_in(access: Access, agency: Agency, organisation: str) -> httpx.AsyncClient:
    browser = httpx.AsyncClient(
        base_url=access.urls[agency], follow_redirects=True, timeout=30, headers={"accept-language": "en"}
    )
    at_the_issuer = await browser.get("/desk")
    assert "Who are you today?" in at_the_issuer.text
    back = await browser.post(str(at_the_issuer.url), data={"organisation": organisation, "role": "worker"})
    assert (back.status_code, back.url.path) == (200, "/desk")
    return browser


@pytest.fixture
async def officer(access: Access, stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    browser = await sign_in(access, Agency.POLICE, stage.cast.police)
    yield browser
    await browser.aclose()


@pytest.fixture
async def warden(access: Access, stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    browser = await sign_in(access, Agency.SHELTER, stage.cast.far_shelter)
    yield browser
    await browser.aclose()


async def send(browser: httpx.AsyncClient, path: str, **fields: str | list[str]) -> httpx.Response:
    key = re.search(r'name="form_key" value="(\w+)"', (await browser.get("/desk/persons")).text)
    assert key
    return await browser.post(path, data={"form_key": key[1], **fields})


async def test_an_officer_refers_somebody_and_a_shelter_takes_her_in_by_clicking(
    officer: httpx.AsyncClient, warden: httpx.AsyncClient, stage: Stage
) -> None:
    unit = {"unit": "rooms", "for": "women_with_children", "capacity:number": "4", "occupied:number": "1"}
    assert "3 free of 4" in words(await send(warden, "/desk/our-beds", **unit))
    assert "2 free of 4" in words(await send(warden, "/desk/our-beds/rooms/1"))
    assert "3 free of 4" in words(await send(warden, "/desk/our-beds/rooms/-1"))

    person = await send(officer, "/desk/persons", role="victim", family_name="Сәрсенова", given_name="Айгүл")
    whom = person.url.path.rpartition("/")[2]
    allowed = {"purposes[]": "lodging", "recipients[]": "shelter", "categories[]": "identity", "granted_by": "self"}
    assert "temporary lodging → Shelter: name, birth date" in words(
        await send(officer, f"/desk/persons/{whom}/consents", **allowed)
    )
    form = (await officer.get(f"/desk/refer?person={whom}")).text
    consent = re.search(r'name="basis">\s*<option value="([^"]+)"', form)
    assert consent
    referral = {
        "person_id": whom,
        "subject": "victim",
        "purpose": "lodging",
        "to.organisation": stage.cast.far_shelter,
        "urgency": "stat",
        "hold": "women_with_children",
        "household.adults:number": "1",
        "household.children:number": "2",
        "basis": consent[1],
        "call_back": "+7 727 000 01 02",
        "circumstances": "Ночью ушла из дома.",
    }
    preview = words(await send(officer, "/desk/refer", step="preview", **referral))
    left, stays = preview.split("What stays here, and why")
    assert "Сәрсенова" in left
    assert "Ночью" not in left
    assert "did not consent" in stays
    sent = await send(officer, "/desk/refer", step="send", **referral)
    path = sent.url.path

    async def has_come() -> bool:
        return path in (await warden.get("/desk")).text

    await eventually("the shelter's first page shows the referral", has_come)
    shown = words(await warden.get(path))
    assert "Сәрсенова" in shown
    assert "Accept" in shown
    assert "accepted" in words(await send(warden, f"{path}/accept"))
    assert "Ждём вас" in words(await send(warden, f"{path}/messages", body="Ждём вас"))

    async def is_answered() -> bool:
        page = words(await officer.get(path))
        return "accepted" in page and "Ждём вас" in page

    await eventually("the officer sees the answer", is_answered)
    assert "accepted" not in words(await send(officer, f"/desk/persons/{whom}/consents/{consent[1]}/withdraw"))

    async def is_erased() -> bool:
        page = words(await warden.get(path))
        return "withdrawn by the person" in page and "Сәрсенова" not in page

    await eventually("what she took back is gone at the shelter", is_erased)


async def test_a_refusal_to_report_is_told_by_clicking_and_the_shelter_sees_that_it_was_read(
    warden: httpx.AsyncClient, access: Access
) -> None:
    then = (datetime.now(ZONE) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    recorded = await send(warden, "/desk/refusals", **{"refused_at:moment": then})
    assert "not sent yet" in words(recorded)
    path = recorded.url.path
    sent = words(await send(warden, f"{path}/send"))
    assert "A refusal to report sent" in sent
    responsible = re.search(r"To (\S+) Day of the refusal", sent)
    assert responsible
    officer = await sign_in(access, Agency.POLICE, responsible[1])

    async def has_come() -> str | None:
        link = re.compile(rf'action="(/desk/notices/{path.rpartition("/")[2]}/acknowledge)"')
        found = link.search((await officer.get("/desk/notices")).text)
        return found[1] if found else None

    acknowledge = await eventually("the police see the notice", has_come)
    assert "read" in words(await send(officer, acknowledge))

    async def is_read() -> bool:
        return "read by the police" in words(await warden.get(path))

    await eventually("the shelter sees that it was read", is_read)
    await officer.aclose()


async def test_an_answer_that_the_issuer_gave_to_another_browser_lets_nobody_in(access: Access, stage: Stage) -> None:
    """A link with somebody else's code would sign its victim in as whoever sent it."""
    async with (
        httpx.AsyncClient(base_url=access.urls[Agency.POLICE], timeout=30) as thief,
        httpx.AsyncClient(base_url=access.urls[Agency.POLICE], timeout=30) as victim,
    ):
        at_the_issuer = (await thief.get("/desk/sign-in")).headers["location"]
        answer = await thief.post(at_the_issuer, data={"organisation": stage.cast.police, "role": "worker"})
        link = answer.headers["location"]
        assert (await victim.get(link)).status_code == 401
        await victim.get("/desk/sign-in")
        assert (await victim.get(link)).status_code == 401
        assert "qorgau-desk" not in victim.cookies
        assert (await thief.get(link)).status_code == 303
        assert (await thief.get(link)).status_code == 401  # a code is worth something once


async def test_who_has_no_organisation_at_this_service_is_told_so(access: Access, stage: Stage) -> None:
    async with httpx.AsyncClient(
        base_url=access.urls[Agency.POLICE], follow_redirects=True, timeout=30, headers={"accept-language": "en"}
    ) as browser:
        at_the_issuer = await browser.get("/desk")
        who = {"organisation": stage.cast.far_shelter, "role": "worker"}
        answer = await browser.post(str(at_the_issuer.url), data=who)
    assert answer.status_code == 403
    assert "does not work for your organisation" in answer.text
