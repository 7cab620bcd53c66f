"""A request whose JSON can be meant in one way only (RFC 7493, I-JSON): no member twice, and numbers that exist."""

import json
from typing import Any, NoReturn

from fastapi import Request


class PlainRequest(Request):
    """What a route reads its body from."""

    async def json(self) -> Any:
        """The body. Raises json.JSONDecodeError, or ValueError for what Python can't read, such as other than UTF-8."""
        if not hasattr(self, "_json"):
            text = (await self.body()).decode()
            self._json = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
        return self._json


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise json.JSONDecodeError("a member that is there twice", "", 0)
    return found


def _no_number(_: str) -> NoReturn:
    raise json.JSONDecodeError("not a number of JSON", "", 0)
