"""A preventive conversation (F12): one hour at most, and with a minor not without who represents it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contract.conversation import LENGTHS, MINORS, Present, Representative, Talk, why_not
from shared.contract.decisions import fields_of
from shared.contract.events import ConversationHeld
from shared.contract.vocabulary import DataCategory, SubjectRole

TODAY = date(2026, 3, 20)
HIM, CHILD, HER = SubjectRole.ALLEGED_OFFENDER, SubjectRole.DEPENDANT, SubjectRole.VICTIM
A_PARENT = Present(Representative.PARENT, is_alleged_offender=False)
ADULT, SEVENTEEN = date(1985, 5, 1), date(2008, 3, 21)


def talk(**more: Any) -> Talk:
    usual: dict[str, Any] = {"held_on": TODAY, "minutes": 40, "role": HIM, "birth_date": ADULT, "present": ()}
    return Talk(**{**usual, **more})


def test_every_row_says_where_it_is_from_and_since_when() -> None:
    said = [(row.source, row.valid_from) for row in LENGTHS] + [(row.source, row.valid_from) for row in MINORS]
    assert all("art. 19" in source and since <= TODAY for source, since in said)


@pytest.mark.parametrize(("minutes", "fits"), [(1, True), (60, True), (61, False)])
def test_it_lasts_an_hour_at_most(minutes: int, fits: bool) -> None:  # a table
    assert (why_not(talk(minutes=minutes)) is None) is fits


def test_a_later_law_counts_from_its_day_on_and_there_was_none_before_the_first() -> None:
    rows = (replace(LENGTHS[0], valid_until=TODAY), replace(LENGTHS[0], minutes=90, valid_from=TODAY))
    assert why_not(talk(minutes=90), lengths=rows) is None
    assert why_not(talk(minutes=90, held_on=TODAY - timedelta(days=1)), lengths=rows) is not None
    assert why_not(talk(held_on=LENGTHS[0].valid_from - timedelta(days=1))) is not None


def test_it_is_not_held_with_the_victim() -> None:
    assert "not with the victim" in (why_not(talk(role=HER)) or "")


@pytest.mark.parametrize("role", [HIM, CHILD])
@pytest.mark.parametrize("kind", Representative)
def test_with_a_minor_a_parent_a_teacher_or_another_representative_is_present(
    role: SubjectRole, kind: Representative
) -> None:
    alone = talk(role=role, birth_date=SEVENTEEN)
    assert "is present" in (why_not(alone) or "")
    assert why_not(replace(alone, present=[Present(kind, is_alleged_offender=False)])) is None


def test_on_the_eighteenth_birthday_nobody_else_is_needed() -> None:
    assert why_not(talk(birth_date=date(2008, 3, 20))) is None


def test_the_alleged_offender_represents_no_minor_even_beside_somebody_else() -> None:
    him = Present(Representative.PARENT, is_alleged_offender=True)
    for present in ([him], [him, A_PARENT]):
        assert "does not represent" in (why_not(talk(role=CHILD, birth_date=SEVENTEEN, present=present)) or "")


def test_a_child_whose_age_nobody_knows_is_taken_for_a_minor_and_an_alleged_offender_is_not() -> None:
    assert why_not(talk(role=CHILD, birth_date=None)) is not None
    assert why_not(talk(role=CHILD, birth_date=None, present=[A_PARENT])) is None
    assert why_not(talk(role=HIM, birth_date=None)) is None


def test_the_representatives_of_a_later_law_count_from_its_day_on() -> None:
    only = frozenset({Representative.TEACHER})
    rows = (replace(MINORS[0], valid_until=TODAY), replace(MINORS[0], present=only, valid_from=TODAY))
    minor = talk(birth_date=SEVENTEEN, present=[A_PARENT])
    assert why_not(minor, minors=rows) is not None
    assert why_not(replace(minor, held_on=TODAY - timedelta(days=1)), minors=rows) is None


def test_that_it_was_held_is_told_by_what_routes_it_alone() -> None:
    assert set(fields_of(ConversationHeld).values()) == {DataCategory.ROUTING}
