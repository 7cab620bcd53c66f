"""Registers at the desk, and their yearly comparison: what is whose, by whom, and that nothing else is told."""

import re
from collections.abc import AsyncIterator

import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.contract.registers import EntryCode
from shared.contract.vocabulary import Agency, RegisterKind
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, SEES_CASES, SHELTER, send
from tests.pair import NOW, made
from tests.registers import PEOPLE, registered
from tests.workbench import Bench, bench

POLICE, SOCIAL, TODAY = "police-19", "social-19", "2026-03-20"
FAILS = EntryCode.DUTIES_NOT_PERFORMED
ENTRY = {"kind": "preventive_monitoring", "codes[]": "protective_order", "since": TODAY}
PAIR = {"counterpart_id": SOCIAL, "kind": "preventive_monitoring", "their_kind": "troubled_families"}


@pytest.fixture
async def ours(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE, at=NOW) as service:
        yield service


@pytest.fixture
async def theirs(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SOCIAL, at=NOW) as service:
        yield service


async def somebody(service: Bench) -> str:
    body = {"role": "alleged_offender", "family_name": "<b>Жұмабаев</b>", "birth_date": "1988-09-30"}
    async with service.client(POLICE) as client:
        return await made(await client.post("/persons", json=body))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["registers", "comparisons"])
async def test_each_is_for_the_roles_that_may_make_its_calls(
    ours: Bench, signed_in: SignIn, page: str, role: str
) -> None:
    answer = await (await signed_in(ours, POLICE, role)).get(f"/desk/{page}")
    assert answer.status_code == (200 if role in SEES_CASES else 403)


async def test_somebody_is_entered_from_their_page_reviewed_and_removed(ours: Bench, signed_in: SignIn) -> None:
    officer, person = await signed_in(ours, POLICE), await somebody(ours)
    led = re.search(r'href="(/desk/registers/enter[^"]+)"', (await officer.get(f"/desk/persons/{person}")).text)
    assert led
    form = await officer.get(led[1])
    assert "<b>Жұмабаев" not in form.text
    assert {"preventive_monitoring"} == set(re.findall(r'name="kind" value="(\w+)"', form.text))
    assert (
        await send(officer, "/desk/registers", person_id=person, **ENTRY | {"since": "2099-01-01"})
    ).status_code == 422
    answer = await send(officer, "/desk/registers", person_id=person, **ENTRY)
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    assert (await send(officer, "/desk/registers", person_id=person, **ENTRY)).status_code == 409
    page = words(await officer.get(where))
    assert "a protective order Law of 29 April 2010" in page
    assert "to review until" in page
    assert where in (await officer.get("/desk")).text  # it is due
    assert (await send(officer, f"{where}/review")).status_code == 303
    assert (await send(officer, f"{where}/remove", because="erased")).status_code == 422
    assert (await send(officer, f"{where}/remove", because="ground_ended")).status_code == 303
    assert "removed: the ground has ended" in words(await officer.get("/desk/registers?kind=preventive_monitoring"))
    assert (await send(officer, f"{where}/review")).status_code == 409
    other = await signed_in(ours, OTHER)
    for answer in (await other.get(where), await send(other, f"{where}/review"), await other.get(led[1])):
        assert answer.status_code == 404


async def test_two_registers_are_compared_by_two_supervisors_and_each_learns_of_its_own_entries(
    ours: Bench, theirs: Bench, signed_in: SignIn
) -> None:
    mine = await registered(ours, POLICE, RegisterKind.PREVENTIVE_MONITORING, FAILS, PEOPLE[:20])
    await registered(theirs, SOCIAL, RegisterKind.TROUBLED_FAMILIES, FAILS, PEOPLE[18:40])
    chief, akim = [await signed_in(one, of, "supervisor") for one, of in ((ours, POLICE), (theirs, SOCIAL))]
    page = await chief.get("/desk/comparisons")
    assert 'name="their_kind" value="troubled_families"' in page.text
    assert "dispensary" not in page.text
    answer = await send(chief, "/desk/comparisons", **PAIR)
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    await exchange(ours, theirs)
    worker = await signed_in(theirs, SOCIAL)
    assert "Take part" not in words(await worker.get(where))
    for what in ("answer", "decline", "abort"):
        assert (await send(worker, f"{where}/{what}")).status_code == 403
    assert "Take part" in words(await akim.get(where))
    assert (await send(akim, f"{where}/answer")).status_code == 303
    await exchange(ours, theirs)
    told = await chief.get(where)
    assert {str(one) for one in mine[18:]} == set(re.findall(r"/desk/registers/([0-9a-f-]{36})", told.text))
    assert "Also in another register" in words(await chief.get(f"/desk/registers/{mine[19]}"))
    assert (await send(akim, f"{where}/decline")).status_code == 409


async def test_what_has_no_answer_is_taken_back_and_another_organisations_run_is_not_there(
    ours: Bench, theirs: Bench, signed_in: SignIn
) -> None:
    await registered(ours, POLICE, RegisterKind.PREVENTIVE_MONITORING, FAILS, PEOPLE[:20])
    chief = await signed_in(ours, POLICE, "supervisor")
    where = (await send(chief, "/desk/comparisons", **PAIR)).headers["location"]
    other = await signed_in(ours, OTHER, "supervisor")
    for what in ("answer", "decline", "abort"):
        assert (await send(other, f"{where}/{what}")).status_code == 404
    assert (await other.get(where)).status_code == 404
    assert (await send(chief, "/desk/comparisons", **PAIR | {"their_kind": "dispensary"})).status_code == 403
    assert (await send(chief, f"{where}/answer")).status_code == 409
    assert (await send(chief, f"{where}/abort")).status_code == 303
    assert "came to nothing" in words(await chief.get("/desk/comparisons"))


async def test_a_shelter_keeps_no_register(shelter: Bench, signed_in: SignIn) -> None:
    warden = await signed_in(shelter, SHELTER)
    for path in ("registers", f"registers/{NOBODYS}", "comparisons"):
        assert (await warden.get(f"/desk/{path}")).status_code == 404
