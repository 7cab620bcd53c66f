"""How events travel, in AsyncAPI's words: servers, subjects, streams, and the form that a message has on its way."""

from collections.abc import Iterable
from typing import Any

from shared.adapters.jetstream import DIRECTED, DOMAIN, STATE, directed_subject, state_subject
from shared.adapters.jose import LARGEST, SEALED, SIGNED
from shared.adapters.streams import STREAMS, consumer
from shared.contract.vocabulary import EventType

NODE = {"description": "The name of a node in the network: a-z, 0-9 and -.", "examples": ["police", "shelter"]}
SERVERS = {
    "broker": {
        "host": "{host}:{port}",
        "protocol": "nats",
        "description": f"NATS with JetStream, in its domain `{DOMAIN}`; a site's own server may be a leaf node of it.",
        "variables": {
            "host": {"description": "The network's operator names it.", "examples": ["nats.example.kz"]},
            "port": {"default": "4222"},
        },
        "security": [{"$ref": "#/components/securitySchemes/nkey"}],
    }
}
NKEY = {
    "type": "asymmetricEncryption",
    "description": "A NATS NKEY (Ed25519) for each node, with which it signs what the server asks it to.",
}
SIGNATURE = {"alg": "Ed25519", "typ": "qorgau-event", "header": sorted(SIGNED)}
SEAL = {"alg": "ECDH-ES", "crv": "X25519", "enc": "A256GCM", "cty": "JWT", "header": sorted(SEALED)}
TRAITS: dict[str, Any] = {
    "sealed": {
        "contentType": "application/jose",
        "headers": {
            "type": "object",
            "properties": {
                "Nats-Msg-Id": {
                    "type": "string",
                    "description": "The event's id, a colon and the number of the attempt. A receipt has none.",
                }
            },
        },
        "x-form": "A CloudEvent in a compact JWS by the sending node, in a compact JWE for the receiving node.",
        "x-jwe": SEAL,
        "x-jws": SIGNATURE,
        "x-largest-bytes": LARGEST,
    },
    "announced": {
        "contentType": "application/jose",
        "x-form": "A CloudEvent in a compact JWS by the announcing node. It is not sealed: everyone may read it.",
        "x-jws": SIGNATURE,
        "x-largest-bytes": LARGEST,
    },
}


def directed(events: Iterable[EventType]) -> dict[str, Any]:
    """The channel of what one node tells another."""
    return {
        "address": directed_subject("{sender}", "{recipient}"),
        "title": "From node to node",
        "description": "A node may publish under its own name alone, and is given only what bears its name.",
        "parameters": {"sender": NODE, "recipient": NODE},
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {event.value: {"$ref": f"#/components/messages/{event.value}"} for event in events},
        "x-jetstream": _stream(DIRECTED, "{recipient}"),
    }


def channel_of_state(event: EventType) -> dict[str, Any]:
    """The channel of one kind of announcement."""
    return {
        "address": state_subject("{sender}", event, "{organisation}"),
        "title": "To everyone",
        "description": "The last one on a subject is the valid one. It is said again at intervals, and has no receipt.",
        "parameters": {"sender": NODE, "organisation": {"description": "Which organisation it is about."}},
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {event.value: {"$ref": f"#/components/messages/{event.value}"}},
        "x-jetstream": _stream(STATE, "{node}"),
    }


def _stream(name: str, node: str) -> dict[str, Any]:
    """What the broker keeps of it, and how a node is given it."""
    stream = next(one for one in STREAMS if one.name == name)
    reads = consumer(name, node)
    return {
        "stream": name,
        "kept-for-seconds": stream.max_age,
        "kept-per-subject": stream.max_msgs_per_subject,
        "consumer": reads.durable_name,
        "filter": reads.filter_subject,
        "acknowledge": "each",
        "again-after-seconds": reads.backoff,
    }
