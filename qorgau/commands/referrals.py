"""Referrals: what came and what went, and what is done about them."""

from typing import Annotated

import typer

from qorgau.client import Call, calls
from qorgau.client.shapes import ReferralDetails
from qorgau.commands.line import AsJson, Token, Url, asking, show, show_one

app = typer.Typer(help=__doc__, no_args_is_help=True)
COLUMNS = ("id", "state", "purpose", "counterpart_id", "created_at")
Id = Annotated[str, typer.Argument(help="The referral's id")]
Reason = Annotated[str, typer.Option(help="Why, by a code, as no_room")]


@app.command("list")
def list_(url: Url, token: Token, box: str = "incoming", state: str | None = None, *, as_json: AsJson = False) -> None:
    """List a box, incoming or outgoing, newest first."""
    with asking(url, token) as us:
        found = us.each(calls.referrals(box, state=state))
        show(found, COLUMNS, as_json=as_json)


@app.command("show")
def show_(url: Url, token: Token, referral: Id, *, as_json: AsJson = False) -> None:
    """Show one with its history, and what can be done now."""
    _do(url, token, calls.referral(referral), as_json=as_json)


@app.command()
def accept(url: Url, token: Token, referral: Id, *, as_json: AsJson = False) -> None:
    """Take it."""
    _do(url, token, calls.accept(referral), as_json=as_json)


@app.command()
def decline(url: Url, token: Token, referral: Id, reason: Reason, *, as_json: AsJson = False) -> None:
    """Say that it can't be taken."""
    _do(url, token, calls.decline(referral, reason), as_json=as_json)


@app.command()
def start(url: Url, token: Token, referral: Id, *, as_json: AsJson = False) -> None:
    """Say that the person is here."""
    _do(url, token, calls.start(referral), as_json=as_json)


@app.command()
def complete(
    url: Url,
    token: Token,
    referral: Id,
    failed: Annotated[str | None, typer.Option(help="Why it failed, by a code, as did_not_arrive")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say that it is done, or that it failed."""
    _do(url, token, calls.complete(referral, failed=failed), as_json=as_json)


@app.command()
def cancel(url: Url, token: Token, referral: Id, reason: Reason, *, as_json: AsJson = False) -> None:
    """Take back what was sent."""
    _do(url, token, calls.cancel(referral, reason), as_json=as_json)


def _do(url: str, token: str, call: Call[ReferralDetails], *, as_json: bool) -> None:
    with asking(url, token) as us:
        now = us.do(call)
        show_one(now, as_json=as_json)
