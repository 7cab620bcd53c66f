"""What commands that change the trust list share: the list as it is, one change at a time, and how they say no."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from deploy.trust_file import TrustFiles
from shared.adapters.trust_list import TrustedNode, TrustList
from shared.contract.agreement import Agreement
from shared.contract.errors import QorgauError

console = Console()


@dataclass(frozen=True)
class Change:
    """The list before a change, and when the change happens."""

    files: TrustFiles
    before: TrustList
    at: datetime

    def node(self, name: str) -> TrustedNode:
        """A node of the list; where there is none, says so and exits with 1."""
        if name not in self.before.nodes:
            refuse(f"the trust list knows no node {name}; it knows {', '.join(sorted(self.before.nodes))}")
        return self.before.nodes[name]

    def publish(self, name: str, node: TrustedNode) -> TrustList:
        """Sign the list with this node changed."""
        return self.files.publish({**self.before.nodes, name: node}, before=self.before, at=self.at)

    def agree(self, agreements: tuple[Agreement, ...], *, versions: dict[str, int] | None = None) -> TrustList:
        """Sign the list with these agreements, and no others. `versions`: of those that their parties concluded."""
        agreed = {"agreements": agreements, "versions": versions}
        return self.files.publish(self.before.nodes, before=self.before, at=self.at, **agreed)  # type: ignore[arg-type]  # a literal


@contextmanager
def changing(folder: Path) -> Iterator[Change]:
    """The list as it is, for one change at a time. Exits with 1 where it is not the operator's, or can't be signed."""
    files = TrustFiles(folder)
    read(files)
    if not files.operator_secret.is_file():
        refuse(f"{files.operator_secret} is not here: only the host that enrols can change trust")
    with files.alone():
        yield Change(files, read(files), datetime.now(UTC))


def read(files: TrustFiles) -> TrustList:
    """The list. Exits with 1 where it can't be read, or the operator did not sign it."""
    try:
        return files.read()
    except OSError as error:
        refuse(f"{error.filename} can't be read: is {files.folder} the folder of a network?")
    except (QorgauError, ValueError) as error:
        reason = str(error) if isinstance(error, QorgauError) else "it makes no sense"
        refuse(f"{files.list} is not to be trusted: {reason}")


def refuse(reason: str) -> NoReturn:
    """Say why not, and exit with 1."""
    console.print(f"[red]{escape(reason)}[/red]", soft_wrap=True, highlight=False)
    raise typer.Exit(1)


def say(line: str) -> None:
    """One line."""
    console.print(line, soft_wrap=True, highlight=False)
