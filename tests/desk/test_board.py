"""The bed board at the desk: the nearest first, and on from there."""

import html
import re

import httpx

from tests.boards import fill
from tests.desk.conftest import SignIn
from tests.workbench import Bench

POLICE, TALGAR, ALMATY, ASTANA = "police-19", "196200000", "750000000", "710000000"
HOUSES = re.compile(r"<th scope=\"row\">(House \d+)</th>")
FURTHER = re.compile(r'href="([^"]+)" rel="next"')


def houses(page: httpx.Response) -> list[str]:
    assert page.status_code == 200, page.text
    return HOUSES.findall(page.text)


async def test_an_officer_sees_the_nearest_and_goes_on_to_all_others(police: Bench, signed_in: SignIn) -> None:
    connection = await police.network.postgres.connect(str(police.database.url.database))
    await fill(connection, at=(ALMATY, ASTANA), organisations=30, units=5)
    await connection.close()
    browser = await signed_in(police, POLICE)
    await browser.get("/desk/language/en")
    page = await browser.get("/desk/beds", params={"for": "women_with_children", "near": TALGAR})
    seen, number = houses(page), 1
    assert len(seen) == 20
    while further := FURTHER.search(page.text):
        page = await browser.get(f"/desk/beds{html.unescape(further[1])}")
        seen, number = seen + houses(page), number + 1
    in_almaty, in_astana = ([f"House {n}" for n in range(first, 30, 2)] for first in (0, 1))
    assert (seen, number) == (in_almaty + in_astana, 2)
