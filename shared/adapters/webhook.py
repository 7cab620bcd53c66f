"""A webhook after Standard Webhooks: signed with HMAC-SHA256, sent where it was told and nowhere else.

Redirects are not followed. A name is resolved once, and what it resolves to is what is called: a private address only
where the settings allow it, so that a name can't lead into the agency's own network.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import httpx

from shared.adapters.settings import LOOPBACK
from shared.contract.errors import SettingsError

SECONDS = 15.0
PREFIX = "whsec_"
SHORTEST = 24  # bytes of a secret; Standard Webhooks asks for 24 to 64


@dataclass(frozen=True)
class Call:
    """`id`: the same when the same is tried again, so that its receiver can tell."""

    id: str
    body: bytes
    at: datetime


def check(url: str) -> None:
    """Raises SettingsError unless it is https, or this host itself."""
    try:
        asked = httpx.URL(url)
    except httpx.InvalidURL:
        raise SettingsError("a webhook's address can't be read") from None
    if not asked.host or asked.userinfo or asked.scheme not in ("http", "https"):
        raise SettingsError("a webhook's address is https://host/path, without a user's name")
    if asked.scheme == "http" and asked.host not in LOOPBACK:
        raise SettingsError("a webhook by http is for this host itself (127.0.0.1, ::1, localhost); use https")


def read_secret(file: Path) -> bytes:
    """`whsec_` and base64. Raises SettingsError for anything else, OSError where there is no file."""
    text = file.read_text().strip()
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith(PREFIX) or len(secret) < SHORTEST:
        raise SettingsError(f"a webhook's secret is {PREFIX} and the base64 of {SHORTEST} bytes or more")
    return secret


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
    """None once its receiver has taken it (2xx); otherwise what kind of failure it was."""
    try:
        headers = sign(read_secret(secret_file), call)
        async with asyncio.timeout(SECONDS):
            return await _post(httpx.URL(url), headers, call.body, private=private)
    except (httpx.HTTPError, OSError, SettingsError) as error:  # TimeoutError is an OSError
        return type(error).__name__


async def _post(url: httpx.URL, headers: dict[str, str], body: bytes, *, private: bool) -> str | None:
    address = await _resolve(url)
    if not (private or url.host in LOOPBACK or ip_address(address).is_global):
        return "PrivateAddress"
    sent = {**headers, "host": url.netloc.decode("ascii"), "content-type": "application/json"}
    named = {"sni_hostname": url.raw_host.decode("ascii")}  # whose certificate is asked for, and checked
    checked = ssl.create_default_context()  # by the issuers that this host trusts, as mail is
    async with (
        httpx.AsyncClient(timeout=SECONDS, verify=checked, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", url.copy_with(host=address), headers=sent, content=body, extensions=named) as answer,
    ):
        return None if answer.is_success else f"Status{answer.status_code}"


async def _resolve(url: httpx.URL) -> str:
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])
