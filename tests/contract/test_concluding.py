"""How a local agreement is concluded (F16): one text for all, and where it stands after what its parties said."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.agreement import Agreement
from shared.contract.concluding import (
    TERMS,
    Standing,
    Statement,
    Text,
    first_day_without,
    follows,
    is_text_of,
    name_of,
    remind_on,
    state_of,
    terms_on,
)
from shared.contract.vocabulary import AgreementState as S
from tests.contract.strategies import drafts

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)
PARTIES = frozenset({"police-19", "social-19"})
UNTIL = date(2027, 1, 1)


def agreed(**other: Any) -> Agreement:
    terms: dict[str, Any] = {"id": "A-19-1", "region": "19", "parties": PARTIES, "exchanges": (), "valid_from": TODAY}
    return Agreement(**{**terms, "valid_until": UNTIL, **other})


def standing(agreement: Agreement | None = None, *, version: int = 1, **more: Any) -> Standing:
    """All have signed, and nothing else happened."""
    text = Text(version=version, agreement=agreement or agreed())
    plain: dict[str, Any] = {"signed": PARTIES, "declined": False, "newer": False, "newer_concluded": False}
    plain |= {"ends_on": text.agreement.valid_until, "listed": None, "listed_version": 0}
    return Standing(text=text, **{**plain, **more})


def listed(agreement: Agreement | None = None, **more: Any) -> Standing:
    return standing(listed=agreement or agreed(), listed_version=1, **more)


@given(drafts)
def test_a_text_that_was_read_again_is_the_same_bytes(text: Text) -> None:
    again = Text.model_validate_json(text.model_dump_json())
    assert (again.canonical, again.sha256) == (text.canonical, text.sha256)


@given(drafts, st.randoms())
def test_the_order_in_which_parties_and_categories_are_named_says_nothing(text: Text, random: Any) -> None:
    said = text.model_dump(mode="json")
    for names in (said["agreement"]["parties"], *(line["categories"] for line in said["agreement"]["exchanges"])):
        random.shuffle(names)
    assert Text.model_validate(said).sha256 == text.sha256


@pytest.mark.parametrize(
    "other",
    [
        {"version": 2},
        {"agreement": agreed(valid_from=TODAY + DAY)},
        {"agreement": agreed(valid_until=None)},
        {"agreement": agreed(parties=PARTIES | {"hospital-19"})},
    ],
)
def test_whatever_is_changed_is_another_text(other: dict[str, Any]) -> None:
    text = Text(version=1, agreement=agreed())
    assert text.model_copy(update=other).sha256 != Text(version=1, agreement=agreed()).sha256
    assert Text.model_validate({**text.model_dump(), **other}).sha256 != text.sha256


def test_a_signature_is_of_one_text_and_of_one_of_its_parties() -> None:
    text = Text(version=1, agreement=agreed())
    said = Statement(agreement="A-19-1", version=1, sha256=text.sha256, party="police-19")
    assert said.is_of(text)
    for other in ({"agreement": "A-19-2"}, {"version": 2}, {"sha256": "0" * 64}, {"party": "hospital-19"}):
        assert not said.model_copy(update=other).is_of(text)


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (standing(signed=frozenset({"police-19"})), S.DRAFT),
        (standing(signed=frozenset()), S.DRAFT),
        (standing(signed=frozenset({"police-19"}), declined=True), S.DECLINED),
        (standing(signed=frozenset({"police-19"}), newer=True), S.REPLACED),
        (standing(), S.CONCLUDED),
        (standing(newer=True), S.CONCLUDED),
        (standing(newer=True, newer_concluded=True), S.REPLACED),
        (listed(), S.IN_FORCE),
        (listed(newer=True, newer_concluded=True), S.IN_FORCE),
        (
            standing(agreed(valid_from=TODAY + DAY), listed=agreed(valid_from=TODAY + DAY), listed_version=1),
            S.CONCLUDED,
        ),
        (standing(listed_version=1), S.ENDED),
        (standing(listed_version=2), S.REPLACED),
        (standing(listed=agreed(exchanges=(), valid_from=TODAY - DAY), listed_version=2), S.REPLACED),
        (standing(agreed(valid_from=TODAY - 9 * DAY, valid_until=TODAY)), S.ENDED),
        (standing(signed=frozenset(), ends_on=TODAY), S.ENDED),
        (standing(ends_on=TODAY), S.ENDED),
    ],
)
def test_where_a_version_stands(known: Standing, state: S) -> None:
    assert state_of(known, TODAY) is state


def test_what_the_trust_list_holds_binds_after_a_notice_too_until_it_holds_it_no_more() -> None:
    known = listed(ends_on=TODAY)
    assert state_of(known, TODAY) is S.IN_FORCE
    shortened = replace(known, listed=agreed(valid_from=TODAY - DAY, valid_until=TODAY))
    shortened = replace(shortened, text=Text(version=1, agreement=agreed(valid_from=TODAY - DAY)))
    assert shortened.in_list
    assert state_of(shortened, TODAY) is S.ENDED


def test_the_operators_own_text_of_the_same_words_is_in_force_too() -> None:
    assert state_of(standing(listed=agreed()), TODAY) is S.IN_FORCE


def test_a_list_with_an_earlier_end_holds_the_text_and_one_with_a_later_end_another() -> None:
    text, open_ended = (Text(version=1, agreement=agreed(valid_until=until)) for until in (UNTIL, None))
    assert is_text_of(agreed(valid_until=UNTIL - DAY), text)
    assert not is_text_of(agreed(valid_until=UNTIL + DAY), text)
    assert not is_text_of(agreed(valid_until=None), text)
    assert is_text_of(agreed(valid_until=UNTIL), open_ended)
    assert is_text_of(agreed(valid_until=None), open_ended)
    assert not is_text_of(agreed(parties=PARTIES | {"hospital-19"}), text)


def test_a_change_may_bring_in_a_party_and_leaves_none_out() -> None:
    more = agreed(parties=PARTIES | {"hospital-19"})
    assert follows(more, agreed())
    assert not follows(agreed(), more)
    assert not follows(agreed(id="A-19-2"), agreed())
    assert not follows(agreed(region="23"), agreed())


def test_it_ends_with_the_first_notice_or_with_its_text_whichever_is_sooner() -> None:
    soon, late = date(2026, 6, 1), date(2028, 1, 1)
    assert first_day_without(agreed(), []) == UNTIL
    assert first_day_without(agreed(), [late, soon]) == soon
    assert first_day_without(agreed(), [late]) == UNTIL
    assert first_day_without(agreed(valid_until=None), []) is None


def test_its_end_is_reminded_of_a_month_before_and_never_in_the_past() -> None:
    assert remind_on(date(2026, 12, 31), TODAY) == date(2026, 12, 1)
    assert remind_on(TODAY + DAY, TODAY) == TODAY
    assert remind_on(UNTIL, TODAY, rows=()) == UNTIL


def test_the_days_are_those_of_the_row_that_counts_on_the_day() -> None:
    (row,) = TERMS
    later = replace(row, answer_within=5, valid_from=date(2027, 1, 1))
    rows = (replace(row, valid_until=date(2027, 1, 1)), later)
    assert [getattr(terms_on(day, rows=rows), "answer_within", None) for day in (TODAY, UNTIL)] == [10, 5]
    assert terms_on(date(2009, 1, 1)) is None


def test_its_name_follows_from_its_number_and_region() -> None:
    number = UUID("0a1b2c3d-4e5f-6789-abcd-ef0123456789")
    assert name_of(number, "19") == "A-19-0A1B2C3D4E5F"
    assert agreed(id=name_of(number, "19")).id == "A-19-0A1B2C3D4E5F"
