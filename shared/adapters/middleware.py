"""ASGI middleware: body limit, no caching, and one span and one measurement per call."""

import time

import structlog
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.adapters.http import as_response
from shared.adapters.telemetry import METRICS, span_from
from shared.contract.errors import Problem

HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
log = structlog.get_logger()


class BodyTooLarge(Exception):
    """More was sent than the service reads."""


class LimitBody:
    """Answers 413 to a body over the limit, whether or not its length was declared."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        body = b""
        if declared.isdigit() and int(declared) > self.limit:
            await self._refuse(scope, receive, send)
            return
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self.limit:
                await self._refuse(scope, receive, send)
                return
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                break
        await self.app(scope, _replay(body, receive), send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = Problem(
            413, "body-too-large", f"a body has at most {self.limit} bytes", headers={"Connection": "close"}
        )
        await as_response(problem)(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


class Observe:
    """A span that continues the caller's trace, a measurement, a log line, and the headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], *HEADERS]}
            await send(message)

        traceparent = dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1") or None
        with span_from(scope["method"], traceparent, kind=SpanKind.SERVER) as span:
            try:
                await self.app(scope, receive, send_with_headers)
            finally:
                route = getattr(scope.get("route"), "path", "unknown")
                seconds = time.perf_counter() - started
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.response.status_code", status)
                METRICS.requests.labels(scope["method"], route, status).observe(seconds)
                if route not in QUIET:
                    log.info("http", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


QUIET = ("/health/live", "/health/ready", "/metrics")
