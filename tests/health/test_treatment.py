"""Beds on the path of compulsory treatment (F8): taken only where one is free, and free again however it ends."""

from collections.abc import AsyncIterator

import pytest

from deploy.network import Network
from tests.courier import exchange
from tests.treating import DECLINE, LAST_DAY, TODAY, WARD, Case, treating


@pytest.fixture
async def case(network: Network) -> AsyncIterator[Case]:
    async with treating(network) as one:
        yield one


async def test_the_bed_is_free_again_once_he_was_examined(case: Case) -> None:
    await case.in_patient()
    assert (await case.free(), (await case.at(case.doctor))["stay_id"] is None) == (0, False)
    await case.does(case.doctor, "examined")
    assert (await case.free(), (await case.at(case.doctor))["stay_id"]) == (1, None)


async def test_the_bed_is_free_again_where_the_police_close_the_path(case: Case) -> None:
    await case.in_patient()
    await case.does(case.officer, "close")
    assert await case.states() == ("closed", "closed")
    assert (await case.free(), (await case.at(case.doctor))["stay_id"]) == (1, None)


async def test_the_bed_is_free_again_where_health_closes_the_path(case: Case) -> None:
    await case.in_patient()
    await case.does(case.doctor, "close")
    assert await case.free() == 1


async def test_the_bed_is_free_again_once_the_term_is_over_by_the_clock_alone(case: Case) -> None:
    await case.ward()
    await case.ordered()
    await case.does(case.doctor, "begin", WARD)
    case.turn_to(f"{LAST_DAY}T23:59:00+05:00")
    await case.look_both()
    assert await case.free() == 0
    case.turn_to("2027-03-20T00:00:00+05:00")
    for _ in range(2):
        await case.look_both()
        assert (await case.free(), (await case.at(case.doctor))["state"]) == (1, "ended")


@pytest.mark.parametrize("end", ["court_ended", "died"])
async def test_the_bed_is_free_again_where_treatment_ends_before_its_last_day(case: Case, end: str) -> None:
    await case.ward()
    await case.ordered()
    await case.does(case.doctor, "begin", WARD)
    assert await case.free() == 0
    ended = await case.does(case.doctor, "end", {"end": end})
    assert (await case.free(), ended["state"], ended["ended_on"]) == (1, "ended", TODAY)


async def test_a_bed_that_somebody_has_left_by_hand_is_not_left_twice(case: Case) -> None:
    await case.in_patient()
    stay = (await case.at(case.doctor))["stay_id"]
    assert (await case.doctor.post(f"/stays/{stay}/end")).is_success
    await case.does(case.doctor, "examined")
    assert await case.free() == 1


async def test_without_a_free_bed_nobody_is_admitted_and_the_path_stays_where_it_was(case: Case) -> None:
    await case.ward()
    assert (await case.doctor.post("/stays", json=WARD)).is_success
    await case.begins()
    await case.does(case.officer, "examination", {"setting": "out_patient"})
    await case.does(case.doctor, "out-patient-refused")
    await case.does(case.officer, "examination", {"setting": "in_patient"})
    full = await case.tries(case.doctor, "admit", WARD)
    assert (full.status_code, full.json()["type"].endswith("no-room")) == (409, True)
    assert await case.states() == ("in_patient_ordered", "in_patient_ordered")


async def test_a_step_that_is_not_taken_now_takes_no_bed(case: Case) -> None:
    await case.ward()
    await case.begins()
    assert (await case.tries(case.doctor, "admit", WARD)).status_code == 409
    assert (await case.tries(case.doctor, "begin", WARD)).status_code == 409
    assert (await case.free(), (await case.at(case.doctor))["stay_id"]) == (1, None)


async def test_a_bed_is_one_of_addictology_and_ones_own(case: Case) -> None:
    await case.ordered()
    assert (await case.tries(case.doctor, "begin", {"unit": "nowhere"})).status_code == 404
    rooms = {"for": "detoxification", "capacity": 2, "occupied": 0}
    assert (await case.doctor.put("/beds/detox", json=rooms)).is_success
    assert (await case.tries(case.doctor, "begin", {"unit": "detox"})).status_code == 422


async def test_who_was_admitted_when_the_path_had_been_closed_unknown_to_health_gets_no_bed_kept(case: Case) -> None:
    await case.ward()
    await case.begins()
    await case.does(case.officer, "examination", {"setting": "out_patient"})
    await case.does(case.doctor, "out-patient-refused")
    await case.does(case.officer, "examination", {"setting": "in_patient"})
    assert (await case.tries(case.officer, "close")).is_success  # health has not heard of it
    assert (await case.tries(case.doctor, "admit", WARD)).is_success
    await exchange(case.police, case.health)
    assert await case.states() == ("closed", "closed")
    assert await case.free() == 1


async def test_a_court_that_orders_nothing_leaves_no_bed_taken(case: Case) -> None:
    await case.in_patient()
    await case.does(case.doctor, "examined")
    await case.does(case.officer, "materials", {"materials": ["other_papers"]})
    await case.does(case.doctor, "court", {"received_on": TODAY})
    await case.does(case.doctor, "decision", DECLINE)
    assert await case.states() == ("not_ordered", "not_ordered")
    assert await case.free() == 1
