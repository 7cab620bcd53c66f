"""On a poor link the desk is quicker than a call: what a page weighs, and how long it takes to come."""

import pytest

from deploy.demo.stage import Stage
from shared.contract.vocabulary import Agency
from shared.desk.menu import MENU
from tests.browser.seat import Desk, Enter

pytestmark = pytest.mark.processes
BITS, LATENCY = 150_000, 400  # a second; milliseconds
FIRST, LATER = 40_000, 10_000  # bytes that travel
SECONDS = 3.0
ACROSS = "() => performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0)"
USABLE = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"


async def weigh(desk: Desk, path: str) -> tuple[float, float]:
    """Open a page on the poor link: bytes that travelled, seconds until it could be used."""
    await desk.go(path)
    await desk.page.wait_for_load_state()
    return await desk.page.evaluate(ACROSS), await desk.page.evaluate(USABLE)


async def test_the_first_page_is_light_and_every_other_lighter(enter: Enter, stage: Stage) -> None:
    desk = await enter(stage.cast.police, role="supervisor")
    line = await desk.page.context.new_cdp_session(desk.page)
    await line.send("Network.enable")
    speed = {"downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8, "latency": LATENCY}
    await line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    await line.send("Network.clearBrowserCache")
    first, seconds = await weigh(desk, "/desk")
    print(f"\nfirst page: {first / 1000:.1f} kB, {seconds:.1f} s")  # noqa: T201
    assert first < FIRST
    assert seconds < SECONDS
    for one in MENU:
        if Agency.POLICE in one.at:
            later, seconds = await weigh(desk, one.path)
            print(f"{one.path}: {later / 1000:.1f} kB, {seconds:.1f} s")  # noqa: T201
            assert later < LATER, one.path
            assert seconds < SECONDS, one.path
