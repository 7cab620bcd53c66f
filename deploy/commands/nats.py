"""`qorgau nats`: the broker's configuration for clusters, sites and Kubernetes, and a site's leaf node."""

import asyncio
import json
import os
import re
import secrets
from pathlib import Path
from typing import Annotated

import typer

from deploy.embedded.processes import StartFailed
from deploy.enrol import Enrolment
from deploy.leaf import Leaf
from deploy.nats_config import Member, all_users, clustered, jetstream, leaf, server, text
from shared.contract.vocabulary import Agency

app = typer.Typer(no_args_is_help=True, help=__doc__)
Folder = Annotated[Path, typer.Option(help="The folder of `qorgau init`.")]
HOME = Path(os.environ.get("QORGAU_FOLDER", ".qorgau"))
ADDRESS = r"[A-Za-z0-9.\-]+:\d{1,5}|\[[0-9a-f:]+\]:\d{1,5}"
NAME = r"[a-z0-9-]{2,40}"


@app.command()
def cluster(
    servers: Annotated[list[str], typer.Argument(help="name=host:port, where each listens for the others.")],
    folder: Folder = HOME,
    store: Annotated[str, typer.Option(help="Where each keeps its data.")] = "/data",
    tls: Annotated[Path | None, typer.Option(help="Each one's folder with ca.pem, cert.pem and key.pem.")] = None,
) -> None:
    """Write nats-NAME.conf for each server of a cluster. Provision it with `--replicas 3`."""
    addresses = dict(_pair(one) for one in servers)
    if len(addresses) != 3 or len(servers) != 3:
        raise typer.BadParameter("three servers with three names make a cluster that survives the loss of one")
    enrolment, password = Enrolment(folder), secrets.token_hex(24)
    for name, address in addresses.items():
        routes = tuple(other for other in addresses.values() if other != address)
        member = Member(name=name, listen=f"0.0.0.0:{address.rsplit(':', 1)[1]}", routes=routes, password=password)
        one = server(users=_users(enrolment), sites=enrolment.sites(), store=store, listen="0.0.0.0:4222", tls=tls)
        one |= {"http": "127.0.0.1:8222", "leafnodes": {"listen": "0.0.0.0:7422"}}
        typer.echo(_write(folder / f"nats-{name}.conf", text(clustered(one, member))))


@app.command()
def site(
    name: str,
    nodes: Annotated[list[Agency], typer.Argument(help="The services at the site.")],
    hub: Annotated[list[str], typer.Option(help="host:port, where a server of the hub listens for leaf nodes.")],
    folder: Folder = HOME,
) -> None:
    """Enrol a rural site, and write its leaf node's configuration. The hub's has to be written anew after that."""
    if re.fullmatch(NAME, name) is None or name in list(Agency):
        raise typer.BadParameter("a site's name is 2 to 40 of a-z, 0-9 and -, and not that of a node")
    for address in hub:
        _address(address)
    enrolment = Enrolment(folder)
    users = {node: key for node, key in _users(enrolment).items() if node in nodes}
    seed = enrolment.add_site(f"site-{name}", [node.value for node in nodes]).read_text().strip()
    configuration = leaf(users=users, hub=hub, seed=seed, listen="0.0.0.0:4222", monitor="127.0.0.1:8222")
    typer.echo(_write(folder / f"leaf-{name}.conf", text(configuration)))


@app.command()
def values(folder: Folder = HOME) -> None:
    """Print values for the NATS operator's chart (JSON, which is YAML): users, permissions, JetStream's settings."""
    enrolment = Enrolment(folder)
    users = all_users(_users(enrolment), enrolment.sites())
    merge = {"max_payload": 1024 * 1024, "authorization": {"users": users}}
    kept = {k: v for k, v in jetstream("").items() if k in ("domain", "sync_interval")}
    typer.echo(json.dumps({"nats": {"config": {"merge": merge, "jetstream": {"merge": kept}}}}, indent=2))


@app.command("leaf")
def run_leaf(
    config: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `qorgau nats site` wrote.")],
) -> None:
    """Run a site's leaf node, and start it again when it has stopped trying to reach its hub. Until stopped."""
    try:
        about = json.loads(config.read_text().split("\n", 1)[1])
        urls = about["leafnodes"]["remotes"][0]["urls"]
        hub = [_address(url.removeprefix("nats-leaf://")) for url in urls]
        watched = Leaf(config, monitor=about["http"], hub=hub)
    except (ValueError, KeyError, IndexError):
        raise typer.BadParameter("this is not a configuration that `qorgau nats site` wrote") from None
    try:
        asyncio.run(watched.run())
    except StartFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _users(enrolment: Enrolment) -> dict[str, str]:
    try:
        return enrolment.users()
    except OSError:
        raise typer.BadParameter(f"{enrolment.folder} is not a folder of `qorgau init`") from None


def _pair(given: str) -> tuple[str, str]:
    name, _, address = given.partition("=")
    if re.fullmatch(NAME, name) is None:
        raise typer.BadParameter(f"not name=host:port: {given}")
    return name, _address(address)


def _address(given: str) -> str:
    if re.fullmatch(ADDRESS, given) is None:
        raise typer.BadParameter(f"not host:port: {given}")
    return given


def _write(path: Path, content: str) -> Path:
    """Readable by its owner only: there are secrets in it."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(content)
    return path
