"""A real NATS server with JetStream from a PyPI wheel, on loopback, with one NKEY user per node."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

from deploy.embedded.processes import Child, StartFailed
from deploy.nats_config import server, text

START_SECONDS = 20


class NatsServer:
    """One server. Its port is chosen at the first start and kept, so that clients find it again."""

    def __init__(self, folder: Path, *, users: dict[str, str], port: int = -1) -> None:
        self.folder, self.users, self.port = folder, users, port
        self.store = folder / "jetstream"
        self.child = Child("nats-server", log=folder.parent / "logs" / "nats-server.log")

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start and wait until it listens. Raises StartFailed."""
        ports, config = self._prepare()
        await self.child.start([str(binary()), "--config", str(config), "--ports_file_dir", str(ports)])
        self.port = await self._wait(ports)

    async def stop(self) -> None:
        """Ask it to end."""
        await self.child.stop()

    async def kill(self, *, wipe: bool = False) -> None:
        """A power cut; with `wipe`, the disk is gone too."""
        await self.child.kill()
        if wipe:
            shutil.rmtree(self.store, ignore_errors=True)

    def _prepare(self) -> tuple[Path, Path]:
        """The folder in which the server says its port, and its configuration."""
        ports, config = self.folder / "ports", self.folder / "nats.conf"
        shutil.rmtree(ports, ignore_errors=True)
        ports.mkdir(parents=True)
        config.write_text(text(server(users=self.users, store=self.store, listen=f"127.0.0.1:{self.port}")))
        return ports, config

    async def _wait(self, ports: Path) -> int:
        for _ in range(START_SECONDS * 50):
            self.child.check()
            port = read_port(ports)
            if port is not None:
                return port
            await asyncio.sleep(0.02)
        raise StartFailed(f"nats-server does not listen; see {self.child.log}")


def read_port(ports: Path) -> int | None:
    """The port that a server wrote into this folder when it began to listen, or None."""
    for file in ports.glob("*.ports"):
        text = file.read_text()
        if text.strip().endswith("}"):
            return int(json.loads(text)["nats"][0].rsplit(":", 1)[1])
    return None


def binary() -> Path:
    """The wheel's server, or the one on the path. Raises StartFailed."""
    beside = Path(sys.executable).parent / "nats-server"
    found = beside if beside.exists() else shutil.which("nats-server")
    if not found:
        raise StartFailed("the embedded NATS server is not installed: pip install 'qorgau[embedded]'")
    return Path(found)
