"""Every list that can be read can be taken away as CSV (RFC 4180): the same call with `Accept: text/csv`.

It is the same read, by the same rule and with the same entry in the record; only its form is another. A page of it is
one file; the next page is in the `Link` header (RFC 8288), as a browser's or a script's next call.

What somebody wrote may begin like a formula, and a spreadsheet would run it at whoever opens the file (CWE-1236). Such
a cell gets an apostrophe before it, which a spreadsheet takes for "this is text". That holds after a semicolon, tab or
line break within a cell, too: where the comma is the decimal sign, as it is here, spreadsheets may split there.
"""

import csv
import inspect
import json
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

CSV = "text/csv"
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes Kazakh and Russian letters for others
FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠]|[\t\r])")
CONTENT: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {"schema": {"type": "string"}}}}}


def list_of(endpoint: Callable[..., Any], methods: set[str]) -> type[BaseModel] | None:
    """The model of the list that a call answers with, or None: a list is a GET whose answer has `items`."""
    answer = inspect.signature(endpoint).return_annotation
    is_model = inspect.isclass(answer) and issubclass(answer, BaseModel)
    return answer if is_model and methods == {"GET"} and "items" in answer.model_fields else None


def is_asked_for(request: Request) -> bool:
    """Whether the caller wants CSV."""
    return CSV in request.headers.get("accept", "")


def as_csv(request: Request, answer: Response, model: type[BaseModel]) -> Response:
    """A list's answer in JSON, as CSV."""
    page = json.loads(bytes(answer.body))
    name = [part for part in request.url.path.split("/") if part][-1]
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Vary": "Accept"}
    if page.get("next"):
        headers["Link"] = f'<?{request.url.include_query_params(cursor=page["next"]).query}>; rel="next"'
    return Response(table(page["items"], _fields(model)), media_type=f"{CSV}; charset=utf-8", headers=headers)


def table(items: list[dict[str, Any]], fields: list[str]) -> str:
    """A line per item under a line of names; what has fields itself gets a column for each (`content.needs`)."""
    rows = [_flat(item) for item in items]
    named = list(dict.fromkeys([*fields, *(name for row in rows for name in row)]))
    split = {name.partition(".")[0] for name in named if "." in name}
    columns = sorted((name for name in named if name not in split), key=lambda name: _place(name, fields))
    lines = StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(name) for name in columns])
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return BYTE_ORDER_MARK + lines.getvalue()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return FORMULA.sub(r"\1'", text)


def _fields(model: type[BaseModel]) -> list[str]:
    """The names of an item's fields, in their order, so that an empty list has its line of names, too."""
    (item,) = model.model_fields["items"].annotation.__args__  # type: ignore[union-attr]  # list[Item]
    return list(item.model_fields)


def _place(name: str, fields: list[str]) -> int:
    first = name.partition(".")[0]
    return fields.index(first) if first in fields else len(fields)


def _flat(item: dict[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in item.items():
        flat |= _flat(value, f"{before}{name}.") if isinstance(value, dict) and value else {f"{before}{name}": value}
    return flat


def _cell(value: Any) -> Any:
    """Numbers as they are; codes of a list one after the other; what is deeper, as JSON."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    if isinstance(value, int | float):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return harmless("; ".join(value))
    return harmless(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
