"""The AsyncAPI document: every event as the code has it. That it is valid, `make test-standards` sees to."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest

from deploy.documents.asyncapi import document
from shared.adapters.jetstream import directed_subject, state_subject
from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS, Event, cloud_type
from shared.contract.policy import STATE_EVENTS
from shared.contract.schemas import CATEGORY
from shared.contract.vocabulary import EventType

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
MADE = document(AT)
MESSAGES = MADE["components"]["messages"]
PAPER = {EventType.LETTER_WRITTEN, EventType.LETTER_RECALLED}
PRINT = f"import json; from datetime import *; from deploy.documents.asyncapi import document; \
print(json.dumps(document(datetime.fromisoformat('{AT.isoformat()}'))))"


def content(event_type: EventType) -> dict[str, Any]:
    found: dict[str, Any] = MESSAGES[event_type]["payload"]["properties"]["data"]["properties"]["content"]
    return found


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for one in node for found in references(one)]
    if not isinstance(node, dict):
        return []
    return [node["$ref"]] if "$ref" in node else references(list(node.values()))


def there(reference: str) -> Any:
    found: Any = MADE
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


@pytest.mark.parametrize(("event_type", "model"), EVENTS.items())
def test_every_event_is_a_message_with_its_type_docstring_and_categories(
    event_type: EventType, model: type[Event]
) -> None:
    message = MESSAGES[event_type]
    assert (message["name"], message["title"]) == (cloud_type(event_type), event_type)
    said = " ".join(f"{message['summary']} {message.get('description', '')}".split())
    assert said == " ".join((model.__doc__ or "").split())
    assert {name: field[CATEGORY] for name, field in content(event_type)["properties"].items()} == fields_of(model)
    assert message["payload"]["properties"]["type"] == {"const": cloud_type(event_type)}


def test_every_message_is_tagged_by_its_noun_and_every_noun_is_described() -> None:
    nouns = {tag["name"]: tag["description"] for tag in MADE["info"]["tags"]}
    assert {message["tags"][0]["name"] for message in MESSAGES.values()} == set(nouns)
    assert MESSAGES["referral.requested"]["tags"] == [{"name": "referrals"}]
    assert nouns["referrals"] == "A referral is asked for, moved, and its bed held (F1, F2, F5, F7, F9)."


def test_what_is_directed_travels_sealed_on_the_subject_of_two_nodes() -> None:
    directed = MADE["channels"]["directed"]
    assert directed["address"] == directed_subject("{sender}", "{recipient}")
    assert set(directed["messages"]) == set(EVENTS) - STATE_EVENTS - PAPER
    assert all(
        MESSAGES[name]["traits"] == [{"$ref": "#/components/messageTraits/sealed"}] for name in directed["messages"]
    )


@pytest.mark.parametrize("event_type", sorted(STATE_EVENTS))
def test_what_is_announced_travels_signed_on_the_subject_of_its_organisation(event_type: EventType) -> None:
    channel = MADE["channels"][event_type]
    assert channel["address"] == state_subject("{sender}", event_type, "{organisation}")
    assert list(channel["messages"]) == [event_type]
    assert MESSAGES[event_type]["traits"] == [{"$ref": "#/components/messageTraits/announced"}]


@pytest.mark.parametrize("event_type", sorted(PAPER))
def test_a_letter_is_on_no_subject(event_type: EventType) -> None:
    assert all(event_type not in channel["messages"] for channel in MADE["channels"].values())
    assert "never sent" in MESSAGES[event_type]["x-carried"]
    assert "traits" not in MESSAGES[event_type]


def test_what_is_sent_is_answered_with_a_receipt_and_a_receipt_is_not() -> None:
    receipt = {"$ref": "#/channels/directed/messages/events.received"}
    for name in ("send", "receive"):
        assert MADE["operations"][name]["reply"]["messages"] == [receipt]
        assert receipt not in MADE["operations"][name]["messages"]


def test_who_tells_whom_is_what_the_policy_of_that_day_opens() -> None:
    assert MESSAGES["refusal_notice.issued"]["x-who-tells-whom"] == [
        {"from": ["shelter"], "to": ["police"], "on": ["statutory_duty"], "at-most": ["routing"]}
    ]
    before_the_law = document(AT.replace(year=1990))["components"]["messages"]
    told = [name for name, message in before_the_law.items() if message["x-who-tells-whom"]]
    assert told == ["events.received"]


def test_a_letter_is_not_sent_on_a_day_either_on_which_no_rule_speaks_of_it() -> None:
    assert PAPER.isdisjoint(document(AT.replace(year=1990))["channels"]["directed"]["messages"])


def test_every_reference_leads_somewhere_and_nothing_stands_beside_one() -> None:
    found = references(MADE)
    assert len(found) == json.dumps(MADE).count('"$ref"') > len(EVENTS)
    assert all(there(reference) for reference in found)

    def alone(node: Any) -> bool:
        inner = node if isinstance(node, list) else list(node.values()) if isinstance(node, dict) else []
        return all(alone(one) for one in inner) and (not isinstance(node, dict) or "$ref" not in node or len(node) == 1)

    assert alone(MADE)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_example_of_each_message_is_taken_by_its_payload(name: str) -> None:
    payload = {**MESSAGES[name]["payload"], "components": MADE["components"]}
    (shown,) = MESSAGES[name]["examples"]
    jsonschema_rs.Draft7Validator(payload, validate_formats=True).validate(shown["payload"])


def test_it_names_no_host_and_no_secret() -> None:
    assert MADE["servers"]["broker"]["host"] == "{host}:{port}"
    assert "default" not in MADE["servers"]["broker"]["variables"]["host"]


def test_it_is_the_same_whatever_the_order_of_sets() -> None:
    hashed_otherwise = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run(  # noqa: S603  # our own
        [sys.executable, "-c", PRINT], env=hashed_otherwise, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == json.dumps(MADE) + "\n"
