"""Bring an agency's database to the schema of this version, or write the next migration of a lineage."""

import os
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import DateTime, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from deploy.migrations.schema import OF_AGENCY
from deploy.migrations.security import secure
from shared.adapters.database import Json, Moment
from shared.contract.vocabulary import Agency

HERE = Path(__file__).parent
ONE_AT_A_TIME = Lock()  # Alembic's context is global to the process


def upgrade(*, agency: Agency, url: str, role: str) -> None:
    """Apply what is missing, then say what the application's `role` may do. `url` is the owner's.

    Runs an event loop of its own: call it from a plain thread.
    """
    with ONE_AT_A_TIME:
        command.upgrade(_config(agency, url), "heads")
    secure(url=url, role=role)


def check(*, agency: Agency, url: str) -> None:
    """Raises alembic.util.CommandError where the tables and the models differ."""
    command.check(_config(agency, url))


async def heads(*, agency: Agency, url: str) -> list[str]:
    """The newest migrations of this version that a database lacks. `url` is its owner's: nobody else sees them."""
    wanted = set(ScriptDirectory.from_config(_config(agency, url)).get_heads())
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            there = set((await connection.execute(text("select version_num from alembic_version"))).scalars())
    finally:
        await engine.dispose()
    return sorted(wanted - there)


def write(*, agency: Agency, url: str, lineage: str, message: str) -> None:
    """Write a migration for one lineage from the difference between models and database."""
    config = _config(agency, url)
    config.attributes["lineage"] = lineage
    config.attributes["render_item"] = _render
    folder = str(HERE / "versions" / lineage)
    first = not any(Path(folder).glob("*.py"))
    where: dict[str, Any] = {"head": "base", "branch_label": lineage} if first else {"head": f"{lineage}@head"}
    rev_id = f"{lineage}_{sum(1 for _ in Path(folder).glob('*.py')) + 1:04d}"
    command.revision(config, message, autogenerate=True, version_path=folder, rev_id=rev_id, splice=first, **where)


def _config(agency: Agency, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s")
    folders = [str(HERE / "versions" / lineage) for lineage in OF_AGENCY[agency]]
    config.set_main_option("version_locations", os.pathsep.join(folders))
    config.attributes.update(agency=agency, url=url)
    return config


def _render(kind: str, item: Any, context: Any) -> str | bool:
    """Migrations name PostgreSQL's types, not our classes, which may change later."""
    if kind == "type" and isinstance(item, Moment):
        return repr(DateTime(timezone=True)).replace("DateTime", "sa.DateTime")
    if kind == "type" and isinstance(item, Json):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql." + repr(postgresql.JSONB()).split("(")[0] + "()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return "sa.String()"
    return False
