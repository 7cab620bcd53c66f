"""Keys of nodes, and who trusts them: new, rotate, revoke, trust. On the host that enrols, as its owner.

Running nodes see a change within seconds: nothing is started anew. Nodes on other hosts need the new `trust.jws`, and
the node whose keys were made its new keys file first. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from deploy.commands.trust_changes import changing, console, read, refuse, say
from deploy.trust_file import TrustFiles, add_keys, is_node_name, revoke, rotate
from shared.adapters.trust_list import TrustedKey, TrustedNode
from shared.contract.vocabulary import Agency

keys = typer.Typer(no_args_is_help=True, help="Keys of nodes: new, rotate, revoke; and the trust list that names them.")
Folder = Annotated[Path, typer.Option(help="The folder of `qorgau up` or `qorgau init`.")]
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))


@keys.command()
def new(
    node: str,
    agency: Annotated[Agency | None, typer.Option(help="For a node that the list does not know yet.")] = None,
    folder: Folder = HOME,
) -> None:
    """Make keys for a node that has none that are valid: a new one, or one whose keys were all revoked."""
    with changing(folder) as change:
        if node not in change.before.nodes and (agency is None or not is_node_name(node)):
            refuse(f"{node} is not in the trust list: say its agency with --agency; a name is a-z, 0-9 and -")
        known = change.before.nodes.get(node) or TrustedNode(agency=agency or Agency.POLICE)
        if change.before.at(change.at).keys(node, "sign"):
            refuse(f"{node} has a valid signing key; to replace it: qorgau keys rotate {node}")
        fresh = add_keys(change.files, node, at=change.at)
        found = change.publish(node, known.model_copy(update={"keys": (*known.keys, *fresh)}))
    say(f"made {_names(fresh)}; trust list {found.serial} is signed")


@keys.command("rotate")
def rotate_keys(
    node: str,
    overlap_days: Annotated[float, typer.Option(min=0, help="So long the keys before stay valid.")] = 7,
    folder: Folder = HOME,
) -> None:
    """Give a node new keys from now on; the ones before end after the overlap. Nothing is lost meanwhile."""
    with changing(folder) as change:
        known = change.node(node)
        fresh = add_keys(change.files, node, at=change.at)
        overlap = timedelta(days=overlap_days)
        found = change.publish(node, rotate(known, fresh, at=change.at, overlap=overlap))
    say(f"made {_names(fresh)}; the keys before end at {_moment(change.at + overlap)}")
    say(f"trust list {found.serial} is signed")


@keys.command("revoke")
def revoke_key(
    kid: str,
    since: Annotated[datetime | None, typer.Option(help="When it was stolen, if known (UTC).")] = None,
    folder: Folder = HOME,
) -> None:
    """Trust a key no more: what arrives signed by it is refused. Its owner sends again with its next key."""
    with changing(folder) as change:
        key = change.before.by_kid.get(kid)
        if key is None:
            refuse(f"the trust list knows no key {kid}; see: qorgau keys trust")
        at = min(since.replace(tzinfo=UTC), change.at) if since else change.at
        if key.revoked_at is not None and key.revoked_at <= at:
            refuse(f"{kid} was revoked at {_moment(key.revoked_at)} already")
        found = change.publish(key.node, revoke(change.node(key.node), kid, at=at))
    say(f"{kid} is revoked since {_moment(at)}; trust list {found.serial} is signed")
    if not found.at(change.at).keys(key.node, key.use):
        what = "sign nothing" if key.use == "sign" else "be sent nothing"
        say(f"[yellow]{key.node} can {what} until: qorgau keys new or rotate {key.node}[/yellow]")


@keys.command()
def trust(folder: Folder = HOME) -> None:
    """Print who is trusted with which keys. Exits with 1 where the operator did not sign the list."""
    found = read(TrustFiles(folder))
    now = datetime.now(UTC)
    about = f"Trust list {found.serial} of {_moment(found.issued_at)}, signed by the operator"
    table = Table("node", "speaks for", Column("key", no_wrap=True), "from", "until", "state", title=about)
    for name, node in found.nodes.items():
        organisations = sum(spoken.covers(now) for spoken in node.organisations)
        first = (name, f"{organisations}, {node.agency.value}")
        for key in node.keys:
            period = (_moment(key.valid_from), _moment(key.valid_until) if key.valid_until else "")
            table.add_row(*first, key.kid, *period, _state(key, now))
            first = ("", "")
        table.add_section()
    console.print(table)


def _state(key: TrustedKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return f"[red]revoked {_moment(key.revoked_at)}[/red]"
    if key.speaks(now):
        return "[green]valid[/green]"
    return "to come" if now < key.valid_from else "ended"


def _names(fresh: tuple[TrustedKey, ...]) -> str:
    return " and ".join(key.kid for key in fresh)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
