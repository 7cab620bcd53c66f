"""What is done from a person's page, and programmes: looked at with axe, so wide, light and dark."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from playwright.async_api import expect

from deploy.demo.stage import Stage
from shared.contract.calendar import ZONE
from tests.browser.pages import LOOKS, look_at
from tests.browser.seat import Desk, Enter
from tests.browser.story import record

pytestmark = pytest.mark.processes
CALL = "+7 727 000 01 02"


def moment(later: timedelta) -> str:
    return (datetime.now(ZONE) + later).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_an_incident_a_conversation_an_assessment_and_a_question_are_for_everybody(
    enter: Enter, stage: Stage, width: int, dark: bool
) -> None:
    how: dict[str, Any] = {"width": width, "dark": dark}
    officer = await enter(stage.cast.police, language="kk", **how)
    await record(officer, "Сәрсенова", "Айгүл")
    hers = officer.page.url
    await officer.follow("Record an incident")
    await look_at(officer, "incident-form", **how)
    await officer.page.locator('input[name="occurred_at:moment"]').fill(moment(-timedelta(hours=2)))
    await officer.page.locator('input[name="kinds[]"][value="physical"]').check()
    await officer.press("Record")
    await officer.open("Note what was done")
    await look_at(officer, "incident", **how)
    await officer.page.goto(hers)
    await officer.follow("Ask another agency")
    await look_at(officer, "inquiry-form", **how)
    await ask(officer, stage.cast.hospital)
    await look_at(officer, "inquiry", **how)
    await officer.page.goto(hers)
    await officer.follow("Propose a joint assessment")
    await look_at(officer, "assessment-form", **how)
    await officer.page.locator('input[name="meets_at:moment"]').fill(moment(timedelta(days=2)))
    await officer.field("Your call-back number").fill(CALL)
    for seat, who in (("social_worker", stage.cast.social), ("psychologist", stage.cast.hospital)):
        await officer.page.locator(f'select[name="seats.{seat}"]').select_option(who)
    await officer.press("Propose")
    await officer.open("Propose another time or place")
    await look_at(officer, "assessment", **how)
    await officer.page.goto(hers)
    await officer.follow("Case file")
    await look_at(officer, "file", **how)
    await record(officer, "Сәрсенов", "Дәурен", role="alleged_offender")
    await officer.follow("A preventive conversation")
    await look_at(officer, "conversation-form", **how)
    await officer.page.locator('input[name="held_at:moment"]').fill(moment(-timedelta(hours=2)))
    await officer.page.locator('input[name="minutes:number"]').fill("40")
    await officer.press("Record")
    await look_at(officer, "conversation", **how)


async def ask(officer: Desk, hospital: str) -> None:
    """On a court's decision."""
    await officer.page.locator('select[name="kind"]').select_option("medical_certificate")
    await officer.page.locator('select[name="to"]').select_option(hospital)
    await officer.page.locator('select[name="basis"]').select_option("court_decision")
    today = datetime.now(ZONE).date()
    for name, said in (
        ("number", "7514-26-00-4/8231"),
        ("decided_on", today.isoformat()),
        ("until", (today + timedelta(days=30)).isoformat()),
    ):
        await officer.page.locator(f'input[name="court.{name}"]').fill(said)
    await officer.field("Your call-back number").fill(CALL)
    await officer.press("Ask")


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=str)
async def test_a_plan_and_a_programme_are_for_everybody(enter: Enter, stage: Stage, width: int, dark: bool) -> None:
    how: dict[str, Any] = {"width": width, "dark": dark}
    worker = await enter(stage.cast.social, language="ru", **how)
    await record(worker, "Сәрсенова", "Айгүл")
    await worker.follow("A plan to restore rights")
    await look_at(worker, "plan-form", **how)
    await worker.page.locator('input[name="kinds[]"][value="documents"]').check()
    await worker.press("Record")
    for folded in ("It was reviewed", "Who helps with a goal", "Other goals", "Close the plan"):
        await worker.open(folded)
    await look_at(worker, "plan", **how)
    await worker.go("/desk/programmes")
    await worker.open("Offer a programme")
    await look_at(worker, "programme-form", **how)
    await worker.field("Its name").fill("Ашуды басқару")
    await worker.press("Offer")
    await worker.page.locator('input[name="starts_at:moment"]').fill(moment(timedelta(days=2)))
    await worker.press("Plan a session")
    await look_at(worker, "programme", **how)


async def test_a_scanned_sheet_is_fingerprinted_where_it_lies(enter: Enter, stage: Stage) -> None:
    doctor = await enter(stage.cast.addictology, width=360, dark=False)
    await record(doctor, "Сәрсенов", "Дәурен")
    await doctor.follow("Voluntary treatment")
    await doctor.press("Record")
    await doctor.open("A refusal")
    sheet, left = "скан".encode(), []
    doctor.page.on("request", lambda request: left.append(request.url))
    chosen = doctor.page.locator('[data-fingerprint="patient.sha256"] input')
    await chosen.set_input_files({"name": "sheet.pdf", "mimeType": "application/pdf", "buffer": sheet})
    field = doctor.page.locator('input[name="patient.sha256"]')
    await expect(field).to_have_value(sha256(sheet).hexdigest())
    await look_at(doctor, "voluntary", width=360, dark=False)
    assert left == []
