"""The folder of a network that runs on this machine."""

import os
from pathlib import Path
from typing import Annotated

import typer

HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))
Home = Annotated[Path, typer.Option(help="Where keys, data and logs are kept.")]
