"""A broker that wants certificates: who has none, or meets another broker, says nothing."""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from deploy.nats_config import server
from deploy.network import Network
from deploy.provision import provision_once
from services.police.app import PARTS
from shared.adapters.broker_tls import IN_THE_CLEAR, TlsFiles, connecting
from shared.adapters.jetstream import Broker
from shared.adapters.settings import Settings
from shared.casework.app import create_app
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency
from tests.certificates import Authority
from tests.faults.servers import NODES, SUBJECT, Keys, Server, free_ports, until

# nats-py leaves the line of a handshake that failed to the garbage collector, which says so.
pytestmark = [pytest.mark.processes, pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]


@dataclass
class Site:
    """A broker with `verify`, the authority of its certificates, and who may connect."""

    running: Server
    authority: Authority
    keys: Keys

    def files(self, name: str = "police", authority: Authority | None = None) -> TlsFiles:
        pair = (authority or self.authority).issue(name)
        return TlsFiles(self.authority.file, pair.certificate, pair.key)

    def broker(self, tls: TlsFiles) -> Broker:
        return Broker(url=self.running.url, seed_file=self.keys.file("police"), node="police", tls=tls)

    async def once(self, tls: TlsFiles) -> Client:
        """One attempt."""
        seed = str(self.keys.file("police"))
        how = {"allow_reconnect": False, "connect_timeout": 2, **connecting(tls)}
        return await nats.connect(self.running.url, nkeys_seed=seed, error_cb=_quiet, **how)


async def _quiet(_: Exception) -> None:
    """Seen by who calls."""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    authority, keys, (port, monitor) = Authority(tmp_path), Keys(tmp_path), free_ports(2)
    there = tmp_path / "tls"
    there.mkdir()
    of_broker = authority.issue("broker")
    for file, name in ((authority.file, "ca"), (of_broker.certificate, "cert"), (of_broker.key, "key")):
        shutil.copy(file, there / f"{name}.pem")
    single = server(users=keys.users(), store=tmp_path / "store", listen=f"127.0.0.1:{port}", tls=there)
    found = Site(Server(tmp_path, "hub", single, port=port, monitor=monitor), authority, keys)
    await found.running.start()

    async def listens() -> bool:
        return bool(await found.running.ask("varz"))

    await until("the broker listens", listens)
    yield found
    await found.running.child.kill()
    gc.collect()


@asynccontextmanager
async def connected(broker: Broker) -> AsyncIterator[Broker]:
    connecting_ = asyncio.create_task(broker.connect())
    try:
        yield broker
    finally:
        connecting_.cancel()
        await broker.close()


async def test_a_service_with_a_certificate_connects_and_publishes(site: Site) -> None:
    await provision_once(
        url=site.running.url, seed_file=site.keys.file("provisioner"), nodes=NODES, tls=site.files("provisioner")
    )
    async with connected(site.broker(site.files())) as broker:
        await broker.connect()
        await broker.publish(SUBJECT, b"sealed")
        told = (await site.running.ask("connz"))["connections"]
        assert [one["tls_version"] for one in told] == ["1.3"]


async def test_who_shows_no_certificate_or_one_of_another_authority_is_refused(site: Site, tmp_path: Path) -> None:
    other = Authority(tmp_path, "somebody")
    for tls in (TlsFiles(ca=site.authority.file), site.files("forged", other), IN_THE_CLEAR):
        with pytest.raises((NatsError, OSError, TimeoutError)):
            await site.once(tls)
        async with connected(site.broker(tls)) as broker:
            await asyncio.sleep(1)
            assert broker.state == "down"


async def test_a_broker_of_another_authority_or_another_host_is_not_spoken_to(site: Site, tmp_path: Path) -> None:
    ours = site.files()
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        await site.once(TlsFiles(Authority(tmp_path, "somebody").file, ours.certificate, ours.key))
    site.running.url = site.running.url.replace("127.0.0.1", "localhost")  # a name that its certificate has not
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        await site.once(ours)


async def test_who_says_in_the_clear_that_no_tls_is_needed_hears_nothing(site: Site) -> None:
    """As one on the way between could: he greets as a broker without TLS, and waits for what the service says."""
    heard = bytearray()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b'INFO {"server_id":"x","version":"2.15.1","nonce":"abc","auth_required":true,"max_payload":9}\r\n'
        )
        heard.extend(await reader.read(1000))
        writer.close()

    between = await asyncio.start_server(greet, "127.0.0.1", 0)
    site.running.url = f"nats://127.0.0.1:{between.sockets[0].getsockname()[1]}"
    with pytest.raises((NatsError, OSError, TimeoutError)):
        await site.once(site.files())
    between.close()
    assert b"CONNECT" not in heard
    assert b"nkey" not in heard


async def test_a_certificate_that_was_renewed_is_used_without_a_restart(site: Site, tmp_path: Path) -> None:
    files = site.files()
    assert files.certificate
    assert files.key
    async with connected(site.broker(files)) as broker:
        client = await broker.connect()
        renewed = site.authority.issue("renewed")
        shutil.copy(renewed.certificate, files.certificate)
        shutil.copy(renewed.key, files.key)
        await site.running.child.kill()
        await site.running.start()

        async def is_back() -> bool:
            return client.is_connected and bool((await site.running.ask("connz")).get("connections"))

        await until("the service is connected again", is_back)
        [there] = (await site.running.ask("connz?subs=1&auth=1"))["connections"]
        assert "renewed" in str(there["tls_peer_certs"])


@pytest.mark.parametrize("lacking", ["certificate", "key", "ca", "both"])
def test_files_that_are_of_no_use_stop_the_service(site_files: dict[str, Path], lacking: str) -> None:
    given: dict[str, Path | None] = dict(site_files)
    given |= {lacking: Path("/nowhere/x.pem")} if lacking != "both" else {"key": None}
    with pytest.raises(SettingsError, match="QORGAU_NATS_C"):
        connecting(TlsFiles(**given))


@pytest.fixture
def site_files(tmp_path: Path) -> dict[str, Path]:
    authority = Authority(tmp_path)
    pair = authority.issue("police")
    return {"ca": authority.file, "certificate": pair.certificate, "key": pair.key}


async def test_a_service_takes_the_files_of_its_settings(network: Network, site: Site) -> None:
    environment = {k.removeprefix("QORGAU_").lower(): v for k, v in network.environment(Agency.POLICE).items()}
    files = site.files()
    tls = {"nats_ca_file": files.ca, "nats_cert_file": files.certificate, "nats_key_file": files.key}
    about = {**environment, **tls, "nats_url": site.running.url, "nats_seed_file": site.keys.file("police")}
    app = create_app(PARTS, Settings.model_validate(about))
    async with connected(app.state.broker) as broker:
        await broker.connect()
        assert broker.state == "up"
    await app.state.database.close()


def test_where_it_is_said_who_signs_for_the_broker_nobody_else_does(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = connecting(TlsFiles(authority.file))["tls"]
    assert len(context.get_ca_certs()) == 1
