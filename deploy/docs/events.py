"""The page of the events: what may travel between agencies, field by field, and who may say it on which basis."""

from collections.abc import Mapping
from typing import Any

from deploy.docs.rules import anchor as rule_anchor
from deploy.docs.shapes import about, kind, reached, references, section
from deploy.docs.writing import GENERATED, page, paragraphs, plain, table
from shared.casework.disclosures.words import CATEGORIES
from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS, Event, cloud_type
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import DataCategory, EventType

INTRO = """
Services tell each other what happened with these events, and with nothing else. Each is a CloudEvent (1.0, structured
JSON) whose `data` holds `content` (below), `grounds` (the lawful basis) and `handling` (what the recipient may do with
it). Each field belongs to one category of data. Before an event leaves, the [rules](rules.md) decide which categories
it may carry to this recipient on this basis; fields of the others are emptied. So nearly every field may be missing.
"""


def events_page() -> str:
    """The page."""
    events = {
        event: (model, model.model_json_schema(ref_template="#/$defs/{model}")) for event, model in EVENTS.items()
    }
    shapes: dict[str, Any] = {}
    for _, schema in events.values():
        shapes |= schema.get("$defs", {})
    named = reached([name for _, schema in events.values() for name in references(schema)], shapes)
    return page(
        "# Events",
        GENERATED,
        INTRO,
        "## Categories of data",
        table(("category", "says"), [(f"`{category}`", CATEGORIES[category].en) for category in DataCategory]),
        "## The events",
        *(_section(event, model, schema) for event, (model, schema) in events.items()),
        "## Shapes",
        *(section(name, shapes[name]) for name in named),
    )


def anchor(event: EventType) -> str:
    """Where the page describes an event."""
    return event.value.replace(".", "-").replace("_", "-")


def _section(event: EventType, model: type[Event], schema: Mapping[str, Any]) -> str:
    categories = fields_of(model)
    rows = [(f"`{name}`", kind(one), f"`{categories[name]}`", about(one)) for name, one in schema["properties"].items()]
    return page(
        f"### `{event.value}` {{ #{anchor(event)} }}",
        paragraphs(model.__doc__),
        f"CloudEvents type `{cloud_type(event)}`. {_permitted(event)}",
        table(("field", "is", "category", "about"), rows),
    )


def _permitted(event: EventType) -> str:
    rows = [f"[{plain(row.id)}](rules.md#{rule_anchor(row.id)})" for row in PERMITS if event in row.events]
    return f"Permitted by {', '.join(rows)}." if rows else "Between the exchange's own services: no row speaks of it."
