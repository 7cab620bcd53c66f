"""Health's own pages: voluntary treatment, the guardianship authority asked and answering, the trauma room."""

import re
from collections.abc import AsyncIterator

import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.contract.calendar import ZONE
from shared.contract.vocabulary import Agency
from tests.casework.test_guardianship import CALL, CHILD, GUARDIANS
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, SEES_CASES, recorded, send
from tests.health.test_admissions import HOSPITAL
from tests.health.test_voluntary import ALL
from tests.pair import NOW, POLICE
from tests.treating import CLINIC
from tests.workbench import Bench, bench

INJURIES = "<script>alert(1)</script> Перелом."
SIGNED = {f"{who}.{what}": said for who in ("patient", "addictologist") for what, said in (("sha256", "9f" * 32),)}


@pytest.fixture
async def ward(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH, at=NOW) as service:
        yield service


@pytest.fixture
async def guardians(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SOCIAL, at=NOW) as service:
        yield service


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["voluntary", "guardianship", "admissions", "examinations", "emergencies"])
async def test_each_is_for_the_roles_that_may_make_its_calls(
    ward: Bench, signed_in: SignIn, page: str, role: str
) -> None:
    answer = await (await signed_in(ward, CLINIC, role)).get(f"/desk/{page}")
    assert answer.status_code == (200 if role in SEES_CASES else 403)


async def test_treatment_is_offered_begun_and_refused_with_a_note(ward: Bench, signed_in: SignIn) -> None:
    doctor = await signed_in(ward, CLINIC)
    person = await recorded(doctor, birth_date="1991-04-12")
    led = re.search(r'href="(/desk/voluntary/offer[^"]+)"', (await doctor.get(person)).text)
    assert led
    assert "nothing of it is told to anybody" in words(await doctor.get(led[1]))
    answer = await send(doctor, "/desk/voluntary", person_id=person.rpartition("/")[2])
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    assert "offered" in words(await doctor.get(where))
    assert (await send(doctor, f"{where}/end", outcome="completed")).status_code == 409
    assert (await send(doctor, f"{where}/begin", agreed_by="self")).status_code == 303
    note = {"explained_in": "kk", "signed_by": "self", **SIGNED}
    note |= {f"{who}.signed_on": "2026-03-20" for who in ("patient", "addictologist")}
    assert (await send(doctor, f"{where}/refusal", **note, **{"consequences[]": ALL[:1]})).status_code == 422
    assert (await send(doctor, f"{where}/refusal", **note, **{"consequences[]": ALL})).status_code == 303
    assert "A note of refusal is kept" in words(await doctor.get(where))
    other = await signed_in(ward, HOSPITAL)
    assert (await other.get(where)).status_code == 404
    assert (await send(other, f"{where}/end", outcome="completed")).status_code == 404
    assert (await send(doctor, f"/desk/voluntary/{NOBODYS}/begin", agreed_by="self")).status_code == 404


async def test_the_guardianship_authority_is_asked_at_one_desk_and_answers_at_another(
    ward: Bench, guardians: Bench, signed_in: SignIn
) -> None:
    doctor, guardian = await signed_in(ward, CLINIC), await signed_in(guardians, GUARDIANS)
    child = await recorded(doctor, birth_date=CHILD["birth_date"])
    led = re.search(r'href="(/desk/guardianship/ask[^"]+)"', (await doctor.get(child)).text)
    assert led
    assert f'value="{GUARDIANS}"' in (await doctor.get(led[1])).text
    asked = {"person_id": child.rpartition("/")[2], "to": GUARDIANS, "call_back": CALL}
    where = (await send(doctor, "/desk/guardianship", **asked)).headers["location"]
    await exchange(ward, guardians)
    page = await guardian.get(where)
    assert CALL in words(page)
    assert "Сәрсенова" not in page.text
    assert "waits for us" in words(await guardian.get("/desk/guardianship"))
    assert (await send(doctor, f"{where}/answer", answer="consents")).status_code in {404, 405}
    assert (await send(guardian, f"{where}/answer", answer="perhaps")).status_code == 422
    assert (await send(guardian, f"{where}/answer", answer="consents")).status_code == 303
    assert (await send(guardian, f"{where}/answer", answer="refuses")).status_code == 409
    await exchange(ward, guardians)
    assert "consents" in words(await doctor.get(where))
    other = await signed_in(ward, HOSPITAL)
    assert (await other.get(where)).status_code == 404
    assert (await guardian.get("/desk/guardianship/ask")).status_code in {404, 405, 422}


