"""Which registers are compared, how often, how large; and that both sides agree, whatever crosses what."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from shared.contract.comparisons import (
    DUE,
    LIMITS,
    MOVES,
    PAIRS,
    TREATS_ADDICTION,
    ComparisonState,
    Keeper,
    PairRow,
    after,
    forbidding,
    grounds_of,
    is_compared,
    limits,
    next_due,
    pair_of,
    size_of,
    tells,
)
from shared.contract.conditions import Party
from shared.contract.decisions import decide
from shared.contract.policy import FORBIDS
from shared.contract.registers import CODES, KEPT
from shared.contract.vocabulary import (
    Agency,
    Basis,
    ComparisonStep,
    DataCategory,
    EventType,
    Purpose,
    RegisterKind,
    Side,
    SubjectRole,
)

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
DAY = AT.date()
POLICE, HEALTH, SOCIAL = Agency.POLICE, Agency.HEALTH, Agency.SOCIAL
LIMIT = limits(DAY)
KEEPERS = [(row.agency, row.kind) for row in KEPT]


def allowed() -> set[frozenset[tuple[Agency, RegisterKind]]]:
    """All pairs of registers that are compared, whoever opens."""
    found = set()
    for one, other in product(KEEPERS, repeat=2):
        row = pair_of(one, other, DAY)
        if row is not None and forbidding(row, Keeper(*one), Keeper(*other), AT) is None:
            found.add(frozenset({one, other}))
    return found


def test_these_registers_are_compared_and_no_others() -> None:
    assert allowed() == {
        frozenset({(POLICE, RegisterKind.PREVENTIVE_MONITORING), (SOCIAL, RegisterKind.TROUBLED_FAMILIES)}),
        frozenset({(POLICE, RegisterKind.PREVENTIVE_MONITORING), (SOCIAL, RegisterKind.MINORS_WHO_SUFFERED)}),
        frozenset({(HEALTH, RegisterKind.MINORS_WHO_SUFFERED), (SOCIAL, RegisterKind.MINORS_WHO_SUFFERED)}),
    }


@pytest.mark.parametrize(("other", "subject"), [(one, role) for one in KEEPERS for role in SubjectRole])
def test_the_dispensary_could_be_compared_with_nobody_outside_of_health_whatever_the_table_said(
    other: tuple[Agency, RegisterKind], subject: SubjectRole
) -> None:
    dispensary = Keeper(HEALTH, RegisterKind.DISPENSARY)
    row = replace(PAIRS[0], subject=subject)
    rule = forbidding(row, dispensary, Keeper(*other), AT)
    assert (rule is not None) == (other[0] is not HEALTH or subject is SubjectRole.ALLEGED_OFFENDER)


@pytest.mark.parametrize("kind", [row.kind for row in KEPT if row.agency is HEALTH])
def test_no_register_of_a_hospital_could_be_compared_with_the_polices(kind: RegisterKind) -> None:
    police = Keeper(POLICE, RegisterKind.PREVENTIVE_MONITORING)
    for subject in SubjectRole:
        row = replace(PAIRS[1], subject=subject)
        assert forbidding(row, police, Keeper(HEALTH, kind), AT) is not None
    assert forbidding(PAIRS[1], Keeper(HEALTH, kind), police, AT) == "F-HEALTH-NOT-TO-POLICE"


@pytest.mark.parametrize("purpose", sorted(TREATS_ADDICTION))
def test_of_an_organisation_that_treats_addiction_even_that_it_knows_somebody_stays_there(purpose: Purpose) -> None:
    row = pair_of((HEALTH, RegisterKind.MINORS_WHO_SUFFERED), (SOCIAL, RegisterKind.MINORS_WHO_SUFFERED), DAY)
    assert row is not None
    social = Keeper(SOCIAL, RegisterKind.MINORS_WHO_SUFFERED)
    clinic = Keeper(HEALTH, RegisterKind.MINORS_WHO_SUFFERED, frozenset({purpose}))
    assert forbidding(row, clinic, social, AT) == forbidding(row, social, clinic, AT) == "F-ADDICTION-STAYS-IN-HEALTH"


def test_what_nobody_keeps_tells_everything() -> None:
    assert tells(Keeper(Agency.SHELTER, RegisterKind.DISPENSARY), DAY) == frozenset(DataCategory)


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row.source)
def test_a_pair_names_registers_that_are_kept_for_reasons_that_there_are_and_policy_lets_them_be_compared(
    row: PairRow,
) -> None:
    for half in row.halves:
        assert half.codes
        there = {one.code for one in CODES if (one.agency, one.kind) == (half.agency, half.kind)}
        assert half.codes <= there
        assert row.half(half.agency, half.kind) is half
        assert is_compared(half.agency, half.kind, DAY)
    one, other = (Party(half.agency, half.agency.value) for half in row.halves)
    for sender, recipient in ((one, other), (other, one)):
        made = decide(EventType.REGISTER_COMPARED, sender=sender, recipient=recipient, grounds=grounds_of(row), at=AT)
        assert made.permitted
        assert made.categories == {DataCategory.ROUTING, DataCategory.BLINDED}
    assert row.source


def test_what_is_not_compared_can_be_said_all_the_same() -> None:
    grounds = grounds_of(None)
    assert (grounds.basis, grounds.purpose) == (Basis.STATUTORY_DUTY, Purpose.REGISTER_COORDINATION)


def test_before_the_law_nothing_is_compared() -> None:
    one, other = ((half.agency, half.kind) for half in PAIRS[0].halves)
    assert pair_of(one, other, DAY) is pair_of(other, one, DAY) is PAIRS[0]
    assert pair_of(one, one, DAY) is None
    assert pair_of(one, other, date(2009, 12, 31)) is None
    assert not is_compared(*one, date(2009, 12, 31))
    assert not is_compared(HEALTH, RegisterKind.DISPENSARY, DAY)
    assert PAIRS[0].half(HEALTH, RegisterKind.DISPENSARY) is None
    with pytest.raises(LookupError):
        limits(date(2009, 12, 31))


def test_a_forbid_that_is_not_in_force_forbids_nothing() -> None:
    row = next(row for row in FORBIDS if row.id == "F-HEALTH-NOT-TO-POLICE")
    ends = (Keeper(HEALTH, RegisterKind.MINORS_WHO_SUFFERED), Keeper(POLICE, RegisterKind.PREVENTIVE_MONITORING))
    for changed, forbidden in (
        (row, row.id),
        (replace(row, valid_from=datetime(2027, 1, 1, tzinfo=UTC)), None),
        (replace(row, valid_from=AT), row.id),
        (replace(row, valid_until=AT), None),
        (replace(row, valid_until=datetime(2027, 1, 1, tzinfo=UTC)), row.id),
        (replace(row, events=frozenset()), None),
        (replace(row, senders=frozenset({POLICE})), None),
        (replace(row, recipients=frozenset({SOCIAL})), None),
        (replace(row, subjects=frozenset()), None),
        (replace(row, bases=frozenset({Basis.CONSENT})), None),
        (replace(row, categories=frozenset({DataCategory.NARRATIVE})), None),
    ):
        assert forbidding(PAIRS[1], *ends, AT, forbids=(changed,)) == forbidden


def test_the_limits_are_those_of_the_table() -> None:
    assert (LIMIT.fewest, LIMIT.most, LIMIT.runs, LIMIT.within.days) == (20, 2048, 2, 365)
    assert all([row.source for row in LIMITS] + [row.source for row in DUE])


@pytest.mark.parametrize(("count", "size"), [(0, 64), (20, 64), (64, 64), (65, 256), (1024, 1024), (1025, 2048)])
def test_a_set_is_filled_up_to_its_class(count: int, size: int) -> None:
    assert size_of(count, LIMIT) == size


def test_there_is_no_class_for_more_than_the_most() -> None:
    with pytest.raises(ValueError, match="more entries"):
        size_of(LIMIT.most + 1, LIMIT)


@pytest.mark.parametrize(
    ("on", "due_on", "remind_on"),
    [
        ("2026-03-20", "2026-12-01", "2026-11-01"),
        ("2026-11-20", "2026-12-01", "2026-11-20"),
        ("2026-12-01", "2026-12-01", "2026-12-01"),
        ("2026-12-02", "2027-12-01", "2027-11-01"),
    ],
)
def test_registers_are_compared_once_a_year_by_a_day_that_the_table_names(on: str, due_on: str, remind_on: str) -> None:
    assert next_due(date.fromisoformat(on)) == (date.fromisoformat(due_on), date.fromisoformat(remind_on))


def test_before_the_law_nothing_is_due() -> None:
    assert next_due(date(2009, 12, 31)) is None


def test_every_way_ends_and_no_step_is_taken_after_the_end() -> None:
    ends = {ComparisonState.COMPARED, ComparisonState.DECLINED, ComparisonState.ABORTED}
    for state, whose, step in product(ComparisonState, Side, ComparisonStep):
        if state in ends:
            assert after(state, whose, step) is None
    assert set(MOVES.values()) == {ComparisonState.ANSWERED, *ends}


def test_who_has_answered_can_not_take_that_back() -> None:
    answered = {step for step in ComparisonStep if after(ComparisonState.ANSWERED, Side.RECEIVER, step)}
    assert answered == set()


def test_nobody_takes_the_others_steps() -> None:
    opened = ComparisonState.OPENED
    assert {step for step in ComparisonStep if after(opened, Side.SENDER, step)} == {ComparisonStep.ABORTED}
    assert {step for step in ComparisonStep if after(opened, Side.RECEIVER, step)} == {
        ComparisonStep.ANSWERED,
        ComparisonStep.DECLINED,
    }
