"""The schema of one agency's database."""

from rich.console import Console

from deploy.commands.settings import settings_or_exit
from deploy.migrations.run import check, upgrade, write
from shared.adapters.database import open_database, owner_url
from shared.adapters.settings import Settings

console = Console()


def _owners_url(settings: Settings) -> str:
    """The database as its owner, or as the service's role where there is no other."""
    return owner_url(settings) or open_database(settings).url.render_as_string(hide_password=False)


def migrate() -> None:
    """Bring this agency's database to the schema of this version."""
    settings = settings_or_exit()
    if owner_url(settings) is None:
        console.print(
            "QORGAU_OWNER_URL and QORGAU_OWNER_PASSWORD_FILE are not set: the service's role owns its tables. The "
            "record of what happened is not protected from whoever has its password.",
            style="yellow",
        )
    role = open_database(settings).url.username or ""
    upgrade(agency=settings.agency, url=_owners_url(settings), role=role)


def migration(lineage: str, message: str) -> None:
    """(For developers) Write the next migration of a lineage from the models."""
    settings = settings_or_exit()
    write(agency=settings.agency, url=_owners_url(settings), lineage=lineage, message=message)


def check_migrations() -> None:
    """Fail where this agency's database and the models differ."""
    settings = settings_or_exit()
    check(agency=settings.agency, url=_owners_url(settings))
