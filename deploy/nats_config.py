"""The broker's configuration, in one place for every shape: a single server, one of a cluster, a leaf at a rural site.

There is one NKEY user per node, who may publish under its own name and read its own consumers. The user of a site
may do what the nodes behind it may. A configuration is a dict; NATS reads JSON, and so do a Helm chart's values.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.adapters.jetstream import ADVISORIES, DOMAIN, PULL
from shared.adapters.streams import STREAMS

PROVISIONER = "provisioner"
MEGABYTE = 1024 * 1024
# What a server with this domain turns the request for messages into, before it looks whether that is allowed.
PULL_AS_MAPPED = "$JS.API.CONSUMER.MSG.NEXT"
WRITTEN = "# Written by qorgau. Losing this server's disk loses nothing: senders keep every event until its receipt.\n"


@dataclass(frozen=True)
class Site:
    """A leaf node: its public NKEY, and the nodes whose services are connected to it."""

    key: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """One server of a cluster: its name, where it listens for the others, and where each of them does (host:port)."""

    name: str
    listen: str
    routes: tuple[str, ...]
    password: str


def server(
    *,
    users: Mapping[str, str],
    sites: Mapping[str, Site] | None = None,
    store: Path | str,
    listen: str,
    tls: Path | str | None = None,
) -> dict[str, Any]:
    """A server that stores, for these users (name -> public NKEY); the one named `provisioner` may create streams.

    `tls`: the folder there with its certificate; clients then need one too.
    """
    return (mutual_tls(tls) if tls is not None else {}) | {
        "listen": listen,
        "server_name": "qorgau",
        "max_payload": MEGABYTE,
        "jetstream": jetstream(store),
        "authorization": {"users": all_users(users, sites or {})},
    }


def mutual_tls(folder: Path | str) -> dict[str, Any]:
    """Clients of a server with `ca.pem`, `cert.pem` and `key.pem` in this folder say nothing but by TLS, from the first
    byte, and show a certificate of that CA. Their seed says who they are, as it does without."""
    files = {f"{name}_file": f"{folder}/{name}.pem" for name in ("ca", "cert", "key")}
    return {"tls": {**files, "verify": True, "handshake_first": True}}


def jetstream(store: Path | str) -> dict[str, Any]:
    """Every server syncs each write to its disk before it acknowledges, in a cluster too."""
    return {
        "store_dir": str(store),
        "domain": DOMAIN,
        "sync_interval": "always",
        "max_memory_store": 64 * MEGABYTE,
        "max_file_store": 4096 * MEGABYTE,
    }


def clustered(single: Mapping[str, Any], member: Member) -> dict[str, Any]:
    """The same server as one of a cluster. Streams are then provisioned with three replicas."""
    login = f"qorgau:{member.password}"
    routes = [f"nats-route://{login}@{address}" for address in member.routes]
    access = {"user": "qorgau", "password": member.password}
    cluster = {"name": "qorgau", "listen": member.listen, "authorization": access, "routes": routes}
    return {**single, "server_name": member.name, "cluster": cluster}


def leaf(*, users: Mapping[str, str], hub: Sequence[str], seed: str, listen: str, monitor: str) -> dict[str, Any]:
    """A site's server: it stores nothing and passes on. `seed` is the site's NKEY seed, `hub` a list of host:port.

    While its link is down, the outboxes of the services behind it keep. A store of its own would acknowledge what the
    hub does not have, and be one more disk to lose.
    """
    return {
        "listen": listen,
        "http": monitor,
        "server_name": "qorgau-leaf",
        "max_payload": MEGABYTE,
        "leafnodes": {
            "reconnect": "2s",
            "remotes": [{"urls": [f"nats-leaf://{address}" for address in hub], "nkey": seed}],
        },
        "authorization": {"users": all_users(users, {})},
    }


def text(configuration: Mapping[str, Any]) -> str:
    """A nats.conf."""
    return WRITTEN + json.dumps(configuration, indent=2) + "\n"


def permissions(*nodes: str) -> dict[str, list[str]]:
    """What the user of a node, or of a site with several, may publish and subscribe to."""
    if nodes == (PROVISIONER,):
        return {"publish": ["$JS.API.>"], "subscribe": [f"_INBOX_{PROVISIONER}.>"]}
    publish, subscribe = [], []
    for node in nodes:
        publish += [f"qorgau.directed.{node}.*", f"qorgau.state.{node}.>"]
        publish += [f"{pull}.{stream.name}.{node}" for pull in (PULL, PULL_AS_MAPPED) for stream in STREAMS]
        publish += [f"$JS.ACK.{stream.name}.{node}.>" for stream in STREAMS]
        subscribe += [f"_INBOX_{node}.>", ADVISORIES.format(node=node)]
    return {"publish": publish, "subscribe": subscribe}


def all_users(users: Mapping[str, str], sites: Mapping[str, Site]) -> list[dict[str, Any]]:
    """The users as NATS's configuration wants them."""
    of_nodes = [{"nkey": key, "permissions": permissions(name)} for name, key in sorted(users.items())]
    return of_nodes + [{"nkey": s.key, "permissions": permissions(*s.nodes)} for _, s in sorted(sites.items())]
