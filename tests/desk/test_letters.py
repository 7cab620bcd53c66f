"""Letters to partners at the desk: written about whom a person's page led from, printed, confirmed, recalled."""

import re
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from shared.adapters.identity import ROLES
from shared.contract.calendar import local_day
from tests.casework.test_letters import CAME_BACK, PROSECUTOR, SCHOOL, an_order, with_partners
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, POLICE, SEES_CASES, SHELTER, recorded, send
from tests.workbench import Bench

XSS = "<script>alert(1)</script>"


async def allowed(officer: httpx.AsyncClient) -> tuple[str, str]:
    """(the page of a person who lets a school learn of her, her consent)"""
    person = await recorded(officer, given_name="Үміт")
    given = {"purposes[]": "restoration_of_rights", "recipients[]": "school", "granted_by": "self"}
    answer = await send(officer, f"{person}/consents", **given, **{"categories[]": ["identity", "narrative"]})
    assert answer.status_code == 303, answer.text
    consent = re.search(r"/consents/([0-9a-f-]{36})/withdraw", (await officer.get(person)).text)
    assert consent
    return person, consent[1]


async def written(officer: httpx.AsyncClient, **more: Any) -> str:
    person, consent = await allowed(officer)
    said = {"person_id": person.rpartition("/")[2], "to": SCHOOL, "basis": consent, "call_back": "+7 727 000 00 01"}
    answer = await send(officer, "/desk/letters", **{"purpose": "restoration_of_rights", **said, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.parametrize("role", ROLES)
async def test_letters_are_for_the_roles_that_may_make_their_calls(police: Bench, signed_in: SignIn, role: str) -> None:
    page = await (await signed_in(police, POLICE, role)).get("/desk/letters")
    assert page.status_code == (200 if role in SEES_CASES else 403)


async def test_a_letter_is_written_from_the_persons_page_printed_and_closed_by_the_signed_page(
    police: Bench, signed_in: SignIn
) -> None:
    await with_partners(police)
    officer = await signed_in(police, POLICE)
    person, _ = await allowed(officer)
    led = re.search(r'href="(/desk/letters/write\?person=[^"]+)"', (await officer.get(person)).text)
    assert led
    assert f'value="{SCHOOL}"' in (await officer.get(led[1])).text
    letter = await written(officer, circumstances=XSS)
    page = await officer.get(letter)
    assert XSS not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "the signed page is waited for" in words(page)
    assert letter in (await officer.get("/desk")).text  # it is due
    printed = await officer.get(f"{letter}/pdf")
    assert len(PdfReader(BytesIO(printed.content)).pages) >= 1
    today = local_day(police.clock.now).isoformat()
    assert (await send(officer, f"{letter}/confirm", **CAME_BACK | {"came_back_on": "2099-01-01"})).status_code == 422
    answer = await send(officer, f"{letter}/confirm", **CAME_BACK | {"came_back_on": today})
    assert answer.status_code == 303
    assert "the signed page came back" in words(await officer.get("/desk/letters"))
    assert (await send(officer, f"{letter}/confirm", **CAME_BACK | {"came_back_on": today})).status_code == 409


async def test_whom_nobody_may_be_told_of_nobody_is_written_about(police: Bench, signed_in: SignIn) -> None:
    await with_partners(police)
    officer = await signed_in(police, POLICE)
    person = (await recorded(officer)).rpartition("/")[2]
    form = await officer.get(f"/desk/letters/write?person={person}")
    assert "Nobody is written to about a person who has not allowed it." in words(form)
    said = {"person_id": person, "to": SCHOOL, "purpose": "social_services", "basis": "own_request"}
    assert (await send(officer, "/desk/letters", **said, call_back="+7 727 000 00 01")).status_code == 403
    assert "There is nothing here yet" in words(await officer.get("/desk/letters"))


async def test_a_letter_whose_consent_is_withdrawn_is_recalled_on_paper(police: Bench, signed_in: SignIn) -> None:
    await with_partners(police)
    officer = await signed_in(police, POLICE)
    letter = await written(officer)
    person = re.search(r'href="(/desk/persons/[0-9a-f-]{36})"', (await officer.get(letter)).text)
    assert person
    consent = re.search(r'action="([^"]+/withdraw)"', (await officer.get(person[1])).text)
    assert consent
    await send(officer, consent[1])
    page = words(await officer.get(letter))
    assert "It was erased here." in page
    assert "The partner is to erase what the letter says." in page
    assert (await officer.get(f"{letter}/pdf")).status_code == 410
    assert (await officer.get(f"{letter}/recall")).headers["content-type"] == "application/pdf"
    today = local_day(police.clock.now).isoformat()
    assert (await send(officer, f"{letter}/recall", end="erased_there", on=today)).status_code == 303
    assert "the partner has signed that it is erased there" in words(await officer.get(letter))


async def test_the_notice_of_an_order_is_written_from_the_orders_page_without_a_consent(
    police: Bench, signed_in: SignIn
) -> None:
    await with_partners(police)
    officer = await signed_in(police, POLICE)
    async with police.client(POLICE) as client:
        order, _, him = await an_order(client)
    led = re.findall(r'href="(/desk/letters/write\?[^"]+)"', (await officer.get(f"/desk/orders/{order}")).text)
    form = await officer.get(led[0].replace("&amp;", "&"))
    assert f'name="order_id" value="{order}"' in form.text
    said = {"person_id": him, "order_id": order, "to": PROSECUTOR, "purpose": "protection_order"}
    answer = await send(officer, "/desk/letters", **said, basis="statutory_duty", call_back="+7 727 000 00 01")
    assert answer.status_code == 303, answer.text
    page = words(await officer.get(answer.headers["location"]))
    assert "the notice of an order" in page
    assert "1 April 2026" in page


async def test_another_organisations_letter_is_not_there_and_a_shelter_writes_none(
    police: Bench, shelter: Bench, signed_in: SignIn
) -> None:
    await with_partners(police)
    letter = await written(await signed_in(police, POLICE))
    other = await signed_in(police, OTHER)
    for path in (letter, f"{letter}/pdf", f"{letter}/recall", f"/desk/letters/write?person={NOBODYS}"):
        assert (await other.get(path)).status_code == 404, path
    assert (await other.get("/desk/letters/write")).status_code == 404
    today = local_day(police.clock.now).isoformat()
    assert (await send(other, f"{letter}/confirm", **CAME_BACK | {"came_back_on": today})).status_code == 404
    assert (await send(other, f"{letter}/recall", end="erased_there", on=today)).status_code == 404
    warden = await signed_in(shelter, SHELTER)
    assert (await warden.get("/desk/letters")).status_code == 404
    assert "/desk/letters" not in (await warden.get(await recorded(warden))).text
