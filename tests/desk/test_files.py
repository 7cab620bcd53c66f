"""The file of a case at the desk: led to from a person and a referral, read page by page, taken away whole."""

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from shared.adapters.identity import ROLES
from shared.casework.files.exporting import digest_of
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, POLICE, SEES_CASES, SHELTER, recorded, send
from tests.workbench import Bench

FORMS = ("file", "file/pdf", "file/json")
XSS = "<script>alert(1)</script>"
NAMELESS: dict[str, Any] = {
    "purpose": "lodging",
    "to.organisation": SHELTER,
    "urgency": "urgent",
    "basis": "no_personal_data",
    "call_back": "+7 727 000 00 01",
}


@pytest.mark.parametrize("role", ROLES)
async def test_a_file_is_for_the_roles_that_may_make_its_calls(police: Bench, signed_in: SignIn, role: str) -> None:
    person = await recorded(await signed_in(police, POLICE))
    browser = await signed_in(police, POLICE, role)
    assert {(await browser.get(f"{person}/{form}")).status_code for form in FORMS} == {
        200 if role in SEES_CASES else 403
    }


async def test_the_file_of_a_person_is_led_to_read_and_taken_away(police: Bench, signed_in: SignIn) -> None:
    officer = await signed_in(police, POLICE)
    person = await recorded(officer)
    led = re.search(r'href="(/desk/persons/[^"]+/file)"', (await officer.get(person)).text)
    assert led
    page = await officer.get(led[1])
    assert "Kept until" in words(page)
    assert page.headers["cache-control"] == "no-store"
    document = (await officer.get(f"{led[1]}/json")).json()
    assert document["digest"] == digest_of(document)
    printed = await officer.get(f"{led[1]}/pdf")
    assert document["about"] in PdfReader(BytesIO(printed.content)).pages[0].extract_text()
    assert printed.headers["content-disposition"].startswith("attachment")


async def test_the_file_of_a_referral_tells_of_it_and_what_was_written_is_only_words(
    police: Bench, signed_in: SignIn
) -> None:
    officer = await signed_in(police, POLICE)
    referral = (await send(officer, "/desk/refer", step="send", **NAMELESS)).headers["location"]
    assert (await send(officer, f"{referral}/messages", body=XSS)).status_code == 303
    assert f'href="{referral}/file"' in (await officer.get(referral)).text
    page = await officer.get(f"{referral}/file")
    assert XSS not in page.text
    assert XSS in words(page)
    assert len((await officer.get(f"{referral}/file/json")).json()["entries"]) >= 2


async def test_a_file_is_told_in_the_language_of_the_desk(police: Bench, signed_in: SignIn) -> None:
    officer = await signed_in(police, POLICE)
    person = await recorded(officer)
    told = {at: words(await officer.get(f"{person}/file", headers={"accept-language": at})) for at in ("kk", "ru")}
    assert "Сақталады" in told["kk"]
    assert "Хранится до" in told["ru"]


async def test_another_organisations_file_is_not_there(police: Bench, signed_in: SignIn) -> None:
    officer, other = await signed_in(police, POLICE), await signed_in(police, OTHER)
    person = await recorded(officer)
    referral = (await send(officer, "/desk/refer", step="send", **NAMELESS)).headers["location"]
    for whose in (person, referral, f"/desk/persons/{NOBODYS}", f"/desk/referrals/{NOBODYS}"):
        for form in FORMS:
            assert (await other.get(f"{whose}/{form}")).status_code == 404, form
