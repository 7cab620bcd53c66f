#!/usr/bin/env python3
"""Stands in for the OpenTelemetry collector: takes traces on port 4318 and says so, in the debug exporter's words."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Collector(BaseHTTPRequestHandler):
    """POST /v1/traces is accepted; nothing is kept."""

    def do_POST(self) -> None:  # http.server's name
        """Count bytes: reading the spans would need the protocol's classes."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200 if self.path == "/v1/traces" else 404)
        self.send_header("content-length", "0")
        self.end_headers()
        if self.path == "/v1/traces":
            print(f'Traces {{"resource spans": 1, "bytes": {len(body)}}}', flush=True)  # noqa: T201  # its log


signal.signal(signal.SIGTERM, lambda *_: sys.exit())
ThreadingHTTPServer(("0.0.0.0", 4318), Collector).serve_forever()  # noqa: S104  # inside the compose network
