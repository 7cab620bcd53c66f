"""Keys of nodes, and who trusts them: new, rotate, revoke, trust. On the host that enrols, as its owner.

Running nodes see a change within seconds: nothing is started anew. Nodes on other hosts need the new `trust.jws`, and
the node whose keys were made its new keys file first. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from deploy.trust_file import TrustFiles, add_keys, is_node_name, revoke, rotate
from shared.adapters.trust_list import TrustedKey, TrustedNode, TrustList
from shared.contract.errors import QorgauError
from shared.contract.vocabulary import Agency

keys = typer.Typer(no_args_is_help=True, help="Keys of nodes: new, rotate, revoke; and the trust list that names them.")
console = Console()
Folder = Annotated[Path, typer.Option(help="The folder of `qorgau up` or `qorgau init`.")]
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))


@dataclass(frozen=True)
class Change:
    """The list before a change, and when the change happens."""

    files: TrustFiles
    before: TrustList
    at: datetime

    def node(self, name: str) -> TrustedNode:
        """A node of the list; where there is none, says so and exits with 1."""
        if name not in self.before.nodes:
            _refuse(f"the trust list knows no node {name}; it knows {', '.join(sorted(self.before.nodes))}")
        return self.before.nodes[name]

    def publish(self, name: str, node: TrustedNode) -> TrustList:
        """Sign the list with this node changed."""
        return self.files.publish({**self.before.nodes, name: node}, before=self.before, at=self.at)


@keys.command()
def new(
    node: str,
    agency: Annotated[Agency | None, typer.Option(help="For a node that the list does not know yet.")] = None,
    folder: Folder = HOME,
) -> None:
    """Make keys for a node that has none that are valid: a new one, or one whose keys were all revoked."""
    with _changing(folder) as change:
        if node not in change.before.nodes and (agency is None or not is_node_name(node)):
            _refuse(f"{node} is not in the trust list: say its agency with --agency; a name is a-z, 0-9 and -")
        known = change.before.nodes.get(node) or TrustedNode(agency=agency or Agency.POLICE)
        if change.before.at(change.at).keys(node, "sign"):
            _refuse(f"{node} has a valid signing key; to replace it: qorgau keys rotate {node}")
        fresh = add_keys(change.files, node, at=change.at)
        found = change.publish(node, known.model_copy(update={"keys": (*known.keys, *fresh)}))
    _say(f"made {_names(fresh)}; trust list {found.serial} is signed")


@keys.command("rotate")
def rotate_keys(
    node: str,
    overlap_days: Annotated[float, typer.Option(min=0, help="So long the keys before stay valid.")] = 7,
    folder: Folder = HOME,
) -> None:
    """Give a node new keys from now on; the ones before end after the overlap. Nothing is lost meanwhile."""
    with _changing(folder) as change:
        known = change.node(node)
        fresh = add_keys(change.files, node, at=change.at)
        overlap = timedelta(days=overlap_days)
        found = change.publish(node, rotate(known, fresh, at=change.at, overlap=overlap))
    _say(f"made {_names(fresh)}; the keys before end at {_moment(change.at + overlap)}")
    _say(f"trust list {found.serial} is signed")


@keys.command("revoke")
def revoke_key(
    kid: str,
    since: Annotated[datetime | None, typer.Option(help="When it was stolen, if known (UTC).")] = None,
    folder: Folder = HOME,
) -> None:
    """Trust a key no more: what arrives signed by it is refused. Its owner sends again with its next key."""
    with _changing(folder) as change:
        key = change.before.by_kid.get(kid)
        if key is None:
            _refuse(f"the trust list knows no key {kid}; see: qorgau keys trust")
        at = min(since.replace(tzinfo=UTC), change.at) if since else change.at
        if key.revoked_at is not None and key.revoked_at <= at:
            _refuse(f"{kid} was revoked at {_moment(key.revoked_at)} already")
        found = change.publish(key.node, revoke(change.node(key.node), kid, at=at))
    _say(f"{kid} is revoked since {_moment(at)}; trust list {found.serial} is signed")
    if not found.at(change.at).keys(key.node, key.use):
        what = "sign nothing" if key.use == "sign" else "be sent nothing"
        _say(f"[yellow]{key.node} can {what} until: qorgau keys new or rotate {key.node}[/yellow]")


@keys.command()
def trust(folder: Folder = HOME) -> None:
    """Print who is trusted with which keys. Exits with 1 where the operator did not sign the list."""
    found = _read(TrustFiles(folder))
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


@contextmanager
def _changing(folder: Path) -> Iterator[Change]:
    """The list as it is, for one change at a time. Exits with 1 where it is not the operator's, or can't be signed."""
    files = TrustFiles(folder)
    _read(files)
    if not files.operator_secret.is_file():
        _refuse(f"{files.operator_secret} is not here: only the host that enrols can change trust")
    with files.alone():
        yield Change(files, _read(files), datetime.now(UTC))


def _read(files: TrustFiles) -> TrustList:
    try:
        return files.read()
    except OSError as error:
        _refuse(f"{error.filename} can't be read: is {files.folder} the folder of a network?")
    except (QorgauError, ValueError) as error:
        reason = str(error) if isinstance(error, QorgauError) else "it makes no sense"
        _refuse(f"{files.list} is not to be trusted: {reason}")


def _refuse(reason: str) -> NoReturn:
    console.print(f"[red]{escape(reason)}[/red]", soft_wrap=True, highlight=False)
    raise typer.Exit(1)


def _say(line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False)


def _names(fresh: tuple[TrustedKey, ...]) -> str:
    return " and ".join(key.kid for key in fresh)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
