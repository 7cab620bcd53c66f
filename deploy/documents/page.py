"""The AsyncAPI document as one page for people: self-contained, without scripts, and nothing is fetched for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from shared.contract.schemas import CATEGORY, Schema

TEMPLATES = Path(__file__).parent
FORMATS = {"date": "a day", "date-time": "a moment", "uuid": "an id (UUID)"}
KINDS = {"object": "several fields", "integer": "a whole number", "boolean": "true or false"}
NO_NUL = r"^[^\x00]*$"  # every text


@dataclass(frozen=True)
class Field:
    """A field as a row of the page. `path` is within the content of the event."""

    path: str
    holds: str
    always: bool
    category: str


@dataclass(frozen=True)
class Told:
    """A message as a section of the page. `form` is a message trait, none of what travels on paper."""

    message: dict[str, Any]
    noun: str
    address: str | None
    form: str | None
    fields: list[Field]
    example: str


def page(document: dict[str, Any]) -> str:
    """The page, as HTML. Everything that it says is escaped, and a name that nobody gave is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = [_told(document, message) for message in document["components"]["messages"].values()]
    nouns = [(tag, [one for one in told if one.noun == tag["name"]]) for tag in document["info"]["tags"]]
    envelope = _envelope(document, told[0].message)
    return environment.get_template("events.html").render(document=document, nouns=nouns, envelope=envelope)


def _envelope(document: dict[str, Any], message: dict[str, Any]) -> list[Field]:
    """What stands around the content of every event, by the message of one."""
    payload = _plain(message["payload"], document["components"]["schemas"])
    fields = _fields(payload, "", "")
    return [one for one in fields if one.path not in ("type", "data") and not one.path.startswith("data.content")]


def _told(document: dict[str, Any], message: dict[str, Any]) -> Told:
    payload = _plain(message["payload"], document["components"]["schemas"])
    traits = [trait["$ref"].rpartition("/")[2] for trait in message.get("traits", [])]
    addresses = [c["address"] for c in document["channels"].values() if message["title"] in c["messages"]]
    return Told(
        message=message,
        noun=message["tags"][0]["name"],
        address=next(iter(addresses), None),
        form=next(iter(traits), None),
        fields=list(_fields(payload["properties"]["data"]["properties"]["content"], "", "")),
        example=json.dumps(message["examples"][0]["payload"], ensure_ascii=False, indent=2),
    )


def _plain(node: Any, schemas: dict[str, Schema]) -> Any:
    """The schema with what its references stand for."""
    if isinstance(node, list):
        return [_plain(one, schemas) for one in node]
    if not isinstance(node, dict):
        return node
    said = {name: _plain(value, schemas) for name, value in node.items() if name not in ("$ref", "allOf")}
    for one in [node, *node.get("allOf", ())]:
        if "$ref" in one:
            said = {**_plain(schemas[one["$ref"].rpartition("/")[2]], schemas), **said}
    return said


def _fields(node: Schema, path: str, category: str) -> Iterator[Field]:
    """Each field, and after it those that it consists of, which are of its category."""
    for name, said in node["properties"].items():
        of = said.get(CATEGORY, category)
        yield Field(f"{path}{name}", _words(said), name in node.get("required", ()), of)
        for one in _alternatives(said):
            inner, each = (one["items"], "[].") if one.get("type") == "array" else (one, ".")
            if "properties" in inner:
                yield from _fields(inner, f"{path}{name}{each}", of)


def _alternatives(node: Schema) -> list[Schema]:
    """What may stand there, but for null, which is how everything is withheld."""
    return [one for one in node.get("anyOf", [node]) if one.get("type") != "null"]


def _words(node: Schema) -> str:
    """What a field holds, for people."""
    return " or ".join(dict.fromkeys(_said(one) for one in _alternatives(node)))


def _said(node: Schema) -> str:
    if "enum" in node:
        return f"one of {', '.join(node['enum'])}"
    if "const" in node:
        return str(node["const"])
    kind = node.get("type")
    if kind == "array":
        return f"a list{_between(node, 'minItems', 'maxItems')}, each {_words(node['items'])}"
    if kind == "string":
        pattern = f", {node['pattern']}" if node.get("pattern", NO_NUL) != NO_NUL else ""
        return FORMATS.get(node.get("format", ""), f"text{_between(node, 'minLength', 'maxLength')}{pattern}")
    return KINDS.get(str(kind), "anything") + _between(node, "minimum", "maximum")


def _between(node: Schema, least: str, most: str) -> str:
    said = [f"at least {node[least]}"] if node.get(least) else []
    said += [f"at most {node[most]}"] if most in node else []
    return f" ({', '.join(said)})" if said else ""
