"""Whatever text a call takes, every page shows it as text: a script in each field of each call, and every page read."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from shared.desk.pages import PageRoute
from shared.desk.sessions import PATH
from tests.adapters.test_writes import Call, Ids, calls_of, came, do
from tests.adapters.test_writes import route as api_path
from tests.deploy.test_security import OURS
from tests.desk.conftest import SignIn
from tests.workbench import Bench, bench

SCRIPT = '"><script>alert(1)</script>'
ESCAPED = "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
WRITTEN = re.compile("[А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі]")  # what somebody wrote, and no code, day or number


def spoilt(body: Any) -> Any:
    """A body with the script in every text that somebody wrote."""
    if isinstance(body, dict):
        return {name: spoilt(value) for name, value in body.items()}
    if isinstance(body, list):
        return [spoilt(one) for one in body]
    return SCRIPT if isinstance(body, str) and WRITTEN.search(body) else body


def with_script(call: Call) -> Call:
    """The same call, with the script in its texts."""
    where, body = call
    return (where, (lambda ids: spoilt(body(ids))) if callable(body) else spoilt(body))


def addresses(service: Bench, ids: Ids) -> Iterator[str]:
    """Every page to look at: of each thing that there is, and for each person a form begins with."""
    for router in service.app.state.parts.pages:
        for route in [one for one in router.routes if isinstance(one, PageRoute) and "GET" in (one.methods or ())]:
            if route.path.endswith(("/pdf", "/json", "/live")):
                continue  # no page
            if "{" not in route.path:
                yield f"{PATH}{route.path}?person={ids['person_id']}"
                yield f"{PATH}{route.path}"
            for one in sorted(of_kind(ids, route.path)):
                yield PATH + re.sub(r"\{[^}]+\}", one, route.path)


def of_kind(ids: Ids, path: str) -> set[str]:
    """The ids of what a path is about, by the name that the API gives them; any, where it has none of that name."""
    named = re.findall(r"\{(\w+)\}", path)
    mine = {one for name, one in ids.items() if named and api_path(f"{{{name}}}") == f"{{{named[0]}}}"}
    return mine or (set(ids.values()) if named else set())


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_no_text_of_any_call_runs_in_any_page(network: Network, signed_in: SignIn, agency: Agency) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        ids = await came(service)
        for call in calls_of(agency)[:-1]:  # the last erases
            await do(service, client, with_script(call), ids)
        browser = await signed_in(service, OURS[agency], "supervisor")
        showing = [page for page in addresses(service, ids) if await shows(browser, page)]
    assert len(showing) > 5, showing


async def shows(browser: httpx.AsyncClient, page: str) -> bool:
    """Whether the page shows the script as text. It never holds it as it was written."""
    answer = await browser.get(page)
    assert answer.status_code < 500, page
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return False
    assert SCRIPT not in answer.text, page
    assert "<script>alert" not in answer.text, page
    return ESCAPED in answer.text
