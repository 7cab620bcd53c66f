"""Plans to restore rights at the social services' desk (F5): made, followed, reviewed, closed."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.contract.calendar import local_day
from shared.contract.vocabulary import Agency
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, recorded, send
from tests.pair import SHELTER
from tests.social.test_restoration import Ends, asked, ends, planned
from tests.workbench import Bench, bench

assert ends  # the fixture
SOCIAL, OTHER = "social-19", "social-10"
LIST = "/desk/plans"


@pytest.fixture
async def social(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SOCIAL) as service:
        yield service


def version(page: httpx.Response) -> dict[str, Any]:
    found = re.search(r"name=\"if_match\" value='([^']+)'", page.text)
    assert found
    return {"if_match": found[1]}


async def made(browser: httpx.AsyncClient, **more: Any) -> str:
    answer = await send(browser, LIST, **{"kinds[]": ["documents", "benefits"], **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_a_plan_begins_on_a_persons_page_and_is_followed_reviewed_changed_and_closed(
    social: Bench, signed_in: SignIn
) -> None:
    worker = await signed_in(social, SOCIAL)
    person = await recorded(worker)
    led = re.search(r'href="(/desk/plans/make\?person=[^"]+)"', (await worker.get(person)).text)
    assert led
    assert f'name="person_id" value="{person.rpartition("/")[2]}"' in (await worker.get(led[1])).text
    path = await made(worker, person_id=person.rpartition("/")[2])
    assert "documents planned benefits planned" in words(await worker.get(path))
    assert path in (await worker.get("/desk")).text  # its review is due
    said = {"kind": "documents", "progress": "done", "text": "<b>Куәлік</b>"}
    assert (await send(worker, f"{path}/entries", **said)).status_code == 303
    page = await worker.get(path)
    assert "documents done" in words(page)
    assert "&lt;b&gt;Куәлік&lt;/b&gt;" in page.text
    court = {"kind": "benefits", "name": "<i>Сот</i>", **version(page)}
    assert (await send(worker, f"{path}/partners", **court)).status_code == 303
    assert (await send(worker, f"{path}/partners", **court)).status_code == 412  # it was changed meanwhile
    page = await worker.get(path)
    assert "&lt;i&gt;Сот&lt;/i&gt;" in page.text
    assert (await send(worker, f"{path}/goals", **{"kinds[]": ["benefits", "housing"]}, **version(page))).is_redirect
    shown = words(await worker.get(path))
    assert "benefits planned <i>Сот</i> housing planned" in shown
    soon = local_day(social.clock.now) + timedelta(days=5)
    assert (await send(worker, f"{path}/reviews", review_on=f"{soon}")).status_code == 303
    assert (await send(worker, f"{path}/close")).status_code == 303
    assert "What can be done now" not in words(await worker.get(path))
    assert "closed" in words(await worker.get(LIST))
    assert (await send(worker, f"{path}/close")).status_code == 409
    assert path not in (await worker.get("/desk")).text


async def test_what_does_not_fit_is_refused(social: Bench, signed_in: SignIn) -> None:
    worker = await signed_in(social, SOCIAL)
    for wrong in ({}, {"kinds[]": "wealth"}, {"kinds": "documents"}, {"kinds[]": "housing", "review_on": "2099-01-01"}):
        assert (await send(worker, LIST, **wrong)).status_code == 422, wrong
    for whom in ("person", "referral"):
        for one in (NOBODYS, "x"):
            assert (await worker.get(f"{LIST}/make?{whom}={one}")).status_code == 404
        assert (await send(worker, LIST, **{"kinds[]": "housing", f"{whom}_id": NOBODYS})).status_code == 404
    path = await made(worker)
    tag = version(await worker.get(path))
    both = {"kind": "documents", "name": "Сот", "organisation": SOCIAL}
    for wrong in (both, {"kind": "documents"}, {"kind": "wealth", "name": "Сот"}):
        assert (await send(worker, f"{path}/partners", **wrong, **tag)).status_code == 422, wrong
    assert (await send(worker, f"{path}/partners", kind="documents", name="Сот")).status_code == 428
    assert (await send(worker, f"{path}/entries", kind="housing", progress="done")).status_code == 422


async def test_who_referred_her_sees_on_the_referral_how_the_plan_goes_as_far_as_they_may(
    ends: Ends, signed_in: SignIn
) -> None:
    _, referral = await asked(ends)
    await planned(ends, referral_id=referral)
    warden = await signed_in(ends.shelter, SHELTER)
    shown = words(await warden.get(f"/desk/referrals/{referral}"))
    assert "documents: planned, education: planned" in shown
    assert "psychologist" not in shown
    worker = await signed_in(ends.social, SOCIAL)
    page = await worker.get(f"/desk/referrals/{referral}")
    assert f"/desk/plans/make?referral={referral}" in page.text
    assert "How it goes there" not in words(page)


@pytest.mark.parametrize("role", ROLES)
async def test_plans_are_for_the_roles_that_see_cases(social: Bench, signed_in: SignIn, role: str) -> None:
    browser = await signed_in(social, SOCIAL, role)
    for path in (LIST, f"{LIST}/make"):
        assert (await browser.get(path)).status_code == (200 if role in ("worker", "supervisor") else 403)


async def test_another_akimats_plan_is_not_there_and_other_agencies_have_none(
    social: Bench, police: Bench, signed_in: SignIn
) -> None:
    path = await made(await signed_in(social, SOCIAL))
    other = await signed_in(social, OTHER)
    assert (await other.get(path)).status_code == 404
    said: dict[str, dict[str, Any]] = {"goals": {"kinds[]": "housing"}, "reviews": {}, "close": {}}
    said |= {"partners": {"kind": "documents", "name": "x"}, "entries": {"kind": "documents", "progress": "done"}}
    for what, body in said.items():
        assert (await send(other, f"{path}/{what}", **body)).status_code == 404, what
    assert path not in (await other.get(LIST)).text
    assert (await (await signed_in(police, "police-19")).get(LIST)).status_code == 404
