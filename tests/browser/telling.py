"""Who asked for it is told by the browser, while today lies in the background, that something new waits."""

import pytest
from playwright.async_api import expect

from deploy.demo.office import arrives, eventually
from deploy.demo.stage import Stage
from tests.browser.seat import Enter
from tests.network import Access

pytestmark = pytest.mark.processes
HELD = "document.addEventListener('htmx:beforeRequest', (event) => { window.held = event.defaultPrevented; })"
BUTTON = "Tell me outside of this page when something new waits"
# Chromium without a screen shows no notifications: what would be shown is kept; and `away` says that nobody looks.
WITHOUT_A_SCREEN = """
window.shown = [];
window.Notification = class extends EventTarget {
  static permission = "default";
  static async requestPermission() { this.permission = "granted"; }
  constructor(title, about) { super(); window.shown.push([title, about.body]); }
};
Object.defineProperty(document, "hidden", { get: () => window.away === true });
"""


async def test_what_comes_is_told_once_and_says_nothing_of_the_case(enter: Enter, stage: Stage, access: Access) -> None:
    warden = await enter(stage.cast.far_shelter)
    await warden.page.add_init_script(WITHOUT_A_SCREEN)
    await warden.go("/desk")
    await warden.button(BUTTON).click()
    await warden.button(BUTTON).wait_for(state="hidden")
    await warden.page.evaluate("window.away = true")
    asked = {"to": {"organisation": stage.cast.far_shelter}, "purpose": "lodging", "call_back": "+7 727 000 00 01"}
    police = access.office(stage.cast.police)
    await police.post("/referrals", {**asked, "basis": {"kind": "no_personal_data"}})
    await police.close()

    async def is_told() -> bool:
        return bool(await warden.page.evaluate("window.shown.length"))

    await eventually("the browser tells", is_told)
    shown = await warden.page.evaluate("window.shown")
    assert shown == [["Qorgau", "Referrals that wait for an answer: 1"]]
    assert (await warden.page.title()).startswith("(1) Today")


async def test_who_has_no_scripts_is_offered_nothing_that_would_not_work(enter: Enter, stage: Stage) -> None:
    warden = await enter(stage.cast.far_shelter, scripts=False)
    await warden.go("/desk")
    assert await warden.button(BUTTON).count() == 0


async def test_what_comes_takes_nobodys_words_away_while_they_write(enter: Enter, stage: Stage) -> None:
    far, police = stage.cast.far_shelter, stage.offices[stage.cast.police]
    asked = {"to": {"organisation": far}, "purpose": "lodging", "call_back": "+7 727 000 00 01"}
    sent = (await police.post("/referrals", {**asked, "basis": {"kind": "no_personal_data"}}))["id"]
    await arrives(stage.offices[far], sent)
    warden = await enter(far)
    await warden.go(f"/desk/referrals/{sent}")
    await warden.page.evaluate(HELD)
    live, writing = warden.page.locator("#live"), warden.page.locator("textarea[name=body]")
    await writing.fill("Біз күтеміз")
    await police.post(f"/referrals/{sent}/messages", {"body": "Біз жолдамыз"})
    await expect(live).to_contain_text("Біз жолдамыз")
    assert await writing.input_value() == "Біз күтеміз"
    await warden.page.evaluate("document.querySelectorAll('#live details').forEach((one) => { one.open = true; })")
    why = live.locator("textarea, input[type=text], select").first
    await why.focus()
    await police.post(f"/referrals/{sent}/messages", {"body": "Жеттік"})
    await eventually("it is held back", lambda: warden.page.evaluate("window.held === true"))
    assert "Жеттік" not in await warden.reads()
    await why.blur()
    await police.post(f"/referrals/{sent}/messages", {"body": "Есік алдындамыз"})
    await expect(live).to_contain_text("Есік алдындамыз")
    assert "Жеттік" in await warden.reads()
