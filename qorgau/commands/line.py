"""What the commands have in common: whom they ask, how they show it, and how they end."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from qorgau.client import Client, Problem, Unreachable

SAID_NO, NO_ANSWER = 1, 3
Url = Annotated[str, typer.Option(envvar="QORGAU_URL", help="Where the service of your agency is")]
Token = Annotated[str, typer.Option(envvar="QORGAU_TOKEN", help="An access token; better in the environment")]
AsJson = Annotated[bool, typer.Option("--json", help="Print what the service answered")]


@contextmanager
def asking(url: str, token: str) -> Iterator[Client]:
    """A client. What goes wrong is said on standard error, and is the exit code."""
    try:
        with Client(url, token=token) as client:
            yield client
    except Problem as problem:
        _say(str(problem))
        raise typer.Exit(SAID_NO) from None
    except Unreachable as nobody:
        _say(f"{nobody}; it may have been done")
        raise typer.Exit(NO_ANSWER) from None


def show(items: Iterable[Mapping[str, object]], columns: Iterable[str], *, as_json: bool) -> None:
    """A table of some members of each; or all of it."""
    rows = list(items)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    names = list(columns)
    table = Table(*names)
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in names))
    Console().print(table)


def show_one(item: Mapping[str, object], *, as_json: bool) -> None:
    """One thing, a member a line."""
    if as_json:
        typer.echo(json.dumps(item, ensure_ascii=False, indent=1))
        return
    table = Table(show_header=False)
    for name, value in item.items():
        if value not in (None, [], {}):
            table.add_row(name, _cell(value))
    Console().print(table)


def _cell(value: object) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _say(words: str) -> None:
    typer.echo(words, err=True)
