"""Mail goes to its server encrypted and signed in, or not at all."""

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.mail import Mail, send
from shared.adapters.settings import Settings
from shared.contract.errors import SettingsError
from tests.listeners import HOST, Mailbox, trusted

MAIL = Mail(id="msg_1", to="duty@shelter.example", subject="Qorgau: жұмыс", text="Қазақша: 1\n", at=datetime.now(UTC))
NEEDED = {
    "agency": "shelter",
    "node": "shelter",
    "database_url": "postgresql+asyncpg://x",
    "oidc_jwks": "jwks.json",
    "vault_keys": "env:X",
    **dict.fromkeys(("nats_seed_file", "keys_file", "trust_file", "operator_key_file", "organisations_file"), "x"),
}


def settings(**more: Any) -> Settings:
    return Settings.model_validate({**NEEDED, "mail_host": HOST, "mail_from": "qorgau@shelter.example", **more})


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A mail server's certificate, and this process trusts who issued it."""
    return trusted(tmp_path, monkeypatch)


async def test_it_is_encrypted_and_signed_in_before_anything_is_said(certified: ssl.SSLContext, tmp_path: Path) -> None:
    mailbox, password = Mailbox(), tmp_path / "password"
    password.write_text("s3cret\n")
    async with mailbox.up(tls=certified, password=b"s3cret"):
        ours = settings(mail_port=mailbox.port, mail_user="qorgau", mail_password_file=password)
        assert await send(ours, MAIL) is None
    assert mailbox.mails[0]["message-id"] == "<msg_1@shelter.example>"
    assert mailbox.mails[0].get_content().splitlines() == ["Қазақша: 1"]


async def test_a_wrong_password_is_told_apart_without_saying_it(certified: ssl.SSLContext, tmp_path: Path) -> None:
    mailbox, password = Mailbox(), tmp_path / "password"
    password.write_text("another\n")
    async with mailbox.up(tls=certified, password=b"s3cret"):
        ours = settings(mail_port=mailbox.port, mail_user="qorgau", mail_password_file=password)
        assert await send(ours, MAIL) == "SMTPAuthenticationError"
    assert mailbox.mails == []


async def test_a_server_whose_certificate_is_not_trusted_gets_nothing(
    certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    mailbox = Mailbox()
    async with mailbox.up(tls=certified):
        assert await send(settings(mail_port=mailbox.port), MAIL) == "SSLCertVerificationError"
    assert mailbox.mails == []


async def test_a_server_without_encryption_gets_nothing_unless_it_is_this_host_and_set_so() -> None:
    mailbox = Mailbox()
    async with mailbox.up():
        assert await send(settings(mail_port=mailbox.port), MAIL) == "SMTPNotSupportedError"
        assert await send(settings(mail_port=mailbox.port, mail_security="none"), MAIL) is None
    assert len(mailbox.mails) == 1
    with pytest.raises(SettingsError, match="QORGAU_MAIL_SECURITY"):
        settings(mail_host="mail.example.kz", mail_security="none")


async def test_a_server_that_is_not_there_is_a_failure_and_no_fault() -> None:
    mailbox = Mailbox()
    async with mailbox.up():
        pass
    assert await send(settings(mail_port=mailbox.port), MAIL) == "ConnectionRefusedError"
