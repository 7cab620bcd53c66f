"""The development issuer."""

from typing import Annotated

import typer
import uvicorn

from deploy.commands.home import Home
from deploy.enrol import Enrolment
from deploy.issuer import create_issuer


def issuer(folder: Home, fd: Annotated[int, typer.Option(help="A listening socket.")]) -> None:
    """Run the development issuer, where anybody can be anybody: for one machine, never with real cases."""
    uvicorn.run(create_issuer(Enrolment(folder)), fd=fd, access_log=False, log_config=None)
