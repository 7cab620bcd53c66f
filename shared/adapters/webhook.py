"""A webhook after Standard Webhooks: signed with HMAC-SHA256, sent where it was told and nowhere else.

Redirects are not followed. A name is resolved once, and what it resolves to is what is called: this host, or a private
address, only where the settings allow it, so that a name can't lead into the agency's own network.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import httpx

from shared.adapters.settings import LOOPBACK
from shared.contract.errors import SettingsError

SECONDS = 15.0
LABEL = 63  # letters at most between two dots of a name (RFC 1035)
NAT64 = ip_network("64:ff9b::/96")
ASSIGNED = ip_network("2000::/3")  # what IPv6 has of public addresses (RFC 4291, 2.4)
RELAYS = ip_network("192.88.99.0/24")  # RFC 7526
# A name server that is silent keeps a thread for long: those of everything else are not waited for.
RESOLVERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="webhooks")
PREFIX = "whsec_"
SHORTEST = 24  # bytes of a secret; Standard Webhooks asks for 24 to 64


@dataclass(frozen=True)
class Call:
    """`id`: the same when the same is tried again, so that its receiver can tell."""

    id: str
    body: bytes
    at: datetime


@dataclass(frozen=True)
class Reach:
    """Where a webhook may lead beside public addresses. `host`: this host, where its address says so itself."""

    host: bool
    private: bool


def check(url: str) -> str:
    """The host that it leads to. Raises SettingsError unless it is https, or this host itself."""
    try:
        asked = httpx.URL(url)
        host = asked.host
        names = asked.raw_host.decode("ascii").removesuffix(".").split(".")
        readable = 0 < (asked.port or 443) < 65536 and all(0 < len(one) <= LABEL for one in names)
    except (httpx.InvalidURL, ValueError):  # of which UnicodeError is one
        readable = False
    if not readable:
        raise SettingsError("a webhook's address can't be read")
    if not host or asked.userinfo or asked.scheme not in ("http", "https"):
        raise SettingsError("a webhook's address is https://host/path, without a user's name")
    if asked.scheme == "http" and host not in LOOPBACK:
        raise SettingsError("a webhook by http is for this host itself (127.0.0.1, ::1, localhost); use https")
    return host


def read_secret(file: Path) -> bytes:
    """`whsec_` and base64. Raises SettingsError for anything else, OSError where there is no file."""
    return secret_of(file.read_text().strip())


def secret_of(text: str) -> bytes:
    """The bytes of `whsec_` and base64. Raises SettingsError for anything else."""
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith(PREFIX) or len(secret) < SHORTEST:
        raise SettingsError(f"a webhook's secret is {PREFIX} and the base64 of {SHORTEST} bytes or more")
    return secret


def new_secret() -> str:
    """One that nobody knows: `whsec_` and the base64 of 32 bytes."""
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def sign(secret: bytes, call: Call) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    at = str(int(call.at.timestamp()))
    mac = hmac.digest(secret, f"{call.id}.{at}.".encode() + call.body, hashlib.sha256)
    return {
        "webhook-id": call.id,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


async def post(url: str, secret_file: Path, call: Call, *, private: bool) -> str | None:
    """What an operator's file names: this host may be told, too. None, or what kind of failure it was."""
    try:
        secret = read_secret(secret_file)
    except (OSError, SettingsError) as error:
        return type(error).__name__
    return await send(url, secret, call, reach=Reach(host=True, private=private))


async def send(url: str, secret: bytes, call: Call, *, reach: Reach) -> str | None:
    """None once its receiver has taken it (2xx); otherwise what kind of failure it was."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _send(httpx.URL(url), sign(secret, call), call.body, reach)
    except Exception as error:  # noqa: BLE001  # whatever it was, it was not taken, and is tried again
        return type(error).__name__


async def _send(url: httpx.URL, headers: dict[str, str], body: bytes, reach: Reach) -> str | None:
    address = await _resolve(url)
    if not (reach.private or (reach.host and url.host in LOOPBACK) or is_public(address)):
        return "PrivateAddress"
    sent = {**headers, "host": url.netloc.decode("ascii"), "content-type": "application/json"}
    named = {"sni_hostname": url.raw_host.decode("ascii")}  # whose certificate is asked for, and checked
    checked = ssl.create_default_context()  # by the issuers that this host trusts, as mail is
    async with (
        httpx.AsyncClient(timeout=SECONDS, verify=checked, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", url.copy_with(host=address), headers=sent, content=body, extensions=named) as answer,
    ):
        return None if answer.is_success else f"Status{answer.status_code}"


def is_public(address: str) -> bool:
    """Whether an address is somebody's on the public internet, and none that stands for one that is not: of IPv6, what
    carries an IPv4 address is as public as that (RFC 4291, 6052, 3056, 4380)."""
    found = ip_address(address.partition("%")[0])
    if not found.is_global or found.is_multicast or found in RELAYS:
        return False
    if isinstance(found, IPv6Address) and found not in ASSIGNED and found not in NAT64 and not found.ipv4_mapped:
        return False
    return all(one.is_global and not one.is_multicast for one in _carried(found))


def _carried(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(address, IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in carried if one is not None]


async def _resolve(url: httpx.URL) -> str:
    port = url.port or (443 if url.scheme == "https" else 80)
    look = partial(socket.getaddrinfo, url.host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(RESOLVERS, look)
    return str(found[0][4][0])
