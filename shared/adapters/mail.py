"""Mail by SMTP: one message to one address, encrypted on its way. What it says is the caller's to answer for."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from shared.adapters.settings import Settings

SECONDS = 10.0  # for each step of the conversation with the mail server


@dataclass(frozen=True)
class Mail:
    """`id`: the same when the same is tried again, so that a mailbox can tell."""

    id: str
    to: str
    subject: str
    text: str
    at: datetime


async def send(settings: Settings, mail: Mail) -> str | None:
    """None once the mail server has taken it; otherwise what kind of failure it was."""
    try:
        await asyncio.to_thread(_send, settings, _message(settings, mail))
    except (OSError, ValueError) as error:  # SMTPException is an OSError
        return type(error).__name__
    return None


def _message(settings: Settings, mail: Mail) -> EmailMessage:
    sender = settings.mail_from or ""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer that somebody is away
    message.set_content(mail.text)
    return message


def _send(settings: Settings, message: EmailMessage) -> None:
    host, port = settings.mail_host or "", settings.mail_port
    checked = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=checked)
        if settings.mail_security == "tls"
        else smtplib.SMTP(host, port, timeout=SECONDS)
    ) as server:
        if settings.mail_security == "starttls":
            server.starttls(context=checked)
        if settings.mail_user is not None and settings.mail_password_file is not None:
            server.login(settings.mail_user, settings.mail_password_file.read_text().strip())
        server.send_message(message)
