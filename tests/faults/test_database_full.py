"""The disk under PostgreSQL is full: the caller is told with 507, nothing is half done, and room is all it needs.

As root the whole server lies on a small file system of its own (a tmpfs), which the test fills to the last byte. Where
nothing may be mounted, the table's file is `/dev/full`: then it is the kernel, too, who says that there is no room, but
only for that table.
"""

import contextlib
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.faults.test_database_fails import POLICE, SOMEONE, rows
from tests.network import organisations
from tests.workbench import bench

SIZE = "256m"
END_OTHERS = (
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)
AT_MOST = 400  # persons that may still find room in pages that the table has already


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of its own in the place of a folder, if this machine lets us."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  # of ours
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607  # as above


@dataclass
class Disk:
    """Where a PostgreSQL lies, and whether that is a file system of its own."""

    network: Network
    is_small: bool

    def full(self, database: str) -> AbstractAsyncContextManager[None]:
        """No room at all, and then again all there was."""
        return self._filled() if self.is_small else self._without_room_for_persons(database)

    @asynccontextmanager
    async def _filled(self) -> AsyncIterator[None]:
        connection = await self.network.postgres.connect()
        await connection.execute("select pg_switch_wal()")
        await connection.execute("create table begins_the_next_file_of_the_log ()")
        await connection.close()
        ballast = self.network.postgres.folder / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass
        assert shutil.disk_usage(ballast).free == 0
        yield
        ballast.unlink()

    @asynccontextmanager
    async def _without_room_for_persons(self, database: str) -> AsyncIterator[None]:
        connection = await self.network.postgres.connect(database)
        table = self.network.postgres.data / await connection.fetchval("select pg_relation_filepath('persons')")
        aside = table.rename(table.with_suffix(".aside"))
        table.symlink_to("/dev/full")
        await connection.execute(END_OTHERS)  # who has the file open goes on writing to it
        yield
        table.unlink()
        aside.rename(table)
        await connection.execute(END_OTHERS)
        await connection.close()


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[Disk]:
    """A PostgreSQL alone, without broker and services, on as small a disk as we may have."""
    network = Network(tmp_path, organisations())
    network.sockets[Agency.POLICE] = socket.create_server(("127.0.0.1", 0))
    with small_disk(network.postgres.folder) as is_small:
        await network.postgres.start()
        try:
            yield Disk(network, is_small)
        finally:
            await network.stop()
            network.remove()


async def record(officer: httpx.AsyncClient) -> httpx.Response:
    return await officer.post("/persons", json=SOMEONE)


async def test_a_disk_without_room_is_said_to_the_caller_and_room_is_all_that_is_needed(disk: Disk) -> None:
    async with bench(disk.network, Agency.POLICE) as police, police.client(POLICE) as officer:
        assert (await record(officer)).status_code == 201  # as it served before: the first call of all writes caches
        recorded = 1
        async with disk.full(str(police.database.url.database)):
            answer = await record(officer)
            while answer.status_code == 201 and recorded <= AT_MOST:
                recorded, answer = recorded + 1, await record(officer)
            assert (answer.status_code, answer.json()["title"]) == (507, "storage full")
            assert (await officer.get("/deadlines")).status_code == 200, "what needs no room is answered"
        kept = await rows(police)
        assert kept == (recorded, kept[1])
        assert (await record(officer)).status_code == 201
        assert (await rows(police))[0] == recorded + 1
