"""What deploy/compose.yaml mounts: the enrolment, the broker's configuration, a superuser's password.

Compose mounts each file with the host's owner and mode, and the containers run as users of their own. So the folder is
closed to all but its owner, and what containers read in it is open: a container is given single files, not the folder.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from deploy.enrol import Enrolment, enrol
from deploy.nats_config import server, text
from shared.casework.directory.hosted import HostedOrganisation

ON_THE_HOST_ONLY = ("issuer-key", "operator-key")  # make tokens and trust for anybody; no container needs them


def write(
    folder: Path, organisations: Sequence[HostedOrganisation], *, store: Path, tls: Path | None = None
) -> Enrolment:
    """Write what is missing; organisations and nats.conf anew. `store`: the broker's data, as it sees it; so `tls`."""
    for closed in (folder, folder / "secrets"):
        closed.mkdir(parents=True, exist_ok=True)
        closed.chmod(0o700)
    (folder / ".gitignore").write_text("*\n")
    enrolment = enrol(folder, organisations)
    _keep_password(enrolment.secret("postgres", "password"))
    (folder / "nats.conf").write_text(_broker(enrolment, store, tls))
    for file in (*folder.glob("*.j*"), folder / "nats.conf", *(folder / "secrets").iterdir()):
        file.chmod(0o600 if file.name in ON_THE_HOST_ONLY else 0o644)
    return enrolment


def _broker(enrolment: Enrolment, store: Path, tls: Path | None) -> str:
    """All interfaces of the container for clients; health for nobody but the container's own check."""
    single = server(users=enrolment.users(), sites=enrolment.sites(), store=store, listen="0.0.0.0:4222", tls=tls)
    return text({**single, "http": "127.0.0.1:8222", "leafnodes": {"listen": "0.0.0.0:7422"}})


def _keep_password(path: Path) -> None:
    """PostgreSQL's image asks for a superuser's password. Nobody in the network uses it."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
