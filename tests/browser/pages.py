"""Every page, looked at: axe finds nothing at WCAG 2.2 AA, nothing is cut off on a telephone, a picture is kept."""

import re
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.async_playwright import Axe

from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE
from shared.contract.vocabulary import Agency
from shared.desk.menu import MENU
from tests.browser.seat import NARROW, PICTURES, WIDE, Desk, Enter
from tests.browser.story import allow, count_rooms, record, refer

pytestmark = pytest.mark.processes
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
LOOKS = [(NARROW, False), (WIDE, True)]  # so each colour and each width is seen
SHOWN = 900  # pixels: as wide as a README
ROLE = "supervisor"  # sees every page


async def picture(desk: Desk, name: str) -> None:
    """The page as it is, the whole of it."""
    PICTURES.mkdir(exist_ok=True)
    await desk.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


async def look_at(desk: Desk, name: str, *, width: int, dark: bool) -> None:
    """A picture; then what axe and a ruler say. It shows what was done, and not that this could not be done."""
    await picture(desk, f"{name}-{width}-{'dark' if dark else 'light'}")
    title = await desk.page.locator("h1").first.inner_text()
    assert (title == desk.say("This did not work")) == (name == "problem"), name
    found = (await Axe().run(desk.page, options=RULES)).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], name
    across = await desk.page.evaluate("() => document.documentElement.scrollWidth")
    assert across <= width, f"{name} is {across} pixels wide"


def organisation_of(stage: Stage, agency: Agency) -> str:
    cast = stage.cast
    return {
        Agency.POLICE: cast.police,
        Agency.SHELTER: cast.far_shelter,
        Agency.HEALTH: cast.hospital,
        Agency.SOCIAL: cast.social,
    }[agency]


@pytest.mark.parametrize("agency", Agency)
@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_every_page_of_the_menu_is_for_everybody(
    enter: Enter, stage: Stage, agency: Agency, width: int, dark: bool
) -> None:
    desk = await enter(organisation_of(stage, agency), role=ROLE, width=width, dark=dark, language="kk")
    for one in MENU:
        if agency in one.at:
            await desk.go(one.path)
            name = one.path.removeprefix("/desk").strip("/") or "today"
            await look_at(desk, f"{agency}-{name}", width=width, dark=dark)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_a_person_a_preview_and_a_referral_are_for_everybody(
    enter: Enter, stage: Stage, width: int, dark: bool
) -> None:
    warden = await enter(stage.cast.far_shelter, width=width, dark=dark, language="ru")
    await count_rooms(warden)
    await look_at(warden, "our-beds", width=width, dark=dark)
    officer = await enter(stage.cast.police, width=width, dark=dark, language="ru")
    await record(officer, "Сәрсенова", "Айгүл")
    await allow(officer)
    await look_at(officer, "person", width=width, dark=dark)
    await officer.follow("Refer")
    await officer.field("For what").select_option("lodging")
    await officer.field("or to").select_option(stage.cast.far_shelter)
    await officer.field("Hold a bed for").select_option("women_with_children")
    await officer.field("Your call-back number").fill("+7 727 000 01 02")
    await officer.field("What happened").fill("Ночью ушла из дома.")
    await officer.press("Show what would leave")
    await look_at(officer, "preview", width=width, dark=dark)
    await officer.press("Send")
    await look_at(officer, "referral", width=width, dark=dark)


