"""One agency's service."""

import gc
from importlib import import_module
from typing import Annotated

import typer

from deploy import serving
from deploy.commands.settings import settings_or_exit
from shared.contract.vocabulary import Agency


def serve(
    agency: Agency,
    fd: Annotated[int | None, typer.Option(help="A listening socket to use instead of host and port.")] = None,
) -> None:
    """Run one agency's service with the settings in the environment (QORGAU_…)."""
    settings = settings_or_exit()
    gc.disable()  # what a service is made of stays: to look through it for garbage is a fifth of its start
    application = import_module(f"services.{agency.value}.app").create_app(settings)
    serving.prepare(application)
    gc.freeze()
    gc.enable()
    serving.serve(application, settings, fd=fd)
