"""NATS servers as processes: three in a cluster, a hub with a leaf, on free ports of loopback."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import nats
import nkeys
from nats.aio.client import Client

from deploy.embedded.nats import binary
from deploy.embedded.processes import Child
from deploy.nats_config import Member, clustered, server, text
from shared.adapters.jetstream import Broker

NODES = ["police", "shelter"]
SUBJECT = "qorgau.directed.police.shelter"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, found together so that they differ."""
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listening.getsockname()[1] for listening in found]


class Keys:
    """Seeds in files, and the public keys of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("provisioner", *NODES, "site"):
            self.file(name).write_bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.seed"

    def public(self, name: str) -> str:
        return str(nkeys.from_seed(self.file(name).read_bytes()).public_key.decode())

    def users(self, *names: str) -> dict[str, str]:
        return {name: self.public(name) for name in names or ("provisioner", *NODES)}


class Server:
    """One process with its configuration."""

    def __init__(self, folder: Path, name: str, configuration: dict[str, Any], *, port: int, monitor: int) -> None:
        self.url, self.monitor = f"nats://127.0.0.1:{port}", f"127.0.0.1:{monitor}"
        self.config = folder / f"{name}.conf"
        self.config.write_text(text({**configuration, "http": self.monitor}))
        self.child = Child(name, log=folder / f"{name}.log")

    async def start(self) -> None:
        await self.child.start([str(binary()), "--config", str(self.config)])

    async def ask(self, path: str) -> Any:
        """What its monitoring says; nothing if it does not answer."""
        try:
            async with httpx.AsyncClient(timeout=1) as client:
                return (await client.get(f"http://{self.monitor}/{path}")).json()
        except (httpx.HTTPError, ValueError):
            return {}


def cluster(folder: Path, keys: Keys) -> dict[str, Server]:
    """Three servers by name, as `qorgau nats cluster` configures them."""
    names = ("n0", "n1", "n2")
    ports, routes, monitors = (dict(zip(names, free_ports(3), strict=True)) for _ in range(3))
    made = {}
    for name in names:
        listen, others = f"127.0.0.1:{routes[name]}", [f"127.0.0.1:{routes[o]}" for o in names if o != name]
        single = server(users=keys.users(), store=folder / name, listen=f"127.0.0.1:{ports[name]}")
        member = Member(name=name, listen=listen, routes=tuple(others), password="secret")
        made[name] = Server(folder, name, clustered(single, member), port=ports[name], monitor=monitors[name])
    return made


def broker(url: str, keys: Keys, node: str) -> Broker:
    return Broker(url=url, seed_file=keys.file(node), node=node)


async def provisioner(url: str, keys: Keys) -> Client:
    seed = str(keys.file("provisioner"))
    return await nats.connect(url.split(","), nkeys_seed=seed, inbox_prefix=b"_INBOX_provisioner", error_cb=_quiet)


async def until(what: str, holds: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until an awaitable answer is true."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if await holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


async def _quiet(_: Exception) -> None:
    """Servers are lost on purpose."""
