"""`qorgau exchange`: how this service stands with the others, and what came that could not be taken in."""

import typer

from deploy.commands.quarantine import app as quarantine

app = typer.Typer(no_args_is_help=True, help=__doc__)
app.add_typer(quarantine, name="quarantine")
