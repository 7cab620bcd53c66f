"""The JSON Schema of every event: what a reader of this version takes, down to the category of each field.

Draft 2020-12, of the whole CloudEvent (structured mode), each complete in itself. A schema says less than the models:
check digits, and what one field demands of another, are looked at on arrival.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS, Envelope, Payload, cloud_type
from shared.contract.vocabulary import EventType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACE = "https://qorgau.invalid/schemas/"
CATEGORY = "x-data-category"
DEFINED = "#/$defs/"
Schema = dict[str, Any]


class _Untitled(GenerateJsonSchema):
    """Without the titles that only say a field's name again."""

    def field_title_should_be_set(self, schema: core_schema.CoreSchema) -> bool:
        """Never."""
        return False


def file_name(cloud: str) -> str:
    """What the schema of a CloudEvents type is called, as a file and at the end of its `$id`."""
    return f"{cloud}.json"


def schemas() -> dict[str, Schema]:
    """Every schema, by its CloudEvents type."""
    return {cloud_type(event_type): schema_of(event_type) for event_type in EVENTS}


def schema_of(event_type: EventType) -> Schema:
    """The schema of one event, in its envelope. Raises KeyError for a type that has no model."""
    model, cloud = EVENTS[event_type], cloud_type(event_type)
    envelope, payload, content = (_of(one) for one in (Envelope, Payload, model))
    definitions = {**envelope.pop("$defs"), **payload.pop("$defs"), **content.pop("$defs", {})}
    for name, category in fields_of(model).items():
        content["properties"][name][CATEGORY] = category.value
    payload["properties"]["content"] = content
    properties = {**envelope["properties"], "type": {"const": cloud}, "data": payload}
    return {
        "$schema": DIALECT,
        "$id": PLACE + file_name(cloud),
        "title": cloud,
        "description": content["description"],
        "type": "object",
        "properties": properties,
        "required": ["specversion", *envelope["required"]],  # CloudEvents 1.0 asks for it, our own reader does not
        "$defs": {name: definitions[name] for name in sorted(definitions) if name not in ("Event", "Payload")},
    }


def inlined(schema: Schema) -> Schema:
    """The same schema without names: each reference is replaced by what it stands for."""
    found: Schema = _inlined(schema, schema.get("$defs", {}))
    return found


def _inlined(node: Any, definitions: dict[str, Schema]) -> Any:
    if isinstance(node, list):
        return [_inlined(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    said = {name: _inlined(value, definitions) for name, value in node.items() if name not in ("$defs", "$ref")}
    if "$ref" not in node:
        return said
    return {**_inlined(definitions[node["$ref"].removeprefix(DEFINED)], definitions), **said}


def _of(model: Any) -> Schema:
    found: Schema = model.model_json_schema(schema_generator=_Untitled)
    return found
