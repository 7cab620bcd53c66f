"""What is told of a plan, or of who came, has no field for anything else."""

from shared.contract.decisions import fields_of
from shared.contract.events import PlanProgressed, ProgrammeAttended
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import Right


def test_of_who_came_there_is_no_field_but_the_day_and_whether() -> None:
    said = {name for name, category in fields_of(ProgrammeAttended).items() if category is not C.ROUTING}
    assert said == {"held_on", "attended"}
    assert set(fields_of(ProgrammeAttended).values()) == {C.ROUTING, C.ATTENDANCE}


def test_of_a_plan_there_is_no_field_but_its_goals_and_its_review() -> None:
    assert set(fields_of(PlanProgressed).values()) == {C.ROUTING, C.NEEDS}
    assert [name for name, category in fields_of(PlanProgressed).items() if category is C.NEEDS] == ["goals"]


def test_no_goal_that_is_told_says_anything_of_health() -> None:
    assert {right.value for right in Right} == {
        "documents",
        "housing",
        "custody",
        "property",
        "benefits",
        "employment",
        "education",
    }
