"""A token as the development issuer signs it."""

from typing import Annotated

import typer

from deploy.commands.home import HOME, Home
from deploy.enrol import Enrolment


def token(
    organisation: str,
    role: Annotated[list[str], typer.Option(help="worker, supervisor, bed-counter, statistician")] = ["worker"],  # noqa: B006  # typer's way to say a default
    folder: Home = HOME,
) -> None:
    """Print an access token by the development issuer, for one organisation."""
    typer.echo(Enrolment(folder).token(organisation=organisation, roles=role))
