"""TLS to the broker, where files for it are set: its certificate is checked, ours is shown, and nothing is said before.

The server has to shake hands first (`handshake_first`). A client that waited for what the server says in the
clear would go on in the clear with anybody who says there that no TLS is needed.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from shared.adapters.settings import Settings
from shared.contract.errors import SettingsError

log = structlog.get_logger()
NEEDED = "QORGAU_NATS_CA_FILE, _CERT_FILE and _KEY_FILE"


@dataclass(frozen=True)
class TlsFiles:
    """PEM files. `ca`: who signs for the broker, if not an authority that this machine knows; the others are ours."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


IN_THE_CLEAR = TlsFiles()


def files_of(settings: Settings) -> TlsFiles:
    """Those of a service's settings."""
    return TlsFiles(settings.nats_ca_file, settings.nats_cert_file, settings.nats_key_file)


def connecting(files: TlsFiles) -> dict[str, Any]:
    """What `nats.connect` has to be told. Raises SettingsError where the files are of no use.

    They are read again whenever the connection is lost: a certificate that was renewed needs no restart.
    """
    if files == IN_THE_CLEAR:
        return {}
    # Where it is said who signs for the broker, nobody else does.
    context = ssl.create_default_context() if files.ca is None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _load(context, files)

    async def read_again() -> None:
        try:
            _load(context, files)
        except SettingsError as error:
            log.error("broker.tls", error=str(error))

    return {"tls": context, "tls_handshake_first": True, "disconnected_cb": read_again}


def _load(context: ssl.SSLContext, files: TlsFiles) -> None:
    if (files.certificate is None) != (files.key is None):
        raise SettingsError("QORGAU_NATS_CERT_FILE and QORGAU_NATS_KEY_FILE go together")
    try:
        if files.ca is not None:
            context.load_verify_locations(files.ca)
        if files.certificate is not None:
            context.load_cert_chain(files.certificate, files.key)
    except OSError as error:  # of which SSLError is one
        raise SettingsError(f"{NEEDED}: the files can't be used ({type(error).__name__})") from None
