"""Where both parties of a case are at one hospital, its desk keeps their files apart as its calls do."""

import re

from tests.casework.test_walls import HER, HIM, HIS_IIN, HOSPITAL, NAMED
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import POLICE, send
from tests.pair import made
from tests.workbench import Bench


async def both(health: Bench) -> tuple[str, str]:
    """She is recorded with him named; then he is, by somebody else."""
    async with health.client(HOSPITAL, who="surgeon") as surgeon:
        her = await made(await surgeon.post("/persons", json={**HER, "other_party": NAMED}))
    async with health.client(HOSPITAL, who="addictologist") as addictologist:
        return her, await made(await addictologist.post("/persons", json={**HIM, "iin": HIS_IIN}))


async def test_at_the_desk_too_neither_side_sees_the_other_and_the_chief_sees_both(
    health: Bench, signed_in: SignIn
) -> None:
    her, him = await both(health)
    chief = await signed_in(health, HOSPITAL, "supervisor", who="chief")
    for who, seen in (("surgeon", [200, 404]), ("addictologist", [404, 200])):
        browser = await signed_in(health, HOSPITAL, who=who)
        assert [(await browser.get(f"/desk/persons/{one}")).status_code for one in (her, him)] == seen
    assert [(await chief.get(f"/desk/persons/{one}")).status_code for one in (her, him)] == [200, 200]


async def test_the_page_of_walls_shows_each_side_its_own_and_the_chief_says_who_works_where(
    health: Bench, police: Bench, signed_in: SignIn
) -> None:
    her, him = await both(health)
    surgeon, nurse = [await signed_in(health, HOSPITAL, who=who) for who in ("surgeon", "nurse")]
    chief = await signed_in(health, HOSPITAL, "supervisor", who="chief")
    page = await surgeon.get("/desk/walls")
    assert (her in page.text, him in page.text) == (True, False)
    assert "There is nothing here yet" in words(await nurse.get("/desk/walls"))
    whole = (await chief.get("/desk/walls")).text
    assert her in whole
    assert him in whole
    where = re.search(r'action="(/desk/walls/[0-9a-f-]{36})/staff"', whole)
    assert where
    said = {"staff": f"nurse@{HOSPITAL}", "side": "victim"}
    assert (await send(nurse, f"{where[1]}/staff", **said)).status_code == 404
    assert (await send(surgeon, f"{where[1]}/staff", **said | {"side": "alleged_offender"})).status_code == 409
    assert (await send(chief, f"{where[1]}/staff", **said)).status_code == 303
    assert (await nurse.get(f"/desk/persons/{her}")).status_code == 200
    assert (await send(surgeon, f"{where[1]}/end")).status_code == 403
    other = await signed_in(health, "addictology-19", "supervisor")
    for what, more in (("staff", said), ("end", {})):
        assert (await send(other, f"{where[1]}/{what}", **more)).status_code == 404
    assert (await send(chief, f"{where[1]}/end")).status_code == 303
    assert "There is nothing here yet" in words(await chief.get("/desk/walls"))
    assert (await (await signed_in(police, POLICE)).get("/desk/walls")).status_code == 404
