"""Who asked for it is told by the browser, while today lies in the background, that something new waits."""

import pytest

from deploy.demo.office import eventually
from deploy.demo.stage import Stage
from tests.browser.seat import Enter
from tests.network import Access

pytestmark = pytest.mark.processes
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
