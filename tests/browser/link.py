"""On a poor link the desk is quicker than a call: what a page weighs, and how long it takes to come."""

import time

import pytest

from deploy.demo.stage import Stage
from shared.contract.vocabulary import Agency
from shared.desk.menu import MENU
from tests.browser.seat import Desk, Enter
from tests.browser.story import allow, record

pytestmark = pytest.mark.processes
BITS, LATENCY = 150_000, 400  # a second; milliseconds
FIRST, LATER = 40_000, 10_000  # bytes that travel
SECONDS, MINUTE = 3.0, 60.0
# Seconds to think of the next step, to point and click, to strike a key: Card, Moran, Newell, 1980; no fast typist.
THINK, POINT, KEY = 1.35, 1.1, 0.28
CALL = "+7 727 000 01 02"
ACROSS = "() => performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0)"
USABLE = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"


async def weigh(desk: Desk, path: str) -> tuple[float, float]:
    """Open a page on the poor link: bytes that travelled, seconds until it could be used."""
    await desk.go(path)
    await desk.page.wait_for_load_state()
    return await desk.page.evaluate(ACROSS), await desk.page.evaluate(USABLE)


async def slow(desk: Desk) -> None:
    """From now on the line is poor, and nothing is known of the desk's style yet."""
    line = await desk.page.context.new_cdp_session(desk.page)
    await line.send("Network.enable")
    speed = {"downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8, "latency": LATENCY}
    await line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    await line.send("Network.clearBrowserCache")


async def test_the_first_page_is_light_and_every_other_lighter(enter: Enter, stage: Stage) -> None:
    desk = await enter(stage.cast.police, role="supervisor")
    await slow(desk)
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


async def test_a_known_person_is_referred_within_a_minute(enter: Enter, stage: Stage) -> None:
    """On the poor line, with nothing prepared but the record and what was allowed.

    The hand by the keystroke-level model, the line by what a page may take at most; what it took is printed.
    """
    desk = await enter(stage.cast.police)
    await record(desk, "Сәрсенова", "Айгүл")
    await allow(desk)
    await slow(desk)
    begun = time.monotonic()
    await desk.go("/desk")
    await desk.page.locator('nav a[href="/desk/persons"]').click()
    await desk.page.wait_for_load_state()
    await desk.page.locator('[role="search"] [name="family_name"]').fill("Сәрсенова")
    await desk.press("Look for")
    await desk.follow("Сәрсенова Айгүл")
    await desk.follow("Refer")
    await desk.field("or to").select_option(stage.cast.far_shelter)
    await desk.field("Hold a bed for").select_option("women_with_children")
    await desk.field("Your call-back number").fill(CALL)
    await desk.press("Show what would leave")
    await desk.press("Send")
    assert desk.say("asked") in await desk.reads()
    line = time.monotonic() - begun
    clicks, opened_and_picked, written_in = 6, 2 * 2, 2  # each click leads to a page
    keys = len("Сәрсенова") + len(stage.cast.far_shelter) + len(CALL)
    hand = (clicks + opened_and_picked + written_in) * (THINK + POINT) + keys * KEY
    print(f"\nreferred in {line:.1f} s of the line and {hand:.1f} s of the hand")  # noqa: T201
    assert clicks * SECONDS + hand < MINUTE
