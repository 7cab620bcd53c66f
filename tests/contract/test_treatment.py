"""The path of compulsory treatment (F8): a table of steps, whose sum is the same whatever arrived first."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.treatment import (
    BEFORE_COURT,
    EVADABLE,
    IN_A_BED,
    MOVES,
    OVER,
    SEARCHES,
    SINCE,
    Standing,
    Taken,
    after,
    standing,
)
from shared.contract.treatment_words import SearchState, TreatmentState, TreatmentStep
from shared.contract.treatment_words import TreatmentState as S
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency

DAY = date(2026, 3, 20)
POLICE, HEALTH = Agency.POLICE, Agency.HEALTH
WHOLE = (
    (HEALTH, T.EVADE, S.EVADED),
    (POLICE, T.ORDER_OUT_PATIENT, S.OUT_PATIENT_ORDERED),
    (HEALTH, T.REFUSE_OUT_PATIENT, S.OUT_PATIENT_REFUSED),
    (POLICE, T.ORDER_IN_PATIENT, S.IN_PATIENT_ORDERED),
    (HEALTH, T.ADMIT, S.IN_PATIENT),
    (HEALTH, T.EXAMINE, S.EXAMINED),
    (POLICE, T.SEND_MATERIALS, S.MATERIALS_SENT),
    (HEALTH, T.REFER_TO_COURT, S.AT_COURT),
    (POLICE, T.ORDER_TREATMENT, S.ORDERED),
    (HEALTH, T.BEGIN, S.IN_TREATMENT),
    (HEALTH, T.END, S.ENDED),
)
TAKEN = tuple(Taken(number, by, step) for number, (by, step, _) in enumerate(WHOLE, 1))
steps = st.builds(Taken, st.integers(1, 6), st.sampled_from([POLICE, HEALTH]), st.sampled_from(TreatmentStep))


def test_the_whole_path_is_gone_step_by_step() -> None:
    now = Standing()
    for by, step, state in WHOLE:
        found = after(now, step, by, DAY)
        assert found == Standing(state)
        now = found
    assert now.state in OVER


def test_an_out_patient_examination_spares_the_in_patient_one() -> None:
    now = standing(TAKEN[:2], DAY)
    assert after(now, T.ORDER_IN_PATIENT, POLICE, DAY) is None
    assert after(now, T.EXAMINE, HEALTH, DAY) == Standing(S.EXAMINED)


def test_a_path_may_begin_with_the_materials_of_the_police_and_more_of_them_may_come() -> None:
    begun = after(Standing(), T.SEND_MATERIALS, POLICE, DAY)
    assert begun == Standing(S.MATERIALS_SENT)
    assert after(begun, T.SEND_MATERIALS, POLICE, DAY) == begun
    assert after(Standing(), T.SEND_MATERIALS, HEALTH, DAY) is None


@pytest.mark.parametrize("state", [S(one) for one in TreatmentState])
@pytest.mark.parametrize("step", list(TreatmentStep))
def test_nobody_but_the_police_and_health_takes_any_step(state: TreatmentState, step: TreatmentStep) -> None:
    assert [after(Standing(state), step, by, DAY) for by in (Agency.SHELTER, Agency.SOCIAL)] == [None, None]


def test_health_alone_examines_admits_and_refers_to_court_and_the_police_alone_order_and_search() -> None:
    by = {move.step: move.by for move in MOVES if len(move.by) == 1}
    of_health = {T.EVADE, T.EXAMINE, T.REFUSE_OUT_PATIENT, T.ADMIT, T.REFER_TO_COURT, T.BEGIN}
    assert {step for step, who in by.items() if who == {HEALTH}} == of_health
    assert {step for step, who in by.items() if who == {POLICE}} == {
        T.SEND_MATERIALS,
        T.ORDER_OUT_PATIENT,
        T.ORDER_IN_PATIENT,
    }
    assert after(Standing(S.EVADED), T.SEARCH, HEALTH, DAY) is None


def test_what_is_over_stays_over() -> None:
    for state in OVER:
        assert not any(move.before is state for move in MOVES)
    assert {move.after for move in MOVES if move.step in (T.END, T.CLOSE, T.DECLINE_TREATMENT)} == OVER


def test_a_path_can_be_closed_until_it_is_at_court_and_not_by_anybody_once_it_is() -> None:
    closable = {move.before for move in MOVES if move.step is T.CLOSE}
    assert closable == {*BEFORE_COURT, S.EXAMINED, S.MATERIALS_SENT}


def test_treatment_that_was_ordered_ends_whether_it_began_or_not() -> None:
    for state in (S.ORDERED, S.IN_TREATMENT):
        for by in (POLICE, HEALTH):
            assert after(Standing(state), T.END, by, DAY) == Standing(S.ENDED)


def test_who_evades_is_looked_for_and_found_beside_whatever_goes_on() -> None:
    looked_for = after(Standing(S.EVADED), T.SEARCH, POLICE, DAY)
    assert looked_for == Standing(S.EVADED, SearchState.LOOKED_FOR)
    assert after(looked_for, T.SEARCH, POLICE, DAY) is None
    on = after(looked_for, T.ORDER_OUT_PATIENT, POLICE, DAY)
    assert on == Standing(S.OUT_PATIENT_ORDERED, SearchState.LOOKED_FOR)
    found = after(on, T.FIND, POLICE, DAY)
    assert found == Standing(S.OUT_PATIENT_ORDERED, SearchState.FOUND)
    assert after(found, T.SEARCH, POLICE, DAY) == on


def test_nobody_is_looked_for_who_is_in_a_bed_for_examination_or_whose_path_is_over_and_all_can_be_found() -> None:
    assert EVADABLE & (OVER | {S.IN_PATIENT, S.EXAMINED, S.MATERIALS_SENT}) == frozenset()
    for state in TreatmentState:
        assert after(Standing(state, SearchState.LOOKED_FOR), T.FIND, POLICE, DAY) is not None
    assert after(Standing(), T.SEARCH, POLICE, DAY) is None


def test_beds_are_for_the_two_states_that_a_bed_is_taken_for() -> None:
    assert {move.after for move in MOVES if move.step in (T.ADMIT, T.BEGIN)} == IN_A_BED


def test_whatever_arrives_first_the_sum_is_the_same() -> None:
    for order in permutations(TAKEN[:6]):
        assert standing(order, DAY) == Standing(S.EXAMINED)


@given(st.lists(steps, max_size=12), st.randoms())
def test_the_sum_depends_on_which_steps_there_are_and_not_on_their_order(taken: list[Taken], by: object) -> None:
    mixed = list(taken)
    by.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis's random
    assert standing(mixed, DAY) == standing(taken, DAY)


@given(st.lists(steps, max_size=12))
def test_a_step_that_no_row_lets_counts_nothing(taken: list[Taken]) -> None:
    now, counted = Standing(), []
    for one in sorted(taken):
        then = after(now, T(one.step), Agency(one.by), DAY)
        counted += [one] if then is not None else []
        now = then or now
    assert standing(counted, DAY) == standing(taken, DAY) == now


def test_while_its_beginning_has_not_arrived_a_path_stands_nowhere() -> None:
    assert standing(TAKEN[1:5], DAY) == Standing(None)


def test_of_two_steps_that_were_taken_at_once_both_sides_count_the_same() -> None:
    begun = (*TAKEN[:4], Taken(5, HEALTH, T.ADMIT), Taken(5, POLICE, T.CLOSE))
    assert standing(begun, DAY) == standing(reversed(begun), DAY) == Standing(S.CLOSED)


def test_the_rows_of_the_day_on_which_it_began_count() -> None:
    later = tuple(replace(row, valid_from=DAY) if row.step is T.EVADE else row for row in MOVES)
    assert standing(TAKEN[:1], date(2026, 3, 19), moves=later) == Standing(None)
    assert standing(TAKEN[:1], DAY, moves=later) == Standing(S.EVADED)
    ended = tuple(replace(row, valid_until=DAY) for row in MOVES)
    assert standing(TAKEN[:1], DAY, moves=ended) == Standing(None)
    assert standing(TAKEN[:1], date(2026, 3, 19), moves=ended) == Standing(S.EVADED)


def test_every_row_has_a_source_and_no_state_is_out_of_reach() -> None:
    for rows in (MOVES, SEARCHES):
        assert all(row.source and row.valid_from == SINCE for row in rows)
    assert {row.after for row in MOVES} == set(TreatmentState)
    assert {row.step for row in MOVES} | {row.step for row in SEARCHES} == set(TreatmentStep)
