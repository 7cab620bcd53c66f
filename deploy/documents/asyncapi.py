"""The AsyncAPI 3.0 document of the exchange, as a node sees it: what it sends and hears, on which subject and how.

All of it comes from what the nodes themselves run by: the catalogue of events, the subjects and streams, the seal, and
the policy of a day. A message's payload is the CloudEvent that its signature, or its seal, is put around.
"""

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from inspect import getdoc, getmodule
from typing import Any

from deploy.documents.examples import examples
from deploy.documents.telling import Telling, on_paper, possible_at, tellings
from deploy.documents.transport import NKEY, SERVERS, TRAITS, channel_of_state, directed
from shared.contract.calendar import local_day
from shared.contract.events import CONTRACT, EVENTS, Envelope, cloud_type
from shared.contract.policy import STATE_EVENTS
from shared.contract.schemas import DEFINED, PLACE, Schema, file_name, schema_of
from shared.contract.vocabulary import DataCategory, EventType

COMPONENTS = "#/components/schemas/"
ABOUT = """What the services of police, shelters, health care and social services tell each other.

Nothing but these events crosses between agencies. Each is a CloudEvent (1.0, structured JSON). What is directed to a
node is signed by its sender and sealed for its receiver, so that the broker reads none of it; what is announced to
everyone is signed alone. Whether an event may leave, and what of it, policy decides each time: `x-who-tells-whom` says
who may tell whom what at most, and `x-data-category` what a field, with all that it consists of, tells of somebody.
What is withheld is null.
"""


def document(at: datetime) -> dict[str, Any]:
    """The whole document, with the policy of a time. The same each time, whatever the order of sets."""
    said, shown, paper = tellings(possible_at(at)), examples(), on_paper()
    sent = [event_type for event_type in EVENTS if event_type not in STATE_EVENTS | paper]
    messages = {one.value: _message(one, said.get(one, ()), shown[one], on_paper=one in paper) for one in EVENTS}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:qorgau:exchange",
        "info": _info(at),
        "defaultContentType": "application/cloudevents+json",
        "servers": SERVERS,
        "channels": {"directed": directed(sent)} | {one.value: channel_of_state(one) for one in sorted(STATE_EVENTS)},
        "operations": _operations(sent),
        "components": {
            "messages": messages,
            "messageTraits": TRAITS,
            "schemas": _definitions(),
            "securitySchemes": {"nkey": NKEY},
        },
    }


def _info(at: datetime) -> dict[str, Any]:
    return {
        "title": "Qorgau: the exchange between agencies",
        "version": str(CONTRACT),
        "description": f"{ABOUT}\nOf qorgau {version('qorgau')}, by the policy of {local_day(at)}.",
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        "tags": [{"name": name, "description": about} for name, about in sorted(_nouns().items())],
    }


def _operations(sent: list[EventType]) -> dict[str, Any]:
    """A node sends and hears directed events, each answered with a receipt, and announcements, which are not."""
    receipt = EventType.EVENTS_RECEIVED
    between = {
        "channel": _reference("channels", "directed"),
        "messages": [_of_channel("directed", one) for one in sent if one is not receipt],
        "reply": {
            "channel": _reference("channels", "directed"),
            "messages": [_of_channel("directed", receipt)],
        },
    }
    resent = "It is sent again until the receipt says that the receiving service has committed or refused it."
    made: dict[str, Any] = {
        "send": {"action": "send", "summary": "Tell another node", "description": resent, **between},
        "receive": {"action": "receive", "summary": "Take in what another node tells", **between},
    }
    for one in sorted(STATE_EVENTS):
        channel = {"channel": _reference("channels", one.value), "messages": [_of_channel(one.value, one)]}
        made[f"announce.{one.value}"] = {"action": "send", "summary": "Tell everyone", **channel}
        made[f"hear.{one.value}"] = {"action": "receive", "summary": "Keep the last that was announced", **channel}
    return made


def _message(event_type: EventType, said: Iterable[Telling], shown: Envelope, *, on_paper: bool) -> dict[str, Any]:
    summary, _, more = (getdoc(EVENTS[event_type]) or "").partition("\n\n")
    message: dict[str, Any] = {
        "name": cloud_type(event_type),
        "title": event_type.value,
        "summary": " ".join(summary.split()),
        "tags": [{"name": _noun(event_type)}],
        "payload": _in_components(_envelope(event_type)),
        "examples": [{"name": "told", "payload": _in_order(shown.model_dump(mode="json"))}],
        "x-json-schema": PLACE + file_name(cloud_type(event_type)),
        "x-who-tells-whom": [_line(one) for one in said],
    }
    message |= {"description": more} if more else {}
    if on_paper:
        return message | {"x-carried": "On paper: it is printed as a letter, and never sent."}
    form = "announced" if event_type in STATE_EVENTS else "sealed"
    return message | {"traits": [_reference("components/messageTraits", form)]}


def _line(one: Telling) -> dict[str, list[str]]:
    return {
        "from": [sender.value for sender in one.senders],
        "to": [recipient.value for recipient in one.recipients],
        "on": [basis.value for basis in one.bases],
        "at-most": [category.value for category in DataCategory if category in one.categories],
    }


def _envelope(event_type: EventType) -> Schema:
    """The schema of an event without what only a file of its own needs."""
    schema = schema_of(event_type)
    return {name: value for name, value in schema.items() if name not in ("$schema", "$id", "$defs", "description")}


def _definitions() -> dict[str, Schema]:
    """What the schemas of several events share."""
    found: dict[str, Schema] = {}
    for event_type in EVENTS:
        found |= schema_of(event_type)["$defs"]
    return {name: _in_components(schema) for name, schema in sorted(found.items())}


def _in_components(node: Any) -> Any:
    """With references into the document. Beside one nothing may stand in AsyncAPI's dialect (draft 07)."""
    if isinstance(node, list):
        return [_in_components(one) for one in node]
    if not isinstance(node, dict):
        return node
    said = {name: _in_components(value) for name, value in node.items() if name != "$ref"}
    if "$ref" not in node:
        return said
    reference = {"$ref": node["$ref"].replace(DEFINED, COMPONENTS)}
    return {"allOf": [reference], **said} if said else reference


def _in_order(node: Any) -> Any:
    """Lists of words sorted: most were sets, which come in any order."""
    if isinstance(node, dict):
        return {name: _in_order(value) for name, value in node.items()}
    if not isinstance(node, list):
        return node
    inner = [_in_order(one) for one in node]
    return sorted(inner) if all(isinstance(one, str) for one in inner) else inner


def _noun(event_type: EventType) -> str:
    """The file of `shared.contract.events` in which an event stands: one for each noun."""
    return EVENTS[event_type].__module__.rpartition(".")[2]


def _nouns() -> dict[str, str]:
    """Each noun with what its file says of itself."""
    about = {_noun(event_type): getdoc(getmodule(EVENTS[event_type])) or "" for event_type in EVENTS}
    return {name: " ".join(text.partition("\n\n")[0].split()) for name, text in about.items()}


def _reference(where: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/{where}/{name}"}


def _of_channel(channel: str, event_type: EventType) -> dict[str, str]:
    return _reference(f"channels/{channel}/messages", event_type.value)
