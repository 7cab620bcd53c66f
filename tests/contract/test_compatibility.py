"""What is a new version of the contract and what is not; and that today's events are none."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from shared.contract.compatibility import changes
from shared.contract.schemas import Schema, schema_of, schemas
from shared.contract.vocabulary import EventType
from tests.contract import released

NOW_CANT = "this version can't read what the one before sends"
THEN_CANT = "the version before can't read what this one sends"
NEITHER = "the two versions read it differently"
Edit = Callable[[dict[str, Any]], object]


def fields(schema: Schema) -> dict[str, Any]:
    """Those of the content."""
    found: dict[str, Any] = schema["properties"]["data"]["properties"]["content"]["properties"]
    return found


def required(schema: Schema) -> list[str]:
    found: list[str] = schema["properties"]["data"]["properties"]["content"]["required"]
    return found


def text_of(schema: Schema, name: str) -> dict[str, Any]:
    """The schema of a text that may be withheld."""
    found: dict[str, Any] = fields(schema)[name]["anyOf"][0]
    return found


def require_new(schema: Schema) -> None:
    fields(schema)["mood"] = {"type": "string"}
    required(schema).append("mood")


def told(edit: Edit, of: EventType = EventType.REFERRAL_REQUESTED) -> list[str]:
    """What is said of one event when its schema was changed like this."""
    edited = copy.deepcopy(schema_of(of))
    edit(edited)
    return [str(change) for change in changes({"event": schema_of(of)}, {"event": edited})]


def test_todays_events_are_no_new_version_of_those_released_last() -> None:
    assert "\n".join(map(str, changes(released.read(), schemas()))) == ""


def test_what_was_released_is_read_as_it_was_written() -> None:
    assert released.read().keys() <= schemas().keys()
    assert all(schema["$id"].endswith(f"/{cloud}.json") for cloud, schema in released.read().items())


def test_a_new_event_is_no_new_version() -> None:
    before = {cloud: schema for cloud, schema in schemas().items() if "beds" not in cloud}
    assert changes(before, schemas()) == ()


def test_an_event_that_is_gone_is_named() -> None:
    now = {cloud: schema for cloud, schema in schemas().items() if "beds" not in cloud}
    assert list(map(str, changes(schemas(), now))) == [f"kz.qorgau.beds.counted.v1: it is gone, and {NOW_CANT}"]


OPTIONAL = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}


@pytest.mark.parametrize(
    "edit",
    [
        lambda schema: fields(schema).update(mood=OPTIONAL),
        lambda schema: fields(schema).update(mood={"type": "boolean", "default": False}),
        lambda schema: schema["$defs"]["Household"]["properties"].update(pets={"type": "integer", "default": 0}),
        lambda schema: schema["properties"].update(dataschema=OPTIONAL),
        lambda schema: schema["$defs"]["Grounds"]["properties"].update(note=OPTIONAL),
        lambda schema: schema["properties"]["data"]["properties"].update(footnote=OPTIONAL),
        lambda schema: schema.update(description="said in other words", title="another"),
        lambda schema: fields(schema)["purpose"].update(examples=["lodging"]),
        lambda schema: required(schema).reverse(),
    ],
)
def test_a_field_that_may_be_left_out_and_other_words_are_no_new_version(edit: Edit) -> None:
    assert told(edit) == []


def test_a_shape_under_another_name_is_the_same_shape() -> None:
    def rename(schema: Schema) -> None:
        schema["$defs"]["People"] = schema["$defs"].pop("Household")
        text_of(schema, "household")["$ref"] = "#/$defs/People"

    assert told(rename) == []


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        pytest.param(
            lambda schema: fields(schema).pop("hold"),
            "data.content.hold is gone: what the version before says there is lost",
            id="a field is gone",
        ),
        pytest.param(
            require_new,
            f"data.content.mood is new, and can't be left out: {NOW_CANT}",
            id="a new field is required",
        ),
        pytest.param(
            lambda schema: required(schema).append("urgency"),
            f"data.content.urgency can't be left out any more: {NOW_CANT}",
            id="a field is required now",
        ),
        pytest.param(
            lambda schema: required(schema).remove("purpose"),
            f"data.content.purpose can be left out now: {THEN_CANT}",
            id="a field may be left out now",
        ),
        pytest.param(
            lambda schema: schema["$defs"]["BedKind"]["enum"].remove("women_with_children"),
            f"data.content.hold has no code 'women_with_children' any more: {NOW_CANT}",
            id="a code is gone",
        ),
        pytest.param(
            lambda schema: schema["$defs"]["BedKind"]["enum"].append("families"),
            f"data.content.hold has a new code 'families': {THEN_CANT}",
            id="a code is new",
        ),
        pytest.param(
            lambda schema: schema["$defs"]["BedKind"].pop("enum"),
            f"data.content.hold is no code any more: {THEN_CANT}",
            id="any text instead of codes",
        ),
        pytest.param(
            lambda schema: text_of(schema, "phone").update(enum=["112"]),
            f"data.content.phone is a code now: {NOW_CANT}",
            id="codes instead of any text",
        ),
        pytest.param(
            lambda schema: text_of(schema, "phone").update(maxLength=20),
            f"data.content.phone has maxLength 20 and had 200: {NOW_CANT}",
            id="a shorter text",
        ),
        pytest.param(
            lambda schema: text_of(schema, "phone").pop("maxLength"),
            f"data.content.phone has maxLength none and had 200: {THEN_CANT}",
            id="a longer text",
        ),
        pytest.param(
            lambda schema: text_of(schema, "phone").update(minLength=3),
            f"data.content.phone has minLength 3 and had none: {NOW_CANT}",
            id="a text that may not be short",
        ),
        pytest.param(
            lambda schema: schema["$defs"]["Household"]["properties"]["adults"].update(minimum=-1),
            f"data.content.household.adults has minimum -1 and had 0: {THEN_CANT}",
            id="a smaller number",
        ),
        pytest.param(
            lambda schema: text_of(schema, "phone").update(pattern=r"^\+7"),
            f"data.content.phone has another pattern: {NEITHER}",
            id="another pattern",
        ),
        pytest.param(
            lambda schema: text_of(schema, "needs").update(uniqueItems=True),
            f"data.content.needs has another uniqueItems: {NEITHER}",
            id="a rule that there was not",
        ),
        pytest.param(
            lambda schema: text_of(schema, "needs").update(items={"type": "integer"}),
            [
                f"data.content.needs[] can't be string any more: {NOW_CANT}",
                f"data.content.needs[] can be integer now: {THEN_CANT}",
            ],
            id="a list of something else",
        ),
        pytest.param(
            lambda schema: text_of(schema, "birth_date").update(format="date-time"),
            [
                f"data.content.birth_date can't be string (date) any more: {NOW_CANT}",
                f"data.content.birth_date can be string (date-time) now: {THEN_CANT}",
            ],
            id="a moment instead of a day",
        ),
        pytest.param(
            lambda schema: fields(schema)["phone"]["anyOf"].pop(),
            f"data.content.phone can't be null any more: {NOW_CANT}",
            id="what can't be withheld any more",
        ),
        pytest.param(
            lambda schema: fields(schema)["phone"]["anyOf"].append({"type": "string", "maxLength": 9}),
            f"data.content.phone is string in other ways: {NEITHER}",
            id="another way to write a text",
        ),
        pytest.param(
            lambda schema: fields(schema)["phone"].update({"x-data-category": "routing"}),
            f"data.content.phone has another category: {NEITHER}",
            id="another category",
        ),
        pytest.param(
            lambda schema: fields(schema)["phone"].update(default="112"),
            f"data.content.phone has another meaning where it is left out: {NEITHER}",
            id="another default",
        ),
        pytest.param(
            lambda schema: schema["properties"].pop("sender"),
            "sender is gone: what the version before says there is lost",
            id="the envelope",
        ),
        pytest.param(
            lambda schema: schema["$defs"]["CourtDecision"]["properties"].update(judge=OPTIONAL),
            f"data.grounds.court.judge is new where nothing else may stand: {THEN_CANT}",
            id="a new field of what is closed",
        ),
        pytest.param(
            lambda schema: schema["$defs"]["CourtDecision"].pop("additionalProperties"),
            f"data.grounds.court has another additionalProperties: {NEITHER}",
            id="what was closed is open",
        ),
    ],
)
def test_anything_else_is_told_by_event_and_field_and_for_whom(edit: Edit, said: str | list[str]) -> None:
    assert told(edit) == [f"event: {one}" for one in ([said] if isinstance(said, str) else said)]


def test_a_wider_code_is_told_at_every_place_where_it_may_stand() -> None:
    said = told(lambda schema: schema["$defs"]["Purpose"]["enum"].append("curiosity"))
    assert [one.split()[1] for one in said] == [
        "data.grounds.purpose",
        "data.grounds.consent.purposes[]",
        "data.handling.purpose",
        "data.content.purpose",
    ]
