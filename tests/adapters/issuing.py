"""An issuer played by the test: it serves what it is told to, wherever it is asked, and counts how often it was."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc.jwk import KeySet, OKPKey

WELL_KNOWN = "/.well-known/openid-configuration"


class Issuer:
    """Serves `answer`, or at one path what `pages` has for it."""

    def __init__(self) -> None:
        self.answer, self.pages, self.asked = b"", dict[str, bytes](), 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the standard library's name
                issuer.asked += 1
                self.send_response(200)
                self.end_headers()
                self.wfile.write(issuer.pages.get(self.path, issuer.answer))

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def serve(self, *keys: OKPKey) -> None:
        self.answer = json.dumps(KeySet(list(keys)).as_dict(private=False)).encode()

    def describe(self, *, below: str = "", **changed: Any) -> None:
        """Say of itself what an issuer says, with changes; None leaves something out."""
        about = {"issuer": self.url + below, "jwks_uri": f"{self.url}/jwks"}
        about |= {"authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token"}
        said = {name: value for name, value in (about | changed).items() if value is not None}
        self.pages[below.rstrip("/") + WELL_KNOWN] = json.dumps(said).encode()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
