"""Rows of a CSV file as people save it from a spreadsheet, checked as the API checks what it is sent.

UTF-8, with a byte order mark or without; separated by commas, or by semicolons as Excel writes where the comma is for
decimals. The first line names the columns. Lists lie in one cell, separated by spaces. An empty cell says nothing, and
an empty line is none. What is wrong is told by line and column, and never by what was written there.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

MOST_BYTES, MOST_ROWS = 2_000_000, 10_000
Cells = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where. `column` is empty where it is the whole line."""

    line: int
    column: str
    why: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.why}"


@dataclass(frozen=True)
class Row:
    """The cells of a line that say something, by column."""

    line: int
    cells: Cells


def rows(raw: bytes, *, columns: frozenset[str], needed: frozenset[str]) -> tuple[list[Row], list[Fault]]:
    """The rows of a file, or what is wrong with it as a whole."""
    if len(raw) > MOST_BYTES:
        return [], [Fault(1, "", f"the file is larger than {MOST_BYTES} bytes")]
    try:
        text = raw.decode("utf-8-sig")
        lines = list(_lines(text))
    except UnicodeDecodeError:
        return [], [Fault(1, "", "not UTF-8: save it as 'CSV UTF-8'")]
    except csv.Error:
        return [], [Fault(1, "", "not CSV: a quotation mark that does not end")]
    head = [name.strip() for name in lines[0][1]] if lines else []
    faults = [*_head(head, columns=columns, needed=needed)]
    if len(lines) > MOST_ROWS + 1:
        faults.append(Fault(lines[MOST_ROWS + 1][0], "", f"more than {MOST_ROWS} rows"))
    if faults:
        return [], faults
    found = [_row(line, head, cells) for line, cells in lines[1:] if any(cell.strip() for cell in cells)]
    return [one for one in found if isinstance(one, Row)], [one for one in found if isinstance(one, Fault)]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins on."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _head(head: list[str], *, columns: frozenset[str], needed: frozenset[str]) -> Iterator[Fault]:
    if not set(head) <= columns or len(set(head)) != len(head):
        yield Fault(1, "", f"the columns are {', '.join(sorted(columns))}, each once at most")
    for name in sorted(needed - set(head)):
        yield Fault(1, name, "the column is missing")


def _row(line: int, head: list[str], cells: list[str]) -> Row | Fault:
    if any(cell.strip() for cell in cells[len(head) :]):
        return Fault(line, "", f"more cells than the {len(head)} columns")
    pairs = ((name, cell.strip()) for name, cell in zip(head, cells, strict=False))
    return Row(line, {name: cell for name, cell in pairs if cell})


def values(cells: Mapping[str, str], *, lists: frozenset[str], numbers: frozenset[str]) -> dict[str, Any]:
    """Cells as the API would be sent them: lists, numbers, text."""
    found: dict[str, Any] = dict(cells)
    found |= {name: cell.split() for name, cell in cells.items() if name in lists}
    whole = {name: cell for name, cell in cells.items() if name in numbers}
    return found | {name: int(cell) for name, cell in whole.items() if re.fullmatch(r"[0-9]{1,9}", cell)}


def checked(model: type[BaseModel], row: Row, said: Mapping[str, Any]) -> tuple[BaseModel | None, list[Fault]]:
    """The model, or what is wrong by column."""
    try:
        return model.model_validate(said), []
    except ValidationError as error:
        told = error.errors(include_input=False, include_url=False, include_context=False)
        return None, [Fault(row.line, str(one["loc"][0]) if one["loc"] else "", one["msg"]) for one in told]
