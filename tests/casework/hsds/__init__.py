"""How tests read HSDS, and what its schemas (`NOTE.md`) have against what they read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from jsonschema_rs import Draft202012Validator

from shared.casework.standards.terms import stable_id
from shared.contract.vocabulary import Purpose

Json = dict[str, Any]
SCHEMAS = json.loads((Path(__file__).parent / "schemas.json").read_text())
LISTS = {"services": "service", "organizations": "organization"}


def faults(name: str, answer: Any) -> list[str]:
    """What a schema has against an answer; formats count."""
    schema = {**SCHEMAS, "$ref": f"#/$defs/{name}"}
    return [error.message for error in Draft202012Validator(schema, validate_formats=True).iter_errors(answer)]


async def read(client: httpx.AsyncClient, path: str, **asked: Any) -> Json:
    answer = await client.get(f"/hsds{path}", params=asked)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def every(client: httpx.AsyncClient, what: str, **asked: Any) -> list[Json]:
    """All of a list, page by page."""
    found: list[Json] = []
    page: Json = {"last_page": False, "page_number": 0}
    while not page["last_page"]:
        page = await read(client, f"/{what}", page=page["page_number"] + 1, per_page=200, **asked)
        assert faults("page", page) == []
        found += page["contents"]
    assert len(found) == page["total_items"]
    return found


async def organisation(client: httpx.AsyncClient, name: str, **asked: Any) -> Json:
    return await read(client, f"/organizations/{stable_id('organization', name)}", **asked)


async def offer(client: httpx.AsyncClient, name: str, purpose: Purpose, **asked: Any) -> Json:
    return await read(client, f"/services/{stable_id('service', name, purpose)}", **asked)


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that has no parts, with its key."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, key)
    else:
        yield key, value


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(name for part in value.values() for name in keys(part))}
    return {name for part in value for name in keys(part)} if isinstance(value, list) else set()


async def directory_of(reader: httpx.AsyncClient) -> dict[str, Json]:
    return {one["id"]: one for one in (await reader.get("/organisations")).json()["items"]}
