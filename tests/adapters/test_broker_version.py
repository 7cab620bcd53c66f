"""A NATS server without its security fixes is not used: the service is unready and says why."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import nkeys
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.provision import provision_once
from shared.adapters.jetstream import Broker, BrokerTooOld, BrokerUnavailable, is_new_enough


class Greeter:
    """A server that says which version it is, and answers pings: enough of NATS to be connected to."""

    def __init__(self, version: str) -> None:
        self.info = {"server_id": "x", "version": version, "max_payload": 1048576, "nonce": "abc", "proto": 1}

    async def start(self) -> None:
        self.server = await asyncio.start_server(self.greet, "127.0.0.1", 0)
        self.url = f"nats://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"INFO {json.dumps(self.info)}\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b"PING"):
                writer.write(b"PONG\r\n")
        writer.close()


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    file = tmp_path / "seed"
    file.write_bytes(nkeys.encode_seed(bytes(32), nkeys.PREFIX_BYTE_USER))
    return file


@pytest.fixture
async def greeter(request: pytest.FixtureRequest) -> AsyncIterator[Greeter]:
    listening = Greeter(request.param)
    await listening.start()
    yield listening
    listening.server.close()


OLD = ["2.9.25", "2.12.6", "2.13.9", "1.99.99"]
NEW = ["2.12.7", "2.12.30", "2.14.0", "2.15.1", "3.0.0"]


@pytest.mark.parametrize("greeter", OLD, indirect=True)
async def test_a_service_does_not_use_a_server_that_is_too_old(greeter: Greeter, seed: Path) -> None:
    broker = Broker(url=greeter.url, seed_file=seed, node="police")
    connecting = asyncio.create_task(broker.connect())
    try:
        for _ in range(500):
            if broker.state != "down":
                break
            await asyncio.sleep(0.01)
        assert (broker.state, broker.is_connected) == ("too old", False)
        with pytest.raises(BrokerUnavailable):
            await broker.publish("qorgau.directed.police.shelter", b"")
    finally:
        connecting.cancel()


@pytest.mark.parametrize("greeter", NEW, indirect=True)
async def test_a_service_uses_one_with_the_fixes(greeter: Greeter, seed: Path) -> None:
    broker = Broker(url=greeter.url, seed_file=seed, node="police")
    assert is_new_enough(await broker.connect())
    assert broker.state == "up"
    await broker.close()


@pytest.mark.parametrize("greeter", OLD, indirect=True)
async def test_nothing_is_provisioned_on_one_that_is_too_old(greeter: Greeter, seed: Path) -> None:
    with pytest.raises(BrokerTooOld, match=r"2\.12\.7 or 2\.14\.0"):
        await provision_once(url=greeter.url, seed_file=seed, nodes=["police"])


@pytest.mark.parametrize("greeter", OLD[:1], indirect=True)
async def test_the_command_says_so_and_fails(greeter: Greeter, seed: Path) -> None:
    words = ["provision", "--once", "--url", greeter.url, "--seed-file", str(seed)]
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert (done.exit_code, "2.9.25" in done.output) == (1, True)
