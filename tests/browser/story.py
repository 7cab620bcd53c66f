"""A night's story by clicking: a woman is referred, taken in and written about; she takes it back; nobody is named."""

from datetime import datetime, timedelta

import pytest

from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE
from shared.desk.labels import PURPOSES
from shared.desk.language import LANGUAGES, Language
from tests.browser.seat import NARROW, WIDE, Desk, Enter
from tests.network import Access

pytestmark = pytest.mark.processes
NIGHT = "Ночью ушла из дома."
COME = "Ждём вас"


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_story_is_played_by_clicking(
    enter: Enter, stage: Stage, language: Language, scripts: bool, width: int
) -> None:
    how = {"language": language, "scripts": scripts, "width": width}
    officer, warden = await enter(stage.cast.police, **how), await enter(stage.cast.far_shelter, **how)
    await count_rooms(warden)
    await record(officer, "Сәрсенова", "Айгүл")
    await allow(officer)
    await refer(officer, warden, stage.cast.far_shelter)
    await take_in(warden, officer)
    await take_back(officer, warden)


async def count_rooms(warden: Desk) -> None:
    await warden.go("/desk/our-beds")
    await warden.open("Count a unit")
    await warden.field("Name of the unit").fill("rooms")
    await warden.field("For").select_option("women_with_children")
    await warden.field("Places").fill("4")
    await warden.field("Taken").fill("1")
    await warden.press("Count")
    assert "3" in await warden.page.locator(".count strong").inner_text()
    for touch, free in (("+ one came", "2"), ("− one left", "3")):
        await warden.press(touch)
        assert await warden.page.locator(".count strong").inner_text() == free


async def record(officer: Desk, family: str, given: str, *, role: str = "victim") -> None:
    await officer.go("/desk/persons")
    form = officer.page.locator("section:has(#new)")
    await form.get_by_role("combobox", name=officer.say("Who"), exact=True).select_option(role)
    await form.get_by_label(officer.say("Family name"), exact=True).fill(family)
    await form.get_by_label(officer.say("Given name"), exact=True).fill(given)
    await officer.press("Record")
    assert family in await officer.page.locator("h1").inner_text()


async def allow(
    desk: Desk, purpose: str = "lodging", recipient: str = "shelter", categories: tuple[str, ...] = ("identity",)
) -> None:
    await desk.open("They allow something new")
    ticked = [("purposes[]", purpose), ("recipients[]", recipient), *(("categories[]", one) for one in categories)]
    for name, code in ticked:
        await desk.page.locator(f'input[name="{name}"][value="{code}"]').check()
    await desk.press("Record")
    assert desk.say(PURPOSES[purpose]) in await desk.reads()


async def refer(officer: Desk, warden: Desk, shelter: str) -> None:
    await officer.follow("Refer")
    await officer.field("or to").select_option(shelter)
    await officer.field("For what").select_option("lodging")
    await officer.field("Urgency").select_option("stat")
    await officer.field("Hold a bed for").select_option("women_with_children")
    await officer.field("Adults").fill("1")
    await officer.field("Children").fill("2")
    await officer.field("Your call-back number").fill("+7 727 000 01 02")
    await officer.field("What happened").fill(NIGHT)
    await officer.press("Show what would leave")
    leaves, stays = (await officer.reads()).split(officer.say("What stays here, and why"))
    assert "Сәрсенова" in leaves
    assert NIGHT not in leaves
    assert officer.say("What happened") in stays
    await officer.press("Send")
    await warden.go("/desk")
    await warden.comes(warden.say("at once"))


async def take_in(warden: Desk, officer: Desk) -> None:
    await warden.follow("temporary lodging")
    assert "Сәрсенова" in await warden.reads()
    await warden.press("Accept")
    assert await warden.button("Accept").count() == 0
    await warden.field("Message").fill(COME)
    await warden.press("Send")
    await officer.comes(COME)
    assert officer.say("accepted") in await officer.reads()


async def take_back(officer: Desk, warden: Desk) -> None:
    await officer.press("The person withdraws")
    await warden.comes(warden.say("withdrawn by the person"))
    assert "Сәрсенова" not in await warden.reads()


async def test_a_refusal_is_told_by_clicking_without_a_name(enter: Enter, access: Access, stage: Stage) -> None:
    warden = await enter(stage.cast.far_shelter, language="ru", width=NARROW)
    await warden.go("/desk/refusals")
    await warden.open("Record a refusal")
    then = datetime.now(ZONE) - timedelta(hours=1)
    await warden.field("When the person refused").fill(then.strftime("%Y-%m-%dT%H:%M"))
    await warden.field("The person agrees that the police offer contact through us").check()
    await warden.press("Record")
    assert warden.say("not sent yet") in await warden.reads()
    assert warden.say("offer contact through the shelter") in await warden.reads()
    await warden.press("Send")
    responsible = await warden.page.locator("dl dd").first.inner_text()
    officer = await enter(responsible, language="ru")
    await officer.go("/desk/notices")
    await officer.comes(stage.cast.far_shelter)
    card = officer.page.locator("li", has_text=stage.cast.far_shelter)
    async with officer.page.expect_navigation():
        await card.get_by_role("button", name=officer.say("We have read it")).first.click()
    await warden.comes(warden.say("read by the police"))


async def test_leaving_quickly_leaves_nothing_to_go_back_to(enter: Enter, stage: Stage) -> None:
    warden = await enter(stage.cast.near_shelter)
    await record(warden, "Сәрсенова", "Айгүл")
    await warden.page.get_by_role("button", name=warden.say("Leave quickly")).click()
    await warden.page.wait_for_load_state()
    await warden.page.go_back()
    assert "Сәрсенова" not in await warden.page.content()


async def test_a_case_is_referred_with_the_keyboard_alone(enter: Enter, stage: Stage) -> None:
    officer = await enter(stage.cast.police)
    keyboard = officer.page.keyboard

    async def reach(locator: str) -> None:
        for _ in range(120):
            if await officer.page.evaluate("one => document.activeElement.matches(one)", locator):
                return
            await keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {locator}")

    await keyboard.press("Tab")
    assert await officer.page.evaluate("() => document.activeElement.className") == "skip"
    await reach('nav a[href="/desk/refer"]')
    async with officer.page.expect_navigation():
        await keyboard.press("Enter")
    await reach('select[name="purpose"]')
    await keyboard.type(officer.say("temporary lodging"))
    await reach('select[name="to.organisation"]')
    await keyboard.type(stage.cast.far_shelter)
    await reach('input[name="call_back"]')
    await keyboard.type("+7 727 000 01 02")
    await reach('button[value="preview"]')
    async with officer.page.expect_navigation():
        await keyboard.press("Enter")
    await reach('button[value="send"]')
    async with officer.page.expect_navigation():
        await keyboard.press("Enter")
    assert officer.say("asked") in await officer.reads()
