"""Joint assessments at the desk (F4): proposed by the police from her page, answered, held, signed, called off."""

import re
from typing import Any

import httpx
import pytest

from shared.adapters.identity import ROLES
from shared.contract.vocabulary import Agency
from tests.casework.test_assessments import CALL, HELD, HOSPITAL, MEETS, POLICE, SHELTER, SOCIAL, Four, four
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, send
from tests.pair import NAME

assert four  # the fixture
OF = {Agency.POLICE: POLICE, Agency.SHELTER: SHELTER, Agency.HEALTH: HOSPITAL, Agency.SOCIAL: SOCIAL}
LIST = "/desk/assessments"
AT = {"meets_at:moment": MEETS[:16], "place": POLICE, "call_back": CALL}
SEATS = {"seats.social_worker": SOCIAL, "seats.psychologist": HOSPITAL}
CHALLENGING = {"challenging:either": "yes"}


async def browser_of(four: Four, signed_in: SignIn, agency: Agency) -> httpx.AsyncClient:
    return await signed_in(four.benches[agency], OF[agency])


async def proposed(four: Four, officer: httpx.AsyncClient, **more: Any) -> str:
    """On her consent; everybody knows of it."""
    said = {"person_id": four.her, "basis": await four.consents(), **AT, **SEATS, **more}
    answer = await send(officer, "/desk/assessment", **said)
    assert answer.status_code == 303, answer.text
    await four.exchange()
    return answer.headers["location"]


async def test_one_is_proposed_from_her_page_answered_held_and_signed_and_everyone_sees_what_it_came_to(
    four: Four, signed_in: SignIn
) -> None:
    officer = await browser_of(four, signed_in, Agency.POLICE)
    led = re.search(r'href="(/desk/assessment\?person=[^"]+)"', (await officer.get(f"/desk/persons/{four.her}")).text)
    assert led
    assert f'name="person_id" value="{four.her}"' in (await officer.get(led[1])).text
    path = await proposed(four, officer, room="<b>214</b>")
    others = [await browser_of(four, signed_in, agency) for agency in (Agency.HEALTH, Agency.SOCIAL)]
    for one in others:
        assert path in (await one.get("/desk")).text  # it is due
        page = await one.get(path)
        assert "&lt;b&gt;214&lt;/b&gt;" in page.text
        assert HOSPITAL not in page.text.partition("<dl>")[2]  # who else is invited
        assert (await send(one, f"{path}/answer", answer="accepted", call_back=CALL)).status_code == 303
    await four.exchange()
    assert "agreed" in words(await officer.get(LIST))
    assert 'name="challenging:either"' not in (await officer.get(path)).text
    four.turn_to(HELD)
    officer = await browser_of(four, signed_in, Agency.POLICE)
    others = [await browser_of(four, signed_in, agency) for agency in (Agency.HEALTH, Agency.SOCIAL)]
    for one in (*others, officer):
        assert 'name="challenging:either"' in (await one.get(path)).text
        assert (await send(one, f"{path}/sign", **CHALLENGING)).status_code == 303
        assert 'name="challenging:either"' not in (await one.get(path)).text
        await four.exchange()
    for one in (*others, officer):
        said = words(await one.get(path))
        assert "signed by all who are needed" in said
        assert "What it came to in challenging circumstances" in said
        assert (one is officer) or NAME in said  # on her consent; the police know it anyhow


async def test_another_time_is_asked_for_and_proposed_and_it_is_called_off_once(four: Four, signed_in: SignIn) -> None:
    officer, hospital = [await browser_of(four, signed_in, one) for one in (Agency.POLICE, Agency.HEALTH)]
    path = await proposed(four, officer)
    other = {"answer": "other_time", "suggests:moment": "2026-03-27T15:00"}
    assert (await send(hospital, f"{path}/answer", **other)).status_code == 303
    await four.exchange()
    assert "asks for another time" in words(await officer.get(path))
    then = AT | {"meets_at:moment": "2026-03-27T15:00"}
    assert (await send(officer, f"{path}/rounds", **then)).status_code == 303
    await four.exchange()
    assert "15:00" in words(await hospital.get(path))
    for _ in range(2):
        assert (await send(officer, f"{path}/end", end="person_declined")).status_code == 303
    await four.exchange()
    assert "called off · the person does not want it" in words(await hospital.get(path))
    assert (await send(hospital, f"{path}/answer", answer="accepted")).status_code == 409


async def test_what_does_not_fit_is_not_proposed(four: Four, signed_in: SignIn) -> None:
    officer = await browser_of(four, signed_in, Agency.POLICE)
    whole = {"person_id": four.her, "basis": "own_request", **AT, **SEATS}
    wrong: tuple[dict[str, Any], ...] = (
        {"seats.psychologist": ""},
        {"seats.psychologist": POLICE},
        {"meets_at:moment": "tomorrow"},
        {"basis": "statutory_duty"},
        {"place": "nobody-1"},
    )
    for one in wrong:
        assert (await send(officer, "/desk/assessment", **{**whole, **one})).status_code == 422, one
    said = {name: value for name, value in whole.items() if not name.startswith("seats")}
    assert (await send(officer, "/desk/assessment", **said, seats="x")).status_code == 422
    assert (await send(officer, "/desk/assessment", **{**whole, "place": SHELTER})).status_code == 409
    assert (await send(officer, "/desk/assessment", **{**whole, "person_id": NOBODYS})).status_code == 404
    assert "There is nothing here yet" in words(await officer.get(LIST))


@pytest.mark.parametrize("role", ROLES)
async def test_they_are_for_the_roles_that_see_cases(four: Four, signed_in: SignIn, role: str) -> None:
    for agency, bench in four.benches.items():
        browser = await signed_in(bench, OF[agency], role)
        assert (await browser.get(LIST)).status_code == (200 if role in ("worker", "supervisor") else 403)
    assert (await (await signed_in(four.police, POLICE, role)).get("/desk/assessment")).status_code == (
        200 if role in ("worker", "supervisor") else 403
    )


async def test_another_organisations_is_not_there_and_only_the_police_propose(four: Four, signed_in: SignIn) -> None:
    path = await proposed(four, await browser_of(four, signed_in, Agency.POLICE))
    other = await signed_in(four.police, OTHER)
    assert (await other.get(path)).status_code == 404
    for what, said in (("sign", CHALLENGING), ("rounds", AT), ("end", {"end": "cancelled"})):
        assert (await send(other, f"{path}/{what}", **said)).status_code == 404, what
    assert path not in (await other.get(LIST)).text
    shelter = await browser_of(four, signed_in, Agency.SHELTER)
    assert (await shelter.get(path)).status_code == 404
    assert (await send(shelter, f"{path}/answer", answer="declined")).status_code == 404
    assert (await shelter.get("/desk/assessment")).status_code == 404
