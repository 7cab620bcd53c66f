"""The exported schemas, by a validator of other people's: they are valid, and take what the nodes write."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS, Event, Payload, cloud_type
from shared.contract.grounds import Grounds, label
from shared.contract.schemas import CATEGORY, file_name, inlined, schema_of, schemas
from shared.contract.vocabulary import DataCategory, EventType
from tests.contract.strategies import any_of, grounds
from tests.contract.test_events import raw, wrap

ALL = schemas()
POSTED = jsonschema_rs.validator_for(schema_of(EventType.MESSAGE_POSTED), validate_formats=True)


@pytest.mark.parametrize("cloud", ALL)
def test_each_is_a_schema_of_draft_2020_12_under_a_name_of_its_own(cloud: str) -> None:
    schema = ALL[cloud]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)
    assert schema["$id"] == f"https://qorgau.invalid/schemas/{cloud}.json"
    assert file_name(cloud) == f"{cloud}.json"


def test_there_is_one_for_every_event() -> None:
    assert list(ALL) == [cloud_type(event_type) for event_type in EVENTS]


@pytest.mark.parametrize("model", EVENTS.values())
def test_whatever_a_node_writes_is_taken(model: type[Event]) -> None:
    reads = jsonschema_rs.validator_for(schema_of(model.type), validate_formats=True)

    @settings(max_examples=25)
    @given(any_of(model), st.none() | grounds)
    def takes(content: Event, on: Grounds | None) -> None:
        handling = label(origin="police-almaty", grounds=on, categories=frozenset(DataCategory)) if on else None
        sent = wrap(content).model_copy(update={"data": Payload(grounds=on, handling=handling, content=content)})
        reads.validate(json.loads(sent.model_dump_json()))

    takes()


def test_it_takes_a_message_as_it_comes_from_elsewhere() -> None:
    assert POSTED.is_valid(raw())
    assert POSTED.is_valid({**raw(), "comment": "of a newer version"})


@pytest.mark.parametrize(
    "wrong",
    [
        raw("kz.qorgau.message.read.v1"),
        raw(body="ж" * 4001),
        raw(body=7),
        raw(at="yesterday"),
        raw(message_id=None),
        {**raw(), "specversion": "0.3"},
        {**raw(), "id": "17"},
        {name: value for name, value in raw().items() if name != "specversion"},
        {name: value for name, value in raw().items() if name != "sender"},
        {**raw(), "data": {}},
        {**raw(), "data": {**raw()["data"], "grounds": {"basis": "curiosity"}}},
    ],
)
def test_it_refuses_what_a_node_would_not_write(wrong: dict[str, Any]) -> None:
    assert not POSTED.is_valid(wrong)


@pytest.mark.parametrize("model", EVENTS.values())
def test_each_field_says_its_category(model: type[Event]) -> None:
    said = schema_of(model.type)["properties"]["data"]["properties"]["content"]["properties"]
    assert {name: field[CATEGORY] for name, field in said.items()} == fields_of(model)


def test_what_events_share_is_the_same_in_each() -> None:
    known: dict[str, Any] = {}
    for schema in ALL.values():
        for name, shared in schema["$defs"].items():
            assert known.setdefault(name, shared) == shared


def test_nothing_is_defined_that_nothing_refers_to_and_inlined_no_reference_is_left() -> None:
    for schema in ALL.values():
        text = json.dumps(schema)
        assert [name for name in schema["$defs"] if f'"#/$defs/{name}"' not in text] == []
        assert "$ref" not in json.dumps(inlined(schema))
