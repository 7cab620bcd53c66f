"""The days after, by clicking: on to health and social services, her husband, her withdrawal, what left about her."""

import pytest

from deploy.demo.stage import Cast, Stage
from shared.desk.labels import ACTIONS, PURPOSES
from shared.desk.language import Language
from tests.browser.seat import NARROW, WIDE, Desk, Enter
from tests.browser.story import allow, record

pytestmark = pytest.mark.processes
CALL = "+7 727 000 03 02"
INJURY = "Гематома левого предплечья."
FINDINGS = "Гематома 4×6 см."
HABIT = "Алкоголь, запои."
NIGHT = "Избил жену; она сейчас в приюте."
# The story of the night is played in every combination of these.
WAYS: list[tuple[Language, bool, int]] = [("kk", True, NARROW), ("ru", False, WIDE), ("en", True, WIDE)]


@pytest.mark.parametrize(("language", "scripts", "width"), WAYS)
async def test_the_days_after_are_played_by_clicking(
    enter: Enter, stage: Stage, language: Language, scripts: bool, width: int
) -> None:
    how = {"language": language, "scripts": scripts, "width": width}
    cast = stage.cast
    warden = await enter(cast.far_shelter, **how)
    await record(warden, "Сәрсенова", "Айгүл")
    hers = warden.page.url
    await allow(warden, "medical_examination", "health", ("identity", "health"))
    await allow(warden, "restoration_of_rights", "social")
    doctor = await enter(cast.hospital, **how)
    await onward_to_health(warden, doctor, cast.hospital)
    await warden.page.goto(hers)
    await onward_to_social(warden, await enter(cast.social, **how), cast.social)
    await husband(await enter(cast.police, **how), await enter(cast.addictology, **how), cast.addictology)
    await warden.page.goto(hers)
    await take_back(warden, doctor)
    await account(warden, cast)


async def refer(desk: Desk, organisation: str, purpose: str, **said: str) -> str:
    """Refer the person of this page on what they allowed for that. What would leave, and what would stay."""
    await desk.follow("Refer")
    await desk.field("or to").select_option(organisation)
    await desk.field("For what").select_option(purpose)
    basis = desk.page.locator('select[name="basis"]')
    allowed = basis.locator("option", has_text=desk.say(PURPOSES[purpose]))
    await basis.select_option(await allowed.first.get_attribute("value"))
    await desk.field("Your call-back number").fill(CALL)
    await desk.open("Say more")
    for name, words in said.items():
        await desk.page.locator(f'[name="{name}"]').fill(words)
    await desk.press("Show what would leave")
    return await desk.reads()


async def take(desk: Desk, purpose: str) -> None:
    """What has come, accepted."""
    await desk.go("/desk")
    await desk.comes(desk.say(PURPOSES[purpose]))
    await desk.follow(PURPOSES[purpose])
    await desk.press(ACTIONS["accept"])


async def onward_to_health(warden: Desk, doctor: Desk, hospital: str) -> None:
    """Her injury goes with her, as she allowed; what the doctor finds stays in health."""
    assert INJURY in await refer(warden, hospital, "medical_examination", health=INJURY)
    await warden.press("Send")
    await take(doctor, "medical_examination")
    assert INJURY in await doctor.reads()
    await doctor.press(ACTIONS["start"])
    referral = doctor.page.url
    await warden.comes(warden.say("help is under way"))
    await record(doctor, "Сәрсенова", "Айгүл")
    await doctor.follow("An examination")
    await doctor.page.locator('select[name="kind"]').select_option("injuries")
    await doctor.field("What was found").fill(FINDINGS)
    await doctor.press("Record")
    assert FINDINGS in await doctor.reads()
    await doctor.page.goto(referral)


async def onward_to_social(warden: Desk, worker: Desk, social: str) -> None:
    """Nothing about her health goes there, and the page says why; they plan what she has a right to."""
    shown = await refer(warden, social, "restoration_of_rights", health=INJURY)
    leaves, stays = shown.split(warden.say("What stays here, and why"))
    assert INJURY not in leaves
    assert warden.say("health") in stays
    await warden.press("Send")
    await take(worker, "restoration_of_rights")
    await worker.follow("A plan to restore rights")
    for goal in ("documents", "benefits"):
        await worker.page.locator(f'input[name="kinds[]"][value="{goal}"]').check()
    await worker.press("Record")
    assert worker.say("benefits") in await worker.reads()


async def husband(officer: Desk, clinic: Desk, addictology: str) -> None:
    """He is referred to an addictologist, who learns of him and nothing of her."""
    await record(officer, "Сәрсенов", "Дәурен", role="alleged_offender")
    await allow(officer, "addiction_treatment", "health", ("identity", "addiction"))
    shown = await refer(officer, addictology, "addiction_treatment", addiction=HABIT, circumstances=NIGHT)
    leaves, stays = shown.split(officer.say("What stays here, and why"))
    assert HABIT in leaves
    assert officer.say("What happened") in stays
    await officer.press("Send")
    await take(clinic, "addiction_treatment")
    read = await clinic.reads()
    assert HABIT in read
    assert NIGHT not in read
    await officer.comes(officer.say("accepted"))


async def take_back(warden: Desk, doctor: Desk) -> None:
    """One click on her page, at what she allowed. Health's copy goes; nothing else does."""
    allowed = warden.page.locator("li", has_text=warden.say(PURPOSES["medical_examination"]))
    async with warden.page.expect_navigation():
        await allowed.get_by_role("button", name=warden.say("Withdraw"), exact=True).click()
    await doctor.comes(doctor.say("withdrawn by the person"))
    assert INJURY not in await doctor.reads()


async def account(warden: Desk, cast: Cast) -> None:
    """What left about her, to whom, and a letter to print."""
    told = await warden.page.locator("section:has(#left) tbody").inner_text()
    for organisation in (cast.hospital, cast.social):
        assert organisation in told
    letter = await warden.page.locator('a[href$="/letter"]').get_attribute("href")
    printed = await warden.page.request.get(f"{warden.url}{letter}")
    assert printed.headers["content-type"] == "application/pdf"
