"""A webhook is signed, goes where it was told over a checked line, and nowhere into the agency's own network."""

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from shared.adapters.webhook import Call, post, read_secret
from shared.contract.errors import SettingsError
from tests.listeners import HOST, Receiver, trusted

SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"
ANOTHER = "whsec_" + "YW5vdGhlci1hbm90aGVyLWFub3RoZXItYW5vdGhlcg=="


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    return file


def call() -> Call:
    return Call(id="msg_1", body=b'{"type": "work.waits"}', at=datetime.now(UTC))


async def test_its_receiver_can_tell_that_it_came_from_here_unchanged(secret: Path) -> None:
    receiver = Receiver()
    async with receiver.up():
        assert await post(receiver.url, secret, call(), private=False) is None
    ((headers, body),) = receiver.calls
    assert headers["host"] == f"{HOST}:{receiver.port}"
    assert Webhook(SECRET).verify(body, headers) == {"type": "work.waits"}
    with pytest.raises(WebhookVerificationError):
        Webhook(ANOTHER).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)


async def test_over_https_the_receivers_certificate_is_checked(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = Receiver()
    async with receiver.up(tls=trusted(tmp_path, monkeypatch)):
        where = receiver.url.replace("http:", "https:")
        assert await post(where, secret, call(), private=False) is None
        resolve_to_this_host(monkeypatch)
        misnamed = where.replace(HOST, "robot.example.kz")
        assert await post(misnamed, secret, call(), private=True) == "ConnectError"
        monkeypatch.delenv("SSL_CERT_FILE")
        assert await post(where, secret, call(), private=False) == "ConnectError"
    assert len(receiver.calls) == 1


def resolve_to_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(_: str | bytes, port: Any, *__: Any, **___: Any) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (HOST, int(port)))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


async def test_a_name_does_not_lead_into_the_agencys_own_network(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to_this_host(monkeypatch)
    assert await post("https://robot.example.kz/", secret, call(), private=False) == "PrivateAddress"


PRIVATE = ["10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "[fd00::1]", "[::ffff:127.0.0.1]", "[::]"]
PRIVATE += ["[fec0::1]", "[64:ff9b::a00:1]", "[64:ff9b:1::a00:1]", "[::127.0.0.1]", "[2002:a00:1::]"]
PRIVATE += ["192.88.99.1", "224.0.0.1", "[ff0e::1]"]


@pytest.mark.parametrize("where", PRIVATE)
async def test_an_address_does_not_either(secret: Path, where: str) -> None:
    assert await post(f"https://{where}/", secret, call(), private=False) == "PrivateAddress"


async def test_a_receiver_that_is_not_there_is_a_failure_and_no_fault(secret: Path) -> None:
    receiver = Receiver()
    async with receiver.up():
        pass
    assert await post(receiver.url, secret, call(), private=False) == httpx.ConnectError.__name__


async def test_without_its_secret_nothing_is_sent(secret: Path) -> None:
    receiver = Receiver()
    async with receiver.up():
        assert await post(receiver.url, secret.with_name("gone"), call(), private=False) == "FileNotFoundError"
    assert receiver.calls == []


@pytest.mark.parametrize("text", ["", "c2VjcmV0LXNlY3JldC1zZWNyZXQ=", "whsec_c2hvcnQ=", "whsec_%%%"])
def test_a_secret_that_is_no_good_is_refused(secret: Path, text: str) -> None:
    secret.write_text(text)
    with pytest.raises(SettingsError):
        read_secret(secret)