async def test_an_admission_by_a_criterion_is_told_to_the_police_and_another_to_nobody(
    ward: Bench, signed_in: SignIn
) -> None:
    nurse = await signed_in(ward, HOSPITAL)
    then = ward.clock.now.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    said = {"subject": "victim", "admitted_at:moment": then, "injuries": INJURIES, "call_back": CALL}
    plain = await send(nurse, "/desk/admissions", **said)
    assert plain.status_code == 303, plain.text
    assert "nobody was told" in words(await nurse.get(plain.headers["location"]))
    told = await send(nurse, "/desk/admissions", **said, **{"criminal_in_nature:flag": "yes"})
    page = await nurse.get(told.headers["location"])
    assert "the police were told" in words(page)
    assert INJURIES not in page.text
    assert "&lt;script&gt;" in page.text
    (event,) = [one for one in await ward.waiting() if one]
    assert "Перелом" not in event.model_dump_json()
    assert (
        await send(nurse, "/desk/admissions", **said | {"admitted_at:moment": "2099-01-01T00:00"})
    ).status_code == 422
    assert (await (await signed_in(ward, CLINIC)).get(told.headers["location"])).status_code == 404


async def test_what_names_nobody_is_erased_by_a_supervisor_alone(ward: Bench, signed_in: SignIn) -> None:
    nurse, chief = await signed_in(ward, HOSPITAL), await signed_in(ward, HOSPITAL, "supervisor")
    then = ward.clock.now.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    said = {"subject": "victim", "admitted_at:moment": then, "injuries": INJURIES, "call_back": CALL}
    where = (await send(nurse, "/desk/admissions", **said)).headers["location"]
    assert (await send(nurse, f"{where}/erase")).status_code == 403
    assert (await send(chief, f"{where}/erase")).status_code == 303
    assert "erased" in words(await nurse.get(where))
    assert "Перелом" not in (await nurse.get(where)).text


async def test_a_danger_to_life_is_declared_ended_and_reviewed_by_somebody_else(
    police: Bench, signed_in: SignIn
) -> None:
    officer, chief = await signed_in(police, POLICE), await signed_in(police, POLICE, "supervisor", who="chief")
    person = await recorded(officer)
    led = re.search(r'href="(/desk/emergencies\?person=[^"]+)"', (await officer.get(person)).text)
    assert led
    assert "Declare it" in words(await officer.get(led[1]))
    said = {"person_id": person.rpartition("/")[2], "minutes:number": "60"}
    assert (await send(officer, "/desk/emergencies", **said, why="short")).status_code == 422
    answer = await send(officer, "/desk/emergencies", **said, why="<script>без сознания</script>")
    assert answer.status_code == 303, answer.text
    page = await chief.get("/desk/emergencies")
    assert "&lt;script&gt;без сознания" in page.text
    one = re.search(r'action="(/desk/emergencies/[0-9a-f-]{36})/end"', page.text)
    assert one
    other = await signed_in(police, "police-10", "supervisor")
    for what in ("end", "review"):
        note = {"note": "Скорая подтвердила угрозу."} if what == "review" else {}
        assert (await send(other, f"{one[1]}/{what}", **note)).status_code == 404
    assert "/desk/emergencies" in (await officer.get("/desk")).text
    assert (await send(officer, f"{one[1]}/end")).status_code == 303
    assert (await send(officer, f"{one[1]}/review", note="Скорая подтвердила угрозу.")).status_code == 403
    reviewed = {"justified:flag": "yes", "note": "Скорая подтвердила угрозу."}
    assert (await send(chief, f"{one[1]}/review", **reviewed)).status_code == 303
    assert "was justified" in words(await officer.get("/desk/emergencies"))


async def test_an_examination_is_recorded_from_the_persons_page_and_stays_here(ward: Bench, signed_in: SignIn) -> None:
    doctor = await signed_in(ward, HOSPITAL)
    person = await recorded(doctor)
    led = re.search(r'href="(/desk/examinations/record[^"]+)"', (await doctor.get(person)).text)
    assert led
    assert "nothing of it is told to anybody" in words(await doctor.get(led[1]))
    said = {"person_id": person.rpartition("/")[2], "kind": "injuries"}
    assert (await send(doctor, "/desk/examinations", **said)).status_code == 422
    where = (await send(doctor, "/desk/examinations", **said, findings=INJURIES)).headers["location"]
    page = await doctor.get(where)
    assert INJURIES not in page.text
    assert "Перелом." in words(page)
    assert await ward.waiting() == []
    chief, other = await signed_in(ward, HOSPITAL, "supervisor"), await signed_in(ward, CLINIC, "supervisor")
    assert (await send(doctor, f"{where}/erase")).status_code == 403
    assert (await send(chief, f"{where}/erase")).status_code == 409  # it goes with the person
    assert [(await other.get(where)).status_code, (await send(other, f"{where}/erase")).status_code] == [404, 404]
