"""ASGI middleware: load shedding, body limit, no caching, and one span and one measurement per call."""

import time

import structlog
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.adapters.http import RETRY, as_response, fault
from shared.adapters.telemetry import METRICS, span_from
from shared.contract.errors import Problem

HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
GOODBYE = (b"connection", b"close")  # of a service that stops: the next call is for another replica
DROP_AT_MOST = 16  # times the limit
log = structlog.get_logger()


class Shed:
    """Answers 503 at once to a call over `limit` of them at work: who is let in is served as quickly as ever.

    Queueing them instead would make all of them slow, and be no use to callers who have given up meanwhile. Those who
    watch the service are always let in. It costs next to nothing: a counter, no span and no log line.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app, self.limit, self.at_work = app, limit, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED:
            await self.app(scope, receive, send)
        elif self.at_work >= self.limit:
            METRICS.shed.inc()
            headers = RETRY | {name.decode(): value.decode() for name, value in HEADERS}
            busy = Problem(503, "overloaded", "too many calls at once; nothing was done; try again", headers=headers)
            await as_response(busy)(scope, receive, send)
        else:
            self.at_work += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self.at_work -= 1


class LimitBody:
    """Answers 413 to a body over the limit, whether or not its length was declared.

    What is sent beyond the limit is read and dropped for a while, so that the caller gets to see the answer.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body, size, more = b"", 0, True
        while more and size <= self.limit * DROP_AT_MOST:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            body = body + message.get("body", b"") if size <= self.limit else b""
            more = message.get("more_body", False)
        if size > self.limit:
            await self._refuse(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"Connection": "close"}
        problem = Problem(413, "body-too-large", f"a body has at most {self.limit} bytes", headers=headers)
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
        status, started, method = 0, time.perf_counter(), scope["method"] if scope["method"] in METHODS else "other"

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                goodbye = (GOODBYE,) if scope["app"].state.stopping else ()
                own = {name.lower() for name, _ in message["headers"]}
                more = [one for one in HEADERS if one[0] not in own]
                message = {**message, "headers": [*message["headers"], *more, *goodbye]}
            await send(message)

        traceparent = dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1") or None
        with span_from(method, traceparent, kind=SpanKind.SERVER) as span:
            try:
                await self.app(scope, receive, send_with_headers)
            except Exception:
                log.exception("http.failed")
                if status == 0:
                    await as_response(fault())(scope, receive, send_with_headers)
            route = getattr(scope.get("route"), "path", "unknown")
            seconds = time.perf_counter() - started
            span.update_name(f"{method} {route}")
            span.set_attribute("http.response.status_code", status)
            METRICS.requests.labels(method, route, status).observe(seconds)
            if route not in QUIET:
                log.info("http", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


QUIET = ("/health/live", "/health/ready", "/metrics")
UNCOUNTED = (*QUIET, "/desk/live", "/v1/events/stream")  # wait, and work on nothing
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
