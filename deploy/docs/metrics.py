"""The page of the metrics: all that a service counts for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

from deploy.docs.writing import GENERATED, codes, page, plain, table
from shared.adapters.telemetry import METRICS

INTRO = """
Each service shows these at `/metrics`, for Prometheus. None of them carries case data: labels are names of events, of
nodes and of routes. What to do when one of the alerts that rest on them fires stands in
[Running Qorgau](../how-to/operating.md#when-an-alert-fires).
"""
SHOWN = {"counter": "", "gauge": "", "histogram": " with `_bucket`, `_sum` and `_count`"}


def metrics_page() -> str:
    """The page."""
    rows = [_row(metric) for metric in vars(METRICS).values()]
    return page("# Metrics", GENERATED, INTRO, table(("metric", "is", "labels", "about"), rows))


def name_of(metric: Counter | Gauge | Histogram) -> str:
    """The name under which Prometheus reads it."""
    (family,) = metric.describe()
    return family.name + ("_total" if family.type == "counter" else "")


def _row(metric: Counter | Gauge | Histogram) -> tuple[str, str, str, str]:
    (family,) = metric.describe()
    labels = codes(metric._labelnames)
    return f"`{name_of(metric)}`", family.type + SHOWN[family.type], labels, plain(family.documentation)
