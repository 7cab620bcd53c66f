"""Today says in its title how much waits, and to who listens in the background what kind of thing and how many."""

import re
from html import unescape

import httpx
import pytest

from tests.casework.conftest import two
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.pair import NAME, SHELTER, Two, person, referred

__all__ = ["two"]
OTHER = "shelter-near-19"


def title(page: httpx.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", page.text)
    assert found
    return found[1]


def told(page: httpx.Response) -> tuple[int, str]:
    """(how many things, what is said of them)"""
    found = re.search(r'data-things="([^"]*)" data-says="([^"]*)"', page.text)
    assert found
    return len(found[1].split()), unescape(found[2])


async def one_waits(two: Two) -> None:
    await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)


async def test_the_title_counts_what_waits_and_nothing_of_a_case_is_said(two: Two, signed_in: SignIn) -> None:
    browser = await signed_in(two.shelter, SHELTER)
    assert title(await browser.get("/desk")).startswith("Today")
    await one_waits(two)
    page = await browser.get("/desk")
    assert title(page).startswith("(1) Today")
    assert told(page) == (1, "Referrals that wait for an answer: 1")
    assert NAME not in title(page) + told(page)[1]


@pytest.mark.parametrize(
    ("language", "says"), [("kk", "Жауап күтіп тұрған жолдама: 1"), ("ru", "Ждут ответа направлений: 1")]
)
async def test_it_is_said_in_the_readers_language(two: Two, signed_in: SignIn, language: str, says: str) -> None:
    await one_waits(two)
    browser = await signed_in(two.shelter, SHELTER)
    await browser.get(f"/desk/language/{language}?back_to=/desk")
    assert told(await browser.get("/desk")) == (1, says)


async def test_another_organisation_of_the_same_service_is_told_of_nothing(two: Two, signed_in: SignIn) -> None:
    await one_waits(two)
    assert told(await (await signed_in(two.shelter, OTHER)).get("/desk")) == (0, "")


async def test_the_script_that_tells_is_the_desks_own_and_the_button_is_hidden_without_it(
    two: Two, signed_in: SignIn
) -> None:
    browser = await signed_in(two.shelter, SHELTER)
    page = (await browser.get("/desk")).text
    assert '<script src="/desk/static/tell.js" defer></script>' in page
    assert re.search(r'<button id="tell" class="quiet" hidden>', page)
    assert (await browser.get("/desk/static/tell.js")).headers["content-type"].startswith("text/javascript")