async def test_what_the_readme_shows(enter: Enter, stage: Stage) -> None:
    how = {"width": SHOWN, "language": "ru"}
    warden, officer = await enter(stage.cast.far_shelter, **how), await enter(stage.cast.police, **how)
    await count_rooms(warden)
    await picture(warden, "readme-beds")
    await record(officer, "Сәрсенова", "Айгүл")
    await allow(officer)
    await refer(officer, warden, stage.cast.far_shelter)
    await picture(officer, "readme-referral")
    await picture(warden, "readme-today")


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_an_order_and_a_report_are_for_everybody(enter: Enter, stage: Stage, width: int, dark: bool) -> None:
    officer = await enter(stage.cast.police, width=width, dark=dark, language="kk")
    await record(officer, "Сәрсенов", "Дәурен", role="alleged_offender")
    await record(officer, "Сәрсенова", "Айгүл")
    await officer.follow("An order that protects")
    await officer.field("Family name of whom it is against").fill("Сәрсенов")
    await officer.press("Look for")
    await look_at(officer, "order-form", width=width, dark=dark)
    await officer.press("Record")
    await look_at(officer, "order", width=width, dark=dark)
    warden = await enter(stage.cast.far_shelter, width=width, dark=dark, language="kk")
    await record(warden, "Сәрсенова", "Айгүл")
    await warden.follow("Report violence to the police")
    await look_at(warden, "report-form", width=width, dark=dark)
    await warden.page.locator('input[name="kinds[]"][value="physical"]').check()
    await warden.field("Your call-back number").fill("+7 727 000 01 02")
    await warden.press("Send to the police now")
    assert warden.say("physical violence") in await warden.reads()
    await look_at(warden, "report", width=width, dark=dark)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_a_refusal_and_what_one_sees_after_signing_out_are_for_everybody(
    enter: Enter, stage: Stage, width: int, dark: bool
) -> None:
    warden = await enter(stage.cast.near_shelter, width=width, dark=dark, language="kk")
    await warden.go("/desk/refusals")
    await warden.open("Record a refusal")
    await look_at(warden, "refusal-form", width=width, dark=dark)
    then = datetime.now(ZONE) - timedelta(hours=1)
    await warden.field("When the person refused").fill(then.strftime("%Y-%m-%dT%H:%M"))
    await warden.press("Record")
    await look_at(warden, "refusal", width=width, dark=dark)
    await warden.press("Sign out")
    await look_at(warden, "signed-out", width=width, dark=dark)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_figures_and_what_goes_wrong_are_for_everybody(
    enter: Enter, stage: Stage, width: int, dark: bool
) -> None:
    desk = await enter(stage.cast.police, role=ROLE, width=width, dark=dark)
    await desk.go("/desk/statistics")
    await desk.press("Show")
    await look_at(desk, "figures", width=width, dark=dark)
    await desk.page.goto(f"{desk.url}/desk/referrals/00000000-0000-4000-8000-000000000000")
    assert re.search("There is nothing here", await desk.reads())
    await look_at(desk, "problem", width=width, dark=dark)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_registers_treatment_and_a_danger_to_life_are_for_everybody(
    enter: Enter, stage: Stage, width: int, dark: bool
) -> None:
    officer = await enter(stage.cast.police, role=ROLE, width=width, dark=dark, language="kk")
    await record(officer, "Сәрсенов", "Дәурен", role="alleged_offender")
    his = officer.page.url
    await officer.follow("Enter into a register")
    await look_at(officer, "register-form", width=width, dark=dark)
    await officer.page.locator('input[name="codes[]"][value="protective_order"]').check()
    await officer.press("Enter")
    await look_at(officer, "register-entry", width=width, dark=dark)
    await officer.page.goto(his)
    await officer.page.locator('main a[href^="/desk/treatment/begin"]').click()
    await look_at(officer, "treatment-form", width=width, dark=dark)
    await officer.page.locator('input[name="materials[]"][value="offence_reports"]').check()
    await officer.press("Send")
    await look_at(officer, "treatment", width=width, dark=dark)
    await officer.page.goto(his)
    await officer.follow("A life is in danger")
    await look_at(officer, "emergency-form", width=width, dark=dark)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_a_draft_and_an_agreement_are_for_everybody(enter: Enter, stage: Stage, width: int, dark: bool) -> None:
    akim = await enter(stage.cast.social, role=ROLE, width=width, dark=dark, language="ru")
    await akim.go("/desk/agreements")
    await akim.follow("Draft an agreement")
    await look_at(akim, "draft", width=width, dark=dark)
    await akim.page.locator(f'input[name="parties[]"][value="{stage.cast.police}"]').check()
    today = datetime.now(ZONE).date()
    await akim.field("From the day").fill((today + timedelta(days=9)).isoformat())
    await akim.press("Send to the parties")
    await look_at(akim, "agreement", width=width, dark=dark)
