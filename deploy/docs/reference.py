"""The pages that are generated: where each stands, and what it says."""

from pathlib import Path

from deploy.docs import api
from deploy.docs.commands import commands_page
from deploy.docs.events import events_page
from deploy.docs.metrics import metrics_page
from deploy.docs.rules import rules_page
from deploy.docs.settings import settings_page

OPERATING = Path(__file__).parents[1] / "OPERATING.md"


def generated() -> dict[str, str]:
    """Path within the site's pages -> Markdown. The handbook of operations is taken over as it is."""
    return {
        **api.pages(),
        "reference/events.md": events_page(),
        "reference/rules.md": rules_page(),
        "reference/settings.md": settings_page(),
        "reference/metrics.md": metrics_page(),
        "reference/commands.md": commands_page(),
        "how-to/operating.md": OPERATING.read_text(),
    }
