"""`qorgau export`: what the services tell each other, in the forms that other people's tools read."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.documents.asyncapi import document
from deploy.documents.page import page
from shared.contract.calendar import start_of
from shared.contract.compatibility import changes
from shared.contract.schemas import PLACE, Schema, file_name, schemas

app = typer.Typer(no_args_is_help=True, help=__doc__)
Folder = Annotated[Path, typer.Argument(file_okay=False, help="A folder with a file for each event.")]


def _day(text: str) -> date:
    return date.fromisoformat(text)


@app.command()
def asyncapi(
    *,
    html: Annotated[
        Path | None, typer.Option(dir_okay=False, metavar="FILE", help="Write a page for people there instead.")
    ] = None,
    on: Annotated[
        date | None, typer.Option(parser=_day, metavar="DATE", help="By the policy of that day; today's if not said.")
    ] = None,
) -> None:
    """Print the AsyncAPI 3.0 document of the exchange (JSON): subjects, messages, their schemas, who may tell whom."""
    made = document(start_of(on) if on else datetime.now(UTC))
    if html is None:
        typer.echo(_text(made))
    else:
        html.write_text(page(made), encoding="utf-8")
        typer.echo(f"wrote {html}")


@app.command("schemas")
def write_schemas(folder: Folder) -> None:
    """Write the JSON Schema (draft 2020-12) of each event into a folder: kz.qorgau.<event>.v1.json."""
    folder.mkdir(parents=True, exist_ok=True)
    made = schemas()
    for cloud, schema in made.items():
        (folder / file_name(cloud)).write_text(_text(schema) + "\n", encoding="utf-8")
    typer.echo(f"wrote {len(made)} schemas into {folder}")


@app.command()
def compare(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="What `schemas` of another version wrote.")
    ],
) -> None:
    """Say whether nodes of an earlier version can run beside this one. Exits with 1 and each reason if not."""
    before = {path.name.removesuffix(".json"): _read(path) for path in sorted(folder.glob(file_name("kz.qorgau.*")))}
    if not before:
        raise typer.BadParameter("there are no schemas of events in that folder")
    found = changes(before, schemas())
    for change in found:
        typer.echo(str(change))
    if found:
        raise typer.Exit(1)
    typer.echo(f"of {len(before)} of {len(schemas())} events: nothing that needs another version")


def _read(path: Path) -> Schema:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise typer.BadParameter(f"{path.name} is not JSON") from None
    if not isinstance(found, dict) or found.get("$id") != PLACE + path.name:
        raise typer.BadParameter(f"{path.name} is not what `qorgau export schemas` wrote")
    return found


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
