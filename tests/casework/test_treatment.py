"""The path of compulsory treatment (F8), at the police and at health: the same steps, the same state, no diagnosis."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.network import Network
from shared.adapters.outbox import Outgoing, emit
from shared.contract.events import ExaminationEvaded, TreatmentEnded, TreatmentMoved
from shared.contract.grounds import Grounds
from shared.contract.treatment_words import TreatmentEnd, TreatmentStep
from shared.contract.vocabulary import Basis, Purpose, SubjectRole
from tests.courier import carry, collect, exchange
from tests.pair import made
from tests.treating import (
    CLINIC,
    COURT,
    DECLINE,
    EVADED_ON,
    HIM,
    HIS_HOME,
    HIS_NAME,
    LAST_DAY,
    NUMBER,
    PAPERS,
    POLICE,
    TODAY,
    TREAT,
    WARD,
    Case,
    treating,
)

ON_DUTY = Grounds(
    basis=Basis.STATUTORY_DUTY, purpose=Purpose.COMPULSORY_TREATMENT, subject=SubjectRole.ALLEGED_OFFENDER
)


@pytest.fixture
async def case(network: Network) -> AsyncIterator[Case]:
    async with treating(network) as one:
        yield one


async def test_every_step_from_evasion_to_the_end_is_known_to_both(case: Case) -> None:
    await case.in_patient()
    assert await case.states() == ("in_patient", "in_patient")
    await case.does(case.doctor, "examined")
    await case.does(case.officer, "materials", PAPERS)
    await case.does(case.doctor, "court", {"received_on": TODAY})
    assert await case.states() == ("at_court", "at_court")
    await case.does(case.officer, "decision", TREAT)
    await case.does(case.doctor, "begin", WARD)
    await case.does(case.doctor, "end", {"end": "court_ended"})
    mine, theirs = await case.at(case.officer), await case.at(case.doctor)
    assert (mine["state"], mine["ended_on"], mine["court"]) == ("ended", TODAY, COURT)
    same = ("state", "search", "decide_by", "last_day", "ended_on", "court", "version")
    assert {name: mine[name] for name in same} == {name: theirs[name] for name in same}
    said = [[(one["step"], one["by"], one["on"], one["details"]) for one in path["steps"]] for path in (mine, theirs)]
    assert said[0] == said[1]
    assert [one["kept_back_by"] for path in (mine, theirs) for one in path["steps"]] == [None] * 22


async def test_the_police_learn_who_evaded_and_when_and_neither_where_he_lives_nor_why_he_was_called(
    case: Case,
) -> None:
    body = {"person_id": case.known_to_health, "evaded_on": EVADED_ON, "to": POLICE}
    case.path = await made(await case.doctor.post("/treatment-paths", json=body))
    (letter,) = [e for e in await case.health.waiting() if e and isinstance(e.data.content, ExaminationEvaded)]
    said = letter.model_dump_json()
    for word in (HIS_HOME, HIM["phone"], case.known_to_health):
        assert word not in said, word
    assert set(letter.data.content.model_dump(exclude_none=True)) == {"path_id", "version", "evaded_on", "family_name"}
    await exchange(case.police, case.health)
    told = await case.at(case.officer)
    assert (told["person"], told["steps"][0]["on"]) == ({"family_name": HIS_NAME}, EVADED_ON)


async def test_what_moves_on_names_nobody(case: Case) -> None:
    await case.begins()
    assert (await case.tries(case.officer, "examination", {"setting": "out_patient"})).is_success
    (moved,) = [e for e in await case.police.waiting() if e and isinstance(e.data.content, TreatmentMoved)]
    assert HIS_NAME not in moved.model_dump_json()


async def test_the_police_send_materials_by_kinds_at_their_own_initiative(case: Case) -> None:
    await case.begins_with_materials()
    there = await case.at(case.doctor)
    assert (there["state"], there["counterpart_id"]) == ("materials_sent", POLICE)
    assert there["steps"][0]["details"] == PAPERS
    assert there["person"] == {"family_name": HIS_NAME}


async def test_without_the_organisation_named_the_responsible_police_are_told(case: Case) -> None:
    begun = await case.begins(to=None)
    assert begun["counterpart_id"] == POLICE


async def test_whatever_arrives_first_and_however_often_both_stand_the_same(case: Case) -> None:
    await case.begins()
    for client, what, body in (
        (case.officer, "search", None),
        (case.officer, "found", None),
        (case.officer, "examination", {"setting": "out_patient"}),
    ):
        assert (await case.tries(client, what, body)).is_success
    letters = (await collect(case.police)).letters
    for subject, payload in reversed([*letters, *letters]):
        await case.health.inbox.receive(subject, payload)
    there = await case.at(case.doctor)
    assert (there["state"], there["search"], len(there["steps"])) == ("out_patient_ordered", "found", 4)
    assert await case.states() == ("out_patient_ordered", "out_patient_ordered")


async def test_a_step_that_is_known_before_the_beginning_waits_for_it(case: Case) -> None:
    path = await made(
        await case.officer.post("/treatment-paths", json={"person_id": case.known_to_police, "to": CLINIC, **PAPERS})
    )
    first = (await collect(case.police)).letters
    case.path = path
    assert (await case.tries(case.officer, "close")).is_success
    second = (await collect(case.police)).letters
    for subject, payload in second:
        await case.health.inbox.receive(subject, payload)
    waiting = await case.at(case.doctor)
    assert (waiting["state"], waiting["person"]) == (None, {})
    for subject, payload in first:
        await case.health.inbox.receive(subject, payload)
    there = await case.at(case.doctor)
    assert (there["state"], there["person"]["family_name"]) == ("closed", HIS_NAME)


async def test_who_evades_is_looked_for_and_found(case: Case) -> None:
    await case.begins()
    await case.does(case.officer, "search")
    assert (await case.at(case.doctor))["search"] == "looked_for"
    again = await case.tries(case.officer, "search")
    assert again.status_code == 409
    await case.does(case.officer, "found", {"on": TODAY})
    assert (await case.at(case.doctor))["search"] == "found"


async def test_what_the_table_does_not_let_is_refused_and_changes_nothing(case: Case) -> None:
    await case.begins()
    before = await case.at(case.doctor)
    for what, body in (
        ("examined", None),
        ("out-patient-refused", None),
        ("court", {"received_on": TODAY}),
        ("decision", TREAT),
        ("end", {"end": "died"}),
    ):
        assert (await case.tries(case.doctor, what, body)).status_code == 409, what
    in_patient_at_once = await case.tries(case.officer, "examination", {"setting": "in_patient"})
    assert in_patient_at_once.status_code == 409
    assert await case.at(case.doctor) == before


async def test_the_court_has_ten_days_and_both_are_reminded_and_alarmed(case: Case) -> None:
    await case.to_court()
    for client in (case.officer, case.doctor):
        (due,) = (await client.get("/deadlines")).json()["items"]
        assert (due["kind"], due["due_on"]) == ("court_decides", "2026-03-30")
    case.turn_to("2026-03-27T23:59:59+05:00")
    assert await case.look_both() == [[], []]
    case.turn_to("2026-03-28T00:00:00+05:00")
    assert await case.look_both() == [[("due_soon", "court_decides")]] * 2
    case.turn_to("2026-03-31T00:00:00+05:00")
    for _ in range(2):
        assert [set(fired) for fired in await case.look_both()] == [
            {("due_soon", "court_decides"), ("overdue", "court_decides")}
        ] * 2
    late = {**COURT, "decided_on": "2026-03-31"}
    await case.does(case.officer, "decision", {**TREAT, "court": late, "from_day": "2026-03-31"})
    for client in (case.officer, case.doctor):
        (due,) = (await client.get("/deadlines")).json()["items"]
        assert (due["kind"], due["due_on"]) == ("treatment_ends", LAST_DAY)


@pytest.mark.parametrize("side", ["officer", "doctor"])
async def test_whichever_side_learns_the_decision_first_tells_the_other(case: Case, side: str) -> None:
    await case.to_court()
    await case.does(getattr(case, side), "decision", TREAT)
    for client in (case.officer, case.doctor):
        there = await case.at(client)
        assert (there["state"], there["last_day"], there["court"]) == ("ordered", LAST_DAY, COURT)


async def test_a_decision_that_orders_none_ends_the_path(case: Case) -> None:
    await case.to_court()
    await case.does(case.officer, "decision", DECLINE)
    there = await case.at(case.doctor)
    assert (there["state"], there["last_day"], there["court"]["number"]) == ("not_ordered", None, NUMBER)
    assert (await case.doctor.get("/deadlines")).json()["items"] == []
    assert (await case.tries(case.doctor, "begin", WARD)).status_code in (404, 409)


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": "2028-03-21", "court": {**COURT, "until": "2028-03-21"}},
        {"from_day": "2026-03-19"},
        {"last_day": "2026-03-19"},
        {"last_day": "2027-03-20"},
        {"court": None},
        {"last_day": None},
        {"last_ended_on": "2026-03-21"},
        {"court": {**COURT, "number": ""}},
    ],
)
async def test_treatment_that_the_law_does_not_know_is_refused(case: Case, wrong: dict[str, Any]) -> None:
    await case.to_court()
    assert (await case.tries(case.officer, "decision", {**TREAT, **wrong})).status_code == 422
    assert await case.states() == ("at_court", "at_court")


@pytest.mark.parametrize("day", ["0001-01-01", "1990-01-01", "9999-12-31"])
async def test_a_day_for_which_there_is_no_law_is_refused_whatever_it_is_of(case: Case, day: str) -> None:
    evaded = {"person_id": case.known_to_health, "evaded_on": day, "to": POLICE}
    assert (await case.doctor.post("/treatment-paths", json=evaded)).status_code == 422
    await case.begins_with_materials()
    assert (await case.tries(case.doctor, "court", {"received_on": day})).status_code == 422
    await case.does(case.doctor, "court", {"received_on": TODAY})
    for wrong in (
        {**DECLINE, "decided_on": day},
        {**TREAT, "court": {**COURT, "decided_on": day}},
        {**TREAT, "from_day": day},
        {**TREAT, "from_day": day, "last_day": "9999-12-31"},
    ):
        assert (await case.tries(case.officer, "decision", wrong)).status_code == 422
    long_ago = await case.tries(case.officer, "decision", {**TREAT, "last_ended_on": day})
    assert long_ago.status_code == (422 if day > TODAY else 200)


@pytest.mark.parametrize("wrong", [{"number": None}, {"decided_on": None}, {"number": ""}, {"court": COURT}])
async def test_a_decision_that_orders_none_has_a_number_and_a_day(case: Case, wrong: dict[str, Any]) -> None:
    await case.to_court()
    assert (await case.tries(case.officer, "decision", {**DECLINE, **wrong})).status_code == 422


async def test_three_years_are_ordered_on_a_repeat_alone(case: Case) -> None:
    long = {"court": {**COURT, "until": "2029-03-19"}, "last_day": "2029-03-19"}
    await case.to_court()
    assert (await case.tries(case.officer, "decision", {**TREAT, **long})).status_code == 422
    await case.does(case.officer, "decision", {**TREAT, **long, "last_ended_on": "2024-01-10"})
    assert await case.states() == ("ordered", "ordered")


async def test_a_repeat_is_counted_from_the_day_on_which_the_last_one_really_ended(case: Case) -> None:
    """Ordered until March 2027 and ended in March 2026: none any more in April 2029."""
    await case.ordered()
    await case.does(case.doctor, "end", {"end": "court_ended"})
    case.turn_to("2029-04-02T12:00:00+05:00")
    await case.to_court()
    decided = {"number": "7599-29-00-4/8", "decided_on": "2029-04-02", "until": "2032-04-01"}
    days = {"court": decided, "from_day": "2029-04-02"}
    three_years = {**TREAT, **days, "last_day": "2032-04-01"}
    assert (await case.tries(case.officer, "decision", three_years)).status_code == 422
    await case.does(case.officer, "decision", {**three_years, "last_day": "2031-04-01"})


async def test_within_three_years_of_its_real_end_it_is_a_repeat(case: Case) -> None:
    await case.ordered()
    case.turn_to("2027-03-20T00:00:00+05:00")
    await case.look_both()
    case.turn_to("2030-03-18T12:00:00+05:00")
    await case.to_court()
    decided = {"number": "7599-30-00-4/8", "decided_on": "2030-03-18", "until": "2033-03-17"}
    body = {**TREAT, "court": decided, "from_day": "2030-03-18", "last_day": "2033-03-17"}
    await case.does(case.officer, "decision", body)
    assert await case.states() == ("ordered", "ordered")


async def test_word_of_an_early_end_that_comes_after_the_clock_has_ended_it_still_counts(case: Case) -> None:
    await case.ordered(court={**COURT, "until": "2027-06-01"})
    case.turn_to("2027-03-15T12:00:00+05:00")
    assert (await case.tries(case.doctor, "end", {"end": "court_ended"})).is_success
    letters = (await collect(case.health)).letters
    case.turn_to("2027-03-20T00:00:00+05:00")
    await case.look(case.police, case.officer)
    assert (await case.at(case.officer))["ended_on"] == LAST_DAY
    for subject, payload in letters:
        await case.police.inbox.receive(subject, payload)
    assert (await case.at(case.officer))["ended_on"] == "2027-03-15"


async def test_treatment_ends_by_itself_at_both_and_once(case: Case) -> None:
    await case.ordered()
    case.turn_to("2027-03-05T00:00:00+05:00")
    assert await case.look_both() == [[("due_soon", "treatment_ends")]] * 2
    case.turn_to("2027-03-20T00:00:00+05:00")
    for _ in range(2):
        assert await case.look_both() == [[("due_soon", "treatment_ends")]] * 2
    await exchange(case.police, case.health)
    for client in (case.officer, case.doctor):
        over = await case.at(client)
        assert (over["state"], over["ended_on"], len(over["steps"])) == ("ended", LAST_DAY, 4)
        assert (await client.get("/deadlines")).json()["items"] == []


async def test_who_is_erased_takes_the_name_along_and_the_path_still_ends(case: Case) -> None:
    await case.ordered()
    assert (await case.officer.delete(f"/persons/{case.known_to_police}")).status_code == 200
    here = await case.at(case.officer)
    assert (here["person"], here["court"], here["state"]) == ({}, None, "ordered")
    case.turn_to("2027-03-20T00:00:00+05:00")
    await case.look_both()
    assert await case.states() == ("ended", "ended")


async def test_what_was_told_of_him_goes_with_the_record_that_it_was_tied_to(case: Case) -> None:
    await case.begins()
    tied = await case.does(case.officer, "person", {"person_id": case.known_to_police})
    assert (tied["person"]["family_name"], tied["person_id"]) == (HIS_NAME, case.known_to_police)
    other = await made(await case.officer.post("/persons", json=HIM))
    assert (await case.tries(case.officer, "person", {"person_id": other})).status_code == 409
    assert (await case.officer.delete(f"/persons/{case.known_to_police}")).status_code == 200
    assert (await case.at(case.officer))["person"] == {}
    await case.does(case.officer, "close")
    assert await case.states() == ("closed", "closed")


async def test_the_path_is_an_alleged_offenders_and_of_somebody_with_a_name(case: Case) -> None:
    her = await made(await case.doctor.post("/persons", json={"role": "victim"}))
    nobody = await made(await case.doctor.post("/persons", json={"role": "alleged_offender", "anonymous": True}))
    for person, status in ((her, 422), (nobody, 409), (case.known_to_police, 404)):
        body = {"person_id": person, "evaded_on": EVADED_ON, "to": POLICE}
        assert (await case.doctor.post("/treatment-paths", json=body)).status_code == status
    gone = case.known_to_health
    assert (await case.doctor.delete(f"/persons/{gone}")).status_code == 200
    body = {"person_id": gone, "evaded_on": EVADED_ON, "to": POLICE}
    assert (await case.doctor.post("/treatment-paths", json=body)).status_code == 410
    assert (await case.doctor.get("/treatment-paths")).json()["items"] == []


@pytest.mark.parametrize(
    "wrong", [{"to": CLINIC}, {"to": "social-19"}, {"to": "police-nowhere"}, {"evaded_on": "2026-03-21"}, {"why": "x"}]
)
async def test_a_path_begins_with_a_police_organisation_of_the_network_and_not_tomorrow(
    case: Case, wrong: dict[str, Any]
) -> None:
    body = {"person_id": case.known_to_health, "evaded_on": EVADED_ON, "to": POLICE, **wrong}
    assert (await case.doctor.post("/treatment-paths", json=body)).status_code == 422


async def test_no_step_is_taken_before_the_path_began_or_tomorrow(case: Case) -> None:
    await case.begins()
    for day in ("2026-03-18", "2026-03-21"):
        assert (await case.tries(case.officer, "search", {"on": day})).status_code == 422


async def test_another_organisations_path_does_not_exist(case: Case) -> None:
    await case.begins()
    async with case.police.client("police-rural-19", "worker", "supervisor") as stranger:
        assert (await stranger.get(f"/treatment-paths/{case.path}")).status_code == 404
        assert (await stranger.get("/treatment-paths")).json()["items"] == []
        theirs = await made(await stranger.post("/persons", json=HIM))
        for what, body in (
            ("examination", {"setting": "out_patient"}),
            ("materials", PAPERS),
            ("search", None),
            ("found", None),
            ("decision", TREAT),
            ("close", None),
            ("person", {"person_id": theirs}),
        ):
            assert (await case.tries(stranger, what, body)).status_code == 404, what
    async with case.health.client("hospital-19", "worker") as stranger:
        for what, body in (
            ("examined", None),
            ("out-patient-refused", None),
            ("admit", WARD),
            ("court", {"received_on": TODAY}),
            ("begin", WARD),
            ("end", {"end": "died"}),
        ):
            assert (await case.tries(stranger, what, body)).status_code == 404, what


async def test_who_only_counts_beds_or_figures_neither_reads_a_path_nor_begins_one(case: Case) -> None:
    await case.begins()
    for role in ("bed-counter", "statistician"):
        async with case.police.client(POLICE, role) as nobody:
            assert (await nobody.get(f"/treatment-paths/{case.path}")).status_code == 403
            assert (await case.tries(nobody, "close")).status_code == 403


async def test_nobody_but_the_other_side_of_the_path_moves_it(case: Case) -> None:
    await case.begins()
    stranger = "police-rural-19"
    event = TreatmentMoved(path_id=case.path, version=2, step=TreatmentStep.CLOSE, on=TODAY)
    async with case.police.work(stranger) as work:
        await emit(work, Outgoing(event, stranger, CLINIC, ON_DUTY, event.path_id))
    await carry(case.police, case.health)
    assert (await case.at(case.doctor))["state"] == "evaded"


async def test_a_step_of_the_courts_is_not_taken_on_the_word_of_the_police(case: Case) -> None:
    await case.to_court()
    event = TreatmentMoved(path_id=case.path, version=3, step=TreatmentStep.ORDER_TREATMENT, on=TODAY)
    ended = TreatmentEnded(path_id=case.path, version=3, ended_on=TODAY, end=TreatmentEnd.DIED)
    async with case.police.work(POLICE) as work:
        told = await emit(work, Outgoing(event, POLICE, CLINIC, ON_DUTY, event.path_id))
        kept = await emit(work, Outgoing(ended, POLICE, CLINIC, ON_DUTY, ended.path_id))
    assert (told.event_id is None, kept.event_id) == (False, None)
    await carry(case.police, case.health)
    there = await case.at(case.doctor)
    assert (there["state"], len(there["steps"])) == ("at_court", 2)


async def test_an_end_whose_decision_was_erased_is_kept_and_not_told(case: Case) -> None:
    """The step stands here with the rule that kept it back; at the police the term ends by the clock."""
    await case.ordered()
    await case.does(case.doctor, "person", {"person_id": case.known_to_health})
    assert (await case.doctor.delete(f"/persons/{case.known_to_health}")).status_code == 200
    ended = await case.does(case.doctor, "end", {"end": "died"})
    assert (ended["state"], ended["steps"][-1]["kept_back_by"] is None) == ("ended", False)
    assert await case.states() == ("ordered", "ended")
