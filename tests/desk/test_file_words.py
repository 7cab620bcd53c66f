"""What a file says is said in the reader's words: no field is called by its name in the API."""

import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from deploy.network import Network
from shared.casework.files.paper import BARE, TEXTS
from shared.contract.vocabulary import Agency
from shared.desk.labels import TABLES
from tests.adapters.test_writes import calls_of, came, do
from tests.deploy.test_security import OURS
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_every_text import addresses
from tests.workbench import bench

UNSAID = {*BARE, *TEXTS, "withheld", "stopped_by"}
OF_THE_API = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\d{4}-\d\d-\d\dT")


def names(content: Any) -> Iterator[str]:
    """Of the fields of a content, and of its parts."""
    for name, value in content.items():
        if name in UNSAID:
            continue
        yield name
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield from names(part)


async def told(browser: httpx.AsyncClient, file: str) -> AsyncIterator[str]:
    """What each page of a file says, and its paper; nothing of whom there is none."""
    page = await browser.get(file)
    while page.status_code == 200:
        yield words(page)
        older = re.search(r'href="(\?cursor=[^"]+)" rel="next"', page.text)
        if older is None:
            printed = await browser.get(f"{file}/pdf")
            yield "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(printed.content)).pages)
            return
        page = await browser.get(f"{file}{unescape(older[1])}")


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_whatever_was_done_about_somebody_is_told_in_words(
    network: Network, signed_in: SignIn, agency: Agency
) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        ids = await came(service)
        for call in calls_of(agency)[:-1]:  # the last erases
            await do(service, client, call, ids)
        browser = await signed_in(service, OURS[agency], "supervisor")
        files = sorted({one for one in addresses(service, ids) if one.endswith("/file")})
        pages = [page for file in files async for page in told(browser, file)]
        read = [(await client.get(file.removeprefix("/desk"), params={"limit": 200})).json() for file in files]
    said = {name for file in read for one in file.get("items", ()) for name in names(one["content"])}
    assert said
    assert said - set(TABLES["entry"]) == set()
    assert [found for page in pages for found in OF_THE_API.findall(page)] == []
