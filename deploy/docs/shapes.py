"""JSON schemas as tables: what OpenAPI and the events say of their fields (JSON Schema 2020-12, as pydantic does)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deploy.docs.writing import codes, paragraphs, plain, table

Schema = Mapping[str, Any]
ANY_TEXT = r"^[^\x00]*$"  # all but a NUL, which PostgreSQL keeps in no text
LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "pattern": "matches `{}`",
}


def name_of(reference: str) -> str:
    """The name of a schema that a `$ref` points at."""
    return reference.rsplit("/", 1)[1]


def anchor(name: str) -> str:
    """Where the page describes the schema of this name."""
    return f"shape-{name.lower()}"


def kind(schema: Schema) -> str:
    """What a value is, in a word or two; other shapes are links within the page."""
    if "$ref" in schema:
        name = name_of(schema["$ref"])
        return f"[{plain(name)}](#{anchor(name)})"
    if "const" in schema:
        return codes([schema["const"]])
    if "enum" in schema:
        return codes(schema["enum"])
    several = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if several:
        return " or ".join(dict.fromkeys(kind(one) for one in several))
    return _simple(schema)


def _simple(schema: Schema) -> str:
    named = str(schema.get("format") or schema.get("type") or "anything")
    if named == "array":
        return f"list of {kind(schema.get('items') or {})}"
    if named == "object" and isinstance(values := schema.get("additionalProperties"), dict):
        return f"object of {kind(values)}"
    return {"null": "null", "string": "text", "date-time": "time", "integer": "whole number"}.get(named, named)


def about(schema: Schema) -> str:
    """Its description, limits and default."""
    said = [plain(schema["description"])] if schema.get("description") else []
    within = [schema, *(one for one in schema.get("anyOf", ()) if one.get("type") != "null")]
    said += [
        text.format(one[key]) for one in within for key, text in LIMITS.items() if one.get(key, ANY_TEXT) != ANY_TEXT
    ]
    if schema.get("default") is not None:
        said.append(f"default `{schema['default']}`")
    return "; ".join(said)


def fields(schema: Schema) -> str:
    """The table of an object's fields, or what else a schema is."""
    if "properties" not in schema:
        return f"One of {kind(schema)}." if "enum" in schema else f"{kind(schema)}. {about(schema)}".strip()
    needed = set(schema.get("required", ()))
    rows = [
        (f"`{name}`", kind(one), "yes" if name in needed else "", about(one))
        for name, one in schema["properties"].items()
    ]
    return table(("field", "is", "needed", "about"), rows) or "No fields."


def section(name: str, schema: Schema) -> str:
    """The section of one schema."""
    return "\n\n".join(
        [f"### {plain(name)} {{ #{anchor(name)} }}", paragraphs(schema.get("description")), fields(schema)]
    )


def references(value: object) -> Iterator[str]:
    """The names of all schemas that a part of a document points at."""
    if isinstance(value, Mapping):
        if isinstance(reference := value.get("$ref"), str):
            yield name_of(reference)
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def reached(from_: Iterable[str], schemas: Mapping[str, Schema]) -> list[str]:
    """Those names, and what their schemas point at in turn, in order."""
    found: set[str] = set()
    waiting = [*from_]
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in found:
            found.add(name)
            waiting += references(schemas[name])
    return sorted(found)
