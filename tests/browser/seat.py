"""A browser, and somebody who signs in with it at a desk of the running network.

`tests/browser/run` names this plugin (`-p`). It is no conftest: who has no Playwright can collect all other tests.
"""

import re
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page
from pytest_playwright_asyncio import CreateContextCallback

from deploy.demo.office import eventually
from shared.contract.vocabulary import Agency
from shared.desk.language import Language, translations
from tests.network import Access

NARROW, WIDE = 360, 1440  # pixels
PICTURES = Path(__file__).parent / "pictures"


@dataclass
class Desk:
    """A page of somebody's browser. Everything is looked for by the words that a reader sees or hears."""

    page: Page
    url: str
    language: Language

    def say(self, words: str) -> str:
        """The words in the reader's language."""
        return translations(self.language).gettext(words)

    async def go(self, path: str) -> None:
        """Open a page of the desk."""
        answer = await self.page.goto(f"{self.url}{path}")
        assert answer is not None
        assert answer.status == 200, path

    def field(self, words: str) -> Locator:
        """A field by its label."""
        label = self.say(words)
        choice = self.page.get_by_role("combobox", name=label, exact=True)
        return self.page.get_by_label(label, exact=True).or_(choice)

    def button(self, words: str) -> Locator:
        """A button by what stands on it."""
        return self.page.get_by_role("button", name=self.say(words), exact=True)

    async def follow(self, words: str, *, in_: str = "main") -> None:
        """Click a link and wait for its page."""
        link = self.page.locator(in_).get_by_role("link", name=self.say(words), exact=True)
        await link.first.click()
        await self.page.wait_for_load_state()

    async def press(self, words: str) -> None:
        """Press a button and wait for the page that it leads to."""
        async with self.page.expect_navigation():
            await self.button(words).first.click()

    async def open(self, words: str) -> None:
        """Open what is folded, if it is not open."""
        summary = self.page.locator("summary", has_text=re.compile(rf"^{re.escape(self.say(words))}$"))
        if not await summary.locator("..").evaluate("one => one.open"):
            await summary.click()

    async def reads(self) -> str:
        """What the page says."""
        return str(await self.page.locator("main").inner_text())

    async def comes(self, words: str) -> None:
        """Wait until the page says so: by itself where scripts run, else by loading it again and again."""

        async def is_there() -> bool:
            if words in await self.reads():
                return True
            await self.page.reload()
            return words in await self.reads()

        await eventually(f"the page says: {words}", is_there)


Enter = Callable[..., Coroutine[Any, Any, Desk]]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, for pytest-playwright to start."""
    chromium = shutil.which("chromium")
    assert chromium, "there is no Chromium: tests/browser/run --with-chromium"
    ours = {"executable_path": chromium, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
    return {**browser_type_launch_args, **ours}


@pytest.fixture
def enter(new_context: CreateContextCallback, access: Access) -> Enter:
    """Sign somebody in: organisation, role, language, with or without scripts, so wide, light or dark."""

    async def enter_(
        organisation: str,
        *,
        role: str = "worker",
        language: Language = "en",
        scripts: bool = True,
        width: int = WIDE,
        dark: bool = False,
    ) -> Desk:
        context = await new_context(
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
            locale=language,
            color_scheme="dark" if dark else "light",
            timezone_id="Asia/Almaty",
        )
        page = await context.new_page()
        page.set_default_timeout(20_000)
        agency = Agency(access.enrolment.trust_now().party(organisation).agency)
        await page.goto(f"{access.urls[agency]}/desk")
        await page.get_by_label("Organisation").select_option(organisation)
        await page.get_by_label("Role").select_option(role)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/desk*")
        return Desk(page, access.urls[agency], language)

    return enter_
