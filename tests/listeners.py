"""A mail server and a web server on this host, in the test's own loop: what they got, and how they answer."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass
class Mailbox:
    """What the mail server took."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: bytes = b""
    to: list[str] = field(default_factory=list)

    async def handle_DATA(self, _: object, __: object, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw += content
        self.to += envelope.rcpt_tos
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    @asynccontextmanager
    async def up(self, *, tls: ssl.SSLContext | None = None, password: bytes | None = None) -> AsyncIterator[None]:
        """Take mail; at the same port each time."""

        def knows(_: object, __: object, ___: object, ____: str, given: Any) -> AuthResult:
            known = isinstance(given, LoginPassword) and given.password == password
            return AuthResult(success=known, handled=False)

        login: dict[str, Any] = {"authenticator": knows, "auth_required": True} if password is not None else {}
        safe: dict[str, Any] = {"tls_context": tls, "require_starttls": True} if tls is not None else {}

        def conversation() -> SMTP:
            return SMTP(self, hostname="localhost", **login, **safe)

        server = await asyncio.get_running_loop().create_server(conversation, HOST, self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            await server.wait_closed()


@dataclass
class Receiver:
    """What came by webhook: (headers, body). `answers` with this status."""

    answers: int = 204
    port: int = 0
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/hook"

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append(head[0])
        self.calls.append((headers, body))
        writer.write(f"HTTP/1.1 {self.answers} x\r\nlocation: {self.url}2\r\ncontent-length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    @asynccontextmanager
    async def up(self, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[None]:
        """Take calls; at the same port each time."""
        server = await asyncio.start_server(self._hear, HOST, self.port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            await server.wait_closed()


def trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for this host, which this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "this host")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
    file, key_file = folder / "host.crt", folder / "host.key"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(*pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key_file)
    return context
