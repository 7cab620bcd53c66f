"""The envelope by the CloudEvents project's own SDK, in structured mode: each reads what the other writes.

Rules: CloudEvents 1.0.2, sections 2.1 and 3 (attributes), and its JSON format.
"""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contract.events import EVENTS, Envelope, Event, cloud_type
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import EventType
from tests.contract.strategies import any_of, grounds
from tests.contract.test_events import AT, raw, wrap

JSON = JSONFormat()
DEFINED = {"id", "source", "specversion", "type", "datacontenttype", "dataschema", "subject", "time"}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
RFC_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"


def written(envelope: Envelope) -> bytes:
    """As the relay, the announcer and receipts write it before it is sealed."""
    return envelope.model_dump_json().encode()


def read(payload: bytes) -> CloudEvent:
    return cast(CloudEvent, JSON.read(CloudEvent, payload))


@pytest.mark.parametrize("model", EVENTS.values())
def test_the_sdk_reads_what_a_node_writes_and_a_node_what_the_sdk_writes(model: type[Event]) -> None:
    @settings(max_examples=25)
    @given(any_of(model), st.none() | grounds, st.none() | st.just(TRACE))
    def both_ways(content: Event, on: Grounds | None, trace: str | None) -> None:
        sent = wrap(content, on).model_copy(update={"traceparent": trace})
        event = read(written(sent))
        assert event.get_type() == cloud_type(model.type)
        assert (event.get_id(), event.get_source()) == (str(sent.id), sent.source)
        assert (event.get_subject(), event.get_time()) == (sent.subject, sent.time)
        assert (event.get_extension("sender"), event.get_extension("recipient")) == (sent.sender, sent.recipient)
        assert event.get_extension("traceparent") == trace
        assert event.get_data() == json.loads(sent.data.model_dump_json())
        assert Envelope.model_validate_json(JSON.write(event)) == sent

    both_ways()


def test_an_event_that_somebody_makes_with_the_sdk_is_read_here() -> None:
    made = raw("kz.qorgau.message.posted.v1", body="Ертең сағат тоғызда?")
    attributes = {name: value for name, value in made.items() if name != "data"} | {"time": AT}
    received = Envelope.model_validate_json(JSON.write(CloudEvent(attributes, made["data"])))
    assert received.data.content.type is EventType.MESSAGE_POSTED
    assert (received.sender, received.time) == ("police-almaty", AT)


def test_the_names_of_all_attributes_are_such_as_every_protocol_can_carry() -> None:
    names = Envelope.model_fields.keys() - {"data"}
    assert names >= {"id", "source", "specversion", "type"}
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]{1,20}", name)] == []
    assert names - DEFINED == {"sender", "recipient", "traceparent"}


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_type_begins_with_a_reversed_domain_name_and_ends_with_the_version(event_type: EventType) -> None:
    assert re.fullmatch(r"kz\.qorgau\.[a-z_]+\.[a-z_]+\.v1", cloud_type(event_type))


@given(content=any_of(EVENTS[EventType.MESSAGE_POSTED]))
@pytest.mark.parametrize(
    "at",
    [AT, datetime(2026, 3, 20, 9, 0, 0, 123456, UTC), AT.astimezone(timezone(timedelta(hours=5)))],
    ids=["whole seconds", "microseconds", "Kazakhstan's time"],
)
def test_every_attribute_is_text_in_json_and_the_time_is_rfc_3339s(at: datetime, content: Event) -> None:
    sent = json.loads(written(wrap(content).model_copy(update={"time": at, "traceparent": TRACE})))
    attributes = {name: value for name, value in sent.items() if name != "data"}
    assert [name for name, value in attributes.items() if not isinstance(value, str) or not value] == []
    assert re.fullmatch(RFC_3339, attributes["time"])
    assert datetime.fromisoformat(attributes["time"]) == at
    assert isinstance(sent["data"], dict)


@pytest.mark.parametrize("name", ["id", "source", "type"])
def test_what_lacks_an_attribute_that_must_be_there_is_refused_by_both(name: str) -> None:
    payload = json.dumps({**raw(), name: None}).encode()
    with pytest.raises(CloudEventValidationError):
        read(payload)
    with pytest.raises(ValidationError):
        Envelope.model_validate_json(payload)
