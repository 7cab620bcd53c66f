"""Partners without a service on a running network: made known to a service as its operator does."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from deploy.cli import app
from deploy.network import Network
from shared.contract.vocabulary import Agency, Partner

COLUMNS = "id;kind;name_kk;name_ru;name_en;kato;address"


async def make_known(network: Network, agency: Agency, **partners: Partner) -> None:
    """`qorgau import partners` at an agency's service: id and kind of each."""
    lines = [COLUMNS]
    for partner, kind in partners.items():
        names = (f"{partner} {language}" for language in ("kk", "ru", "en"))
        lines.append(";".join((partner, kind, *names, "196200000", "Абай 1")))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "partners.csv"
        file.write_text("\n".join(lines))
        where = ["--folder", str(network.folder), "--agency", agency.value]
        done = await asyncio.to_thread(CliRunner().invoke, app, ["import", "partners", str(file), *where])
    assert done.exit_code == 0, done.output
