"""Back up and restore the network that `qorgau up` runs in a folder.

A backup has two halves, as `shared/adapters/vault.py` explains: the cases, of which every copy is kept, and the
keyring, of which only the newest is. Cases that are restored beside a newer keyring bring nothing back of whoever was
erased in between. The keys that wrap the keyring are in neither half: whoever holds a backup alone can read nobody.

    <target>/cases/<when>/<agency>.dump, files.tar (keys of nodes, trust list, organisations, passwords), about.json
    <target>/keyring/<agency>.dump
"""

import json
import os
import tarfile
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from deploy.embedded.postgres import Postgres
from deploy.enrol import Enrolment
from deploy.network import rewind_mark
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency

CASES, KEYRING = ("--exclude-schema=keyring",), ("--schema=keyring",)
LEFT_OUT = ("postgres", "nats", "logs")  # beside the wrapping keys: databases are dumped, the broker is no record
WRAPPING = "vault"
Finish = Callable[[Path, Agency], Awaitable[int]]  # erases again whom the keyring knows as erased: how many
MARGIN = timedelta(minutes=10)  # a message that was on its way when the backup began


async def back_up(folder: Path, target: Path, *, keyring_only: bool = False) -> Path:
    """Dump every database of the folder, running or not; where the half lies that was made last.

    Each half of a database is one snapshot; the keyring's is the later one, so it has every key that its cases need.
    Raises StartFailed, OSError.
    """
    keyring, cases = target / "keyring", target / "cases" / _stamp(datetime.now(UTC))
    async with serving(folder) as postgres:
        if not keyring_only:
            await _back_up_cases(postgres, folder, cases)
        _make(keyring)
        for agency in Agency:
            await _dump(postgres, agency, KEYRING, keyring / f"{agency}.dump")
    return keyring if keyring_only else cases


async def _back_up_cases(postgres: Postgres, folder: Path, cases: Path) -> None:
    begun = datetime.now(UTC)
    _make(cases)
    for agency in Agency:
        await _dump(postgres, agency, CASES, cases / f"{agency}.dump")
    _pack(folder, cases)
    (cases / "about.json").write_text(json.dumps({"begun": begun.isoformat()}))


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _pack(folder: Path, cases: Path) -> None:
    """The files of the network, which include the private keys of its nodes: readable by us alone."""
    descriptor = os.open(cases / "files.tar", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        for name in sorted(one.name for one in folder.iterdir() if one.name not in LEFT_OUT):
            tar.add(folder / name, arcname=name, filter=_without_wrapping_keys)


def _without_wrapping_keys(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if entry.name.startswith("secrets/") and entry.name.endswith(f"-{WRAPPING}") else entry


async def restore_all(cases: Path, keyring: Path, folder: Path, *, wrapping_keys: Path, finish: Finish) -> int:
    """All of a backup into a folder that is not there yet. `wrapping_keys`: a folder with each `<agency>-vault`.

    Raises SettingsError where something is missing or in the way, StartFailed, OSError.
    """
    _unpack(cases, keyring, folder, wrapping_keys)
    async with serving(folder) as postgres:
        for agency in Agency:
            await _load(postgres, folder, agency, [cases / f"{agency}.dump", keyring / f"{agency}.dump"])
            _mark(folder, agency, cases)
        return sum([await finish(folder, agency) for agency in Agency])


def _unpack(cases: Path, keyring: Path, folder: Path, wrapping_keys: Path) -> None:
    """The files of the network, with the wrapping keys, where nothing is yet."""
    if (folder.exists() and any(folder.iterdir())) or Postgres(folder).data.exists():
        raise SettingsError(f"{folder} is in use: restore all into a new folder, or one service with --agency")
    secrets = [wrapping_keys / f"{agency}-{WRAPPING}" for agency in Agency]
    _need([cases / "files.tar", *secrets, *(half / f"{a}.dump" for half in (cases, keyring) for a in Agency)])
    _make(folder)
    with tarfile.open(cases / "files.tar") as tar:
        tar.extractall(folder, filter="data")
    for secret in secrets:
        kept = folder / "secrets" / secret.name
        kept.touch(mode=0o600)
        kept.write_bytes(secret.read_bytes())


async def restore_one(cases: Path, folder: Path, agency: Agency, *, finish: Finish) -> int:
    """One service's cases beside the keyring that it has now, in a folder whose network is stopped.

    Raises SettingsError where something is missing or still runs, StartFailed, OSError.
    """
    _need([cases / f"{agency}.dump", folder / "secrets" / f"{agency}-{WRAPPING}"])
    if await _answers(Postgres(folder)):
        raise SettingsError("the network of this folder runs: stop it first")
    async with serving(folder) as postgres:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            keyring = Path(place) / "keyring.dump"
            await _dump(postgres, agency, KEYRING, keyring)
            await postgres.run("dropdb", "--force", _name(agency))
            await _load(postgres, folder, agency, [cases / f"{agency}.dump", keyring])
        _mark(folder, agency, cases)
        return await finish(folder, agency)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Postgres]:
    """The folder's PostgreSQL: as it runs, or started for the purpose."""
    postgres = Postgres(folder)
    if await _answers(postgres):
        yield postgres
        return
    try:
        await postgres.start()
        yield postgres
    finally:
        await postgres.stop()


async def _answers(postgres: Postgres) -> bool:
    try:
        await (await postgres.connect()).close()
    except (OSError, asyncpg.PostgresError):
        return False
    return True


async def _dump(postgres: Postgres, agency: Agency, what: Sequence[str], file: Path) -> None:
    """Whole or not at all: an older dump is replaced when the new one is complete."""
    half = file.with_suffix(".half")
    await postgres.run("pg_dump", "--format=custom", *what, f"--dbname={_name(agency)}", give=half)
    half.replace(file)


async def _load(postgres: Postgres, folder: Path, agency: Agency, dumps: Sequence[Path]) -> None:
    enrolment = Enrolment(folder)
    passwords = (enrolment.secret(agency, f"{whose}-password").read_text().strip() for whose in ("database", "owner"))
    password, owner_password = passwords
    await postgres.ensure_database(name=_name(agency), password=password, owner_password=owner_password)
    for dump in dumps:
        await postgres.run("pg_restore", "--exit-on-error", f"--dbname={_name(agency)}", take=dump)


def _mark(folder: Path, agency: Agency, cases: Path) -> None:
    """At its next start the service hears once more what was sent to it since the backup."""
    begun = datetime.fromisoformat(json.loads((cases / "about.json").read_text())["begun"])
    rewind_mark(folder, agency).write_text((begun - MARGIN).isoformat())


def _need(files: Sequence[Path]) -> None:
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise SettingsError(f"missing: {', '.join(missing)}")


def _name(agency: Agency) -> str:
    return f"qorgau_{agency}"


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H-%M-%SZ")
