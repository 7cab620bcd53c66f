"""Compulsory treatment at the desks of the police and health: each shows the steps that can be taken next."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, SEES_CASES, SHELTER, send
from tests.treating import CLINIC, EVADED_ON, HIS_NAME, LAST_DAY, NUMBER, POLICE, TODAY, Case, treating
from tests.workbench import Bench

PAPERS = {"materials[]": ["offence_reports", "relative_interviews"]}


@pytest.fixture
async def case(network: Network) -> AsyncIterator[Case]:
    async with treating(network) as one:
        yield one


def steps(page: httpx.Response) -> set[str]:
    """What the page has a form for."""
    return set(re.findall(r'action="/desk/treatment/[0-9a-f-]{36}/([a-z-]+)"', page.text))


@pytest.mark.parametrize("role", ROLES)
async def test_paths_are_for_the_roles_that_may_read_them(police: Bench, signed_in: SignIn, role: str) -> None:
    page = await (await signed_in(police, POLICE, role)).get("/desk/treatment")
    assert page.status_code == (200 if role in SEES_CASES else 403)


async def test_a_path_goes_from_evasion_to_its_end_by_forms_and_each_desk_offers_its_own_steps(
    case: Case, signed_in: SignIn
) -> None:
    officer, doctor = await signed_in(case.police, POLICE), await signed_in(case.health, CLINIC)
    await case.ward()
    led = re.search(
        r'href="(/desk/treatment/begin[^"]+)"', (await doctor.get(f"/desk/persons/{case.known_to_health}")).text
    )
    assert led
    assert "never a diagnosis" in words(await doctor.get(led[1]))
    begun = {"person_id": case.known_to_health, "evaded_on": EVADED_ON, "to": POLICE}
    where = (await send(doctor, "/desk/treatment", **begun)).headers["location"]
    await exchange(case.police, case.health)
    told = await officer.get(where)
    assert HIS_NAME in words(told)
    assert steps(told) == {"out-patient", "search", "close", "look"}
    assert steps(await doctor.get(where)) == {"close"}
    court = {"court.number": NUMBER, "court.decided_on": TODAY, "court.until": LAST_DAY}
    for browser, what, said, then in (
        (officer, "out-patient", {"on": TODAY}, {"examined", "out-patient-refused", "close"}),
        (doctor, "out-patient-refused", {"on": TODAY}, {"in-patient", "search", "close", "look"}),
        (officer, "in-patient", {"on": TODAY}, {"admit", "close"}),
        (doctor, "admit", {"unit": "ward"}, {"close", "look"}),
        (doctor, "examined", {"on": TODAY}, {"materials", "close", "look"}),
        (officer, "materials", PAPERS, {"court", "close"}),
        (doctor, "court", {"received_on": TODAY}, {"ordered", "declined", "search", "look"}),
        (officer, "ordered", {**court, "from_day": TODAY, "last_day": LAST_DAY}, {"begin", "end"}),
        (doctor, "begin", {"unit": "ward"}, {"search", "look"}),
        (doctor, "end", {"end": "court_ended", "on": TODAY}, set()),
    ):
        answer = await send(browser, f"{where}/{what}", **said)
        assert answer.status_code == 303, (what, answer.text)
        await exchange(case.police, case.health)
        other = doctor if then & {"examined", "admit", "court", "begin"} else officer
        assert steps(await other.get(where)) == then, what
    assert "treatment has ended" in words(await officer.get("/desk/treatment"))
    assert "a court ended it" in words(await officer.get(where))


async def test_the_police_begin_with_materials_and_say_whose_record_a_path_that_came_is_about(
    case: Case, signed_in: SignIn
) -> None:
    officer, doctor = await signed_in(case.police, POLICE), await signed_in(case.health, CLINIC)
    form = await officer.get(f"/desk/treatment/begin?person={case.known_to_police}")
    assert f'value="{CLINIC}"' in form.text
    begun = {"person_id": case.known_to_police, "to": CLINIC, **PAPERS}
    where = (await send(officer, "/desk/treatment", **begun)).headers["location"]
    await exchange(case.police, case.health)
    assert "papers: reports of offences, what relatives said" in words(await doctor.get(where))
    assert "No alleged offender" in words(await send(doctor, f"{where}/look", family_name="Ешкімов"))
    found = await send(doctor, f"{where}/look", family_name=HIS_NAME)
    assert f'value="{case.known_to_health}"' in found.text
    assert (await send(doctor, f"{where}/person", person_id=case.known_to_health)).status_code == 303
    assert f"/desk/persons/{case.known_to_health}" in (await doctor.get(where)).text


async def test_a_step_that_cannot_be_taken_or_that_makes_no_sense_is_refused(case: Case, signed_in: SignIn) -> None:
    officer = await signed_in(case.police, POLICE)
    await case.begins()
    where = f"/desk/treatment/{case.path}"
    assert (await send(officer, f"{where}/in-patient", on=TODAY)).status_code == 409
    assert (await send(officer, f"{where}/out-patient", on="2099-01-01")).status_code == 422
    assert (await send(officer, f"{where}/invented")).status_code == 404
    assert (await send(officer, f"{where}/begin", unit="ward")).status_code == 404  # health's


async def test_another_organisations_path_is_not_there_nor_is_any_at_a_shelter(
    case: Case, shelter: Bench, signed_in: SignIn
) -> None:
    await case.begins()
    other, where = await signed_in(case.police, OTHER), f"/desk/treatment/{case.path}"
    assert (await other.get(where)).status_code == 404
    for what, said in (("out-patient", {"on": TODAY}), ("close", {"on": TODAY}), ("look", {"family_name": "А"})):
        assert (await send(other, f"{where}/{what}", **said)).status_code == 404
    assert (await other.get(f"/desk/treatment/begin?person={NOBODYS}")).status_code == 404
    assert (await (await signed_in(shelter, SHELTER)).get("/desk/treatment")).status_code == 404
