"""A region's figures are what its organisations published, added up: at least so many, and who withheld."""

import json

import pytest
from pydantic import ValidationError

from shared.contract.events import PublishedCell, StatisticsPublished
from shared.contract.region import AtLeast, add_up_organisations
from shared.contract.statistics import TOTAL, Shown

ONE: Shown = {("physical",): 7, ("sexual",): None, (TOTAL,): 12}
OTHER: Shown = {("physical",): 9, ("sexual",): None, (TOTAL,): None}
THIRD: Shown = {("physical",): 0, (TOTAL,): 5}


def test_what_everybody_shows_is_the_sum_and_nobody_withholds() -> None:
    assert add_up_organisations([ONE, OTHER, THIRD])[("physical",)] == AtLeast(16, withheld_by=0)


def test_what_somebody_withholds_adds_nothing_and_says_so() -> None:
    summed = add_up_organisations([ONE, OTHER])
    assert summed[(TOTAL,)] == AtLeast(12, withheld_by=1)
    assert summed[("sexual",)] == AtLeast(0, withheld_by=2)


def test_a_cell_that_an_organisation_does_not_have_is_withheld_by_it() -> None:
    assert add_up_organisations([ONE, THIRD])[("sexual",)] == AtLeast(0, withheld_by=2)


def test_nothing_adds_up_to_nothing() -> None:
    assert add_up_organisations([]) == {}


def test_a_sum_depends_on_nothing_but_what_is_shown() -> None:
    """Whatever stood behind a withheld count, the region's figures are the same: they never see it."""
    assert set(PublishedCell.model_fields) == {"codes", "count"}
    assert set(StatisticsPublished.model_fields) == {"month", "published_at", "tables"}


@pytest.mark.parametrize(
    "cell",
    [
        {"codes": [], "count": 1},
        {"codes": ["a", "b", "c"], "count": 1},
        {"codes": ["Ахметова"], "count": 1},
        {"codes": ["two words"], "count": 1},
        {"codes": ["physical"], "count": -1},
        {"codes": ["physical"], "count": "7"},
    ],
)
def test_a_cell_has_codes_and_a_count_and_no_words(cell: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        PublishedCell.model_validate_json(json.dumps(cell))
    assert "Ахметова" not in str(refused.value)
