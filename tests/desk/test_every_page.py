"""Whatever page there is, at whichever agency: nobody sees it who may not make its calls, and no text runs in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import services
import shared.desk
from deploy.network import Network
from shared.adapters.identity import ROLES, Permission
from shared.contract.vocabulary import Agency
from shared.desk.menu import MENU, first_page, menu_of
from shared.desk.pages import PageRoute
from shared.desk.sessions import PATH
from tests.deploy.test_security import OURS
from tests.desk.conftest import SignIn
from tests.workbench import Bench, bench

NOBODYS = "00000000-0000-4000-8000-000000000000"
# Pages for whoever is signed in.
FOR_ALL = {"/desk/sign-out", "/desk/lock", "/desk/leave"}
OF_STATISTICS = re.compile(r"^/desk/(statistics|region)(/|$)")
TEMPLATES = sorted(
    [
        *(Path(shared.desk.__file__).parent / "templates").glob("*.html"),
        *Path(services.__path__[0]).glob("*/templates/*.html"),
    ]
)


def pages(service: Bench) -> Iterator[tuple[str, str]]:
    """Each page's method and address, with nobody's ids in it."""
    for router in service.app.state.parts.pages:
        for route in [one for one in router.routes if isinstance(one, PageRoute)]:
            for method in sorted(route.methods or ()):
                yield method, PATH + re.sub(r"\{[^}]+\}", NOBODYS, route.path)


async def refused(browser: httpx.AsyncClient, method: str, path: str) -> bool:
    """Whether it is told that this is not theirs to see; a form needs the key of a page that they did see."""
    fields = {}
    if method == "POST":
        shown = await browser.get("/desk/rules")
        key = re.search(r'name="form_key" value="(\w+)"', shown.text)
        assert key, shown.text
        fields = {"form_key": key[1]}
    answer = await browser.request(method, path, data=fields or None)
    assert answer.status_code < 500, (method, path, answer.status_code)
    return answer.status_code == 403


@pytest.mark.parametrize("role", ["nothing", "bed-counter", "statistician"])
@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_who_may_see_no_cases_sees_no_page_that_has_any(
    network: Network, signed_in: SignIn, agency: Agency, role: str
) -> None:
    async with bench(network, agency) as service:
        browser = await signed_in(service, OURS[agency], role)
        every = [one for one in pages(service) if one[1] not in FOR_ALL]
        seen = {path for method, path in every if not await refused(browser, method, path)}
    if role == "statistician":
        seen -= {one for one in seen if OF_STATISTICS.match(one)}
    if role == "bed-counter":
        seen -= {one for one in seen if one.startswith("/desk/our-beds")}
    assert seen == set()
    assert len(every) > 40


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_each_entry_of_the_menu_opens_for_whom_it_is_shown(
    network: Network, signed_in: SignIn, agency: Agency, role: str
) -> None:
    async with bench(network, agency) as service:
        browser = await signed_in(service, OURS[agency], role)
        shown = menu_of(agency, ROLES[role])
        answers = {one.path: (await browser.get(one.path)).status_code for one in MENU if agency in one.at}
    opens = {one.path for one in shown}
    assert {path for path, status in answers.items() if status == 200} == opens
    assert {status for path, status in answers.items() if path not in opens} <= {403}


def test_one_begins_with_today_or_with_what_comes_first_of_what_one_may_see() -> None:
    assert first_page(Agency.POLICE, frozenset({Permission.READ})) == "/desk"
    assert first_page(Agency.POLICE, ROLES["statistician"]) == "/desk/statistics"
    assert first_page(Agency.POLICE, frozenset()) == "/desk"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: f"{one.parent.parent.name}-{one.stem}")
def test_no_template_lets_a_text_run(template: Path) -> None:
    """Everything is escaped; so a text could run only where a template says so, or where there are no quotes."""
    said = template.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape|Markup|\bon\w+=|javascript:|<style|style=", said)
    bare = re.sub(r'"[^"]*"', "", re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "@", said)))
    assert not re.search(r"=\s*@", bare), "no quotes"
    assert not re.search(r"<script[^>]*>[^<]", said), "a script in a page"
    for address in re.findall(r'(?:href|src|action)="(\{\{.*?)"', said):
        assert not re.search(r"\.(content|text|address|name)\b", address), address
