"""Beds: who has room, and how many places are taken here."""

from typing import Annotated

import typer

from qorgau.client import calls
from qorgau.commands.line import AsJson, Token, Url, asking, show, show_one

app = typer.Typer(help=__doc__, no_args_is_help=True)
BOARD = ("organisation_id", "unit", "kind", "free", "capacity", "age_minutes", "distance_km")
OURS = ("unit", "kind", "free", "occupied", "held", "capacity", "counted_at")
Kind = Annotated[str | None, typer.Option("--for", help="For whom, as women_with_children")]
Near = Annotated[str | None, typer.Option(help="The nearest first to this place, by its KATO code")]


@app.command("list")
def list_(url: Url, token: Token, kind: Kind = None, near: Near = None, *, as_json: AsJson = False) -> None:
    """List who has room."""
    with asking(url, token) as us:
        board = us.each(calls.beds(kind=kind, near=near, limit=200))
        show(board, BOARD, as_json=as_json)


@app.command()
def ours(url: Url, token: Token, *, as_json: AsJson = False) -> None:
    """List our own places."""
    with asking(url, token) as us:
        show(us.do(calls.units())["items"], OURS, as_json=as_json)


@app.command("set")
def set_(
    url: Url,
    token: Token,
    unit: Annotated[str, typer.Argument(help="The name of the unit, as room-1")],
    *,
    kind: Annotated[str, typer.Option("--for", help="For whom, as women_with_children")],
    capacity: Annotated[int, typer.Option(help="How many places there are")],
    occupied: Annotated[int, typer.Option(help="How many of them are taken")],
    new: Annotated[bool, typer.Option("--new", help="A unit that was never counted before")] = False,
    as_json: AsJson = False,
) -> None:
    """Say how many places of a unit are taken, whatever was said before."""
    match = None if new else calls.WHATEVER_IT_WAS
    with asking(url, token) as us:
        counted = us.do(calls.count_beds(unit, kind=kind, capacity=capacity, occupied=occupied, match=match))
        show_one(counted, as_json=as_json)
