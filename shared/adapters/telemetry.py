"""Logs, metrics and traces: none of them ever carries case data.

Logs are JSON lines. Metrics are Prometheus's. Traces are OpenTelemetry's: the W3C `traceparent` of the REST call is
kept in the outbox row, so the trace goes on at the receiver, however late.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

_propagator = TraceContextTextMapPropagator()


@dataclass(frozen=True)
class Metrics:
    """Everything this service counts."""

    requests: Histogram
    shed: Counter
    sent: Counter
    received: Counter
    refused: Counter
    withheld: Counter
    quarantined: Counter
    lost: Counter
    files_not_taken: Counter
    unsent: Gauge
    unreceipted: Gauge
    oldest_unsent: Gauge
    oldest_unreceipted: Gauge
    in_quarantine: Gauge
    overdue_open: Gauge
    untold: Gauge
    webhooks_failing: Gauge
    clock_ahead: Gauge
    clock_off_database: Gauge
    record_broken: Gauge
    broker_up: Gauge
    advisories: Counter
    unchained: Gauge
    due_soon: Counter
    overdue: Counter
    emergencies: Counter
    endings_failed: Counter
    contradictions: Counter


METRICS = Metrics(
    requests=Histogram("qorgau_http_request_seconds", "Time per REST call.", ["method", "route", "status"]),
    shed=Counter("qorgau_http_shed_total", "REST calls answered 503 at once because too many were at work."),
    sent=Counter("qorgau_events_sent_total", "Events published to the broker.", ["event"]),
    received=Counter("qorgau_events_received_total", "Events committed here.", ["event"]),
    refused=Counter("qorgau_events_refused_total", "Events refused by rule on arrival.", ["event"]),
    withheld=Counter("qorgau_events_withheld_total", "Events kept back just before sending."),
    quarantined=Counter("qorgau_events_quarantined_total", "Messages that could not be taken in, by why.", ["why"]),
    lost=Counter("qorgau_events_lost_total", "Receipts for events that are not known here: sent before a restore."),
    files_not_taken=Counter(
        "qorgau_files_not_taken_total", "New key, trust, calendar or notify files that were refused.", ["file"]
    ),
    unsent=Gauge("qorgau_outbox_unsent", "Events that were never published."),
    unreceipted=Gauge("qorgau_outbox_unreceipted", "Events published but not yet receipted."),
    oldest_unsent=Gauge("qorgau_outbox_oldest_unsent_seconds", "Age of the oldest event that was never published."),
    oldest_unreceipted=Gauge(
        "qorgau_outbox_oldest_unreceipted_seconds", "Time since the oldest event without a receipt was first sent."
    ),
    in_quarantine=Gauge("qorgau_quarantine_messages", "Messages in quarantine that nobody has dealt with."),
    overdue_open=Gauge("qorgau_deadlines_overdue_open", "Deadlines that passed and are still unmet.", ["kind"]),
    untold=Gauge(
        "qorgau_notifications_failing_seconds", "Since when somebody who is to be told that something waits can't be."
    ),
    webhooks_failing=Gauge(
        "qorgau_webhooks_failing_seconds", "Since when a system that is to be called when something happens can't be."
    ),
    clock_ahead=Gauge(
        "qorgau_clock_ahead_seconds", "How far another node's clock was ahead of ours when it last announced.", ["node"]
    ),
    clock_off_database=Gauge("qorgau_clock_off_database_seconds", "This service's clock less its database's."),
    record_broken=Gauge("qorgau_record_broken", "1 if the newest links of the record's chain do not follow."),
    broker_up=Gauge("qorgau_broker_up", "1 while connected to a broker that is new enough."),
    advisories=Counter("qorgau_broker_advisories_total", "What the broker said of this node's consumers.", ["kind"]),
    unchained=Gauge("qorgau_record_oldest_waiting_seconds", "Age of the oldest entry of the record not chained yet."),
    due_soon=Counter("qorgau_deadlines_due_soon_total", "Deadlines that came near.", ["kind"]),
    overdue=Counter("qorgau_deadlines_overdue_total", "Deadlines that passed unmet.", ["kind"]),
    endings_failed=Counter(
        "qorgau_endings_failed_total", "Consents and emergencies whose end failed, and is tried again."
    ),
    emergencies=Counter("qorgau_emergencies_total", "Emergencies by what became of them.", ["step"]),
    contradictions=Counter(
        "qorgau_record_contradictions_total", "Checkpoints that contradict what a node signed before.", ["about"]
    ),
)


def configure_logging(*, node: str) -> None:
    """One JSON object a line on standard error, with the node's name."""
    structlog.contextvars.bind_contextvars(node=node)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            _only_places,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(NameOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "nats", "nats.aio.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class NameOnly(logging.Formatter):
    """What a library logs may repeat what it was given: only that it logged, and the kind of error, are kept."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        error = record.exc_info[0] if record.exc_info else None
        about = {"event": "library", "logger": record.name, "level": record.levelname.lower()}
        return json.dumps({**about, "error": error.__name__ if error else None})


def _only_places(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Of an error its kind and the places it passed: messages, source lines and variables may hold case data."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        if isinstance(error, BaseExceptionGroup):
            event["errors"] = [type(inner).__name__ for inner in error.exceptions]
    return event


def configure_tracing(*, node: str, endpoint: str | None) -> TracerProvider:
    """Send spans to the collector at `endpoint` (OTLP over HTTP), or nowhere."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"qorgau-{node}"}))
    if endpoint is not None:
        # Protobuf and what sends it: a service without a collector does without them.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  # as it says

        exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=500))
    trace.set_tracer_provider(provider)
    return provider


def current_traceparent() -> str | None:
    """The W3C traceparent of the current span, or None outside of one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span_from(name: str, traceparent: str | None, *, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """A span that continues the trace of `traceparent`, or begins one."""
    context = _propagator.extract({"traceparent": traceparent} if traceparent else {})
    tracer = trace.get_tracer("qorgau")
    with tracer.start_as_current_span(name, context=context, kind=kind, record_exception=False) as span:
        yield span
