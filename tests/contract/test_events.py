"""The events: every field has one category, everything survives JSON, and newer nodes are understood."""

import types
import typing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contract.decisions import fields_of, redact
from shared.contract.events import EVENTS, Envelope, Event, LongText, Payload, ShortText, cloud_type, model_of
from shared.contract.grounds import Grounds
from shared.contract.policy import STATE_EVENTS
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType
from tests.contract.strategies import any_of, events, grounds

FIELDS = [(model, name) for model in EVENTS.values() for name in model.model_fields]
EMPTYABLE = [(m, n) for m, n in FIELDS if fields_of(m)[n] not in {C.ROUTING, C.PUBLIC}]
ONE = UUID(int=1)
AT = datetime(2026, 3, 20, 9, tzinfo=UTC)


def wrap(content: Event, on: Grounds | None = None) -> Envelope:
    return Envelope(
        id=ONE,
        type=cloud_type(content.type),
        source="/nodes/police",
        subject=str(ONE),
        time=AT,
        sender="police-almaty",
        recipient="shelter-almaty",
        data=Payload(grounds=on, content=content),
    )


def raw(event_type: str = "kz.qorgau.message.posted.v1", **content: Any) -> dict[str, Any]:
    """A message as it comes from another node."""
    return {
        "specversion": "1.0",
        "id": str(ONE),
        "type": event_type,
        "source": "/nodes/police",
        "subject": str(ONE),
        "time": AT.isoformat(),
        "sender": "police-almaty",
        "recipient": "shelter-almaty",
        "data": {"content": {"message_id": str(ONE), "referral_id": str(ONE), "at": AT.isoformat(), **content}},
    }


def test_every_model_has_its_own_event_type() -> None:
    assert {event_type: model.type for event_type, model in EVENTS.items()} == {kind: kind for kind in EVENTS}
    assert set(EVENTS.values()) == set(Event.__subclasses__())


@pytest.mark.parametrize("event_type", sorted(set(EventType) - set(EVENTS) | {"unheard.of"}))
def test_an_event_that_has_no_model_yet_can_not_be_read(event_type: EventType) -> None:
    with pytest.raises(ValueError, match="not in this contract"):
        model_of(f"kz.qorgau.{event_type}.v1")


@pytest.mark.parametrize(("model", "name"), FIELDS)
def test_every_field_has_exactly_one_category(model: type[Event], name: str) -> None:
    marks = [mark for mark in model.model_fields[name].metadata if isinstance(mark, C)]
    assert len(marks) == 1
    assert fields_of(model)[name] is marks[0]


@pytest.mark.parametrize(
    ("category", "names"),
    [
        (C.IDENTITY, {"family_name", "given_name", "patronymic", "birth_date", "sex", "iin", "languages"}),
        (C.CONTACT, {"phone"}),
        (C.WORKER_CONTACT, {"call_back"}),
        (C.HOUSEHOLD, {"household"}),
        (C.DEPENDANTS, {"dependants"}),
        (C.WHEREABOUTS, {"address"}),
        (C.HEALTH, {"health"}),
        (C.ADDICTION, {"addiction"}),
        (C.NARRATIVE, {"circumstances"}),
    ],
)
def test_what_a_referral_says_about_someone_is_in_its_own_category(category: C, names: set[str]) -> None:
    categories = fields_of(EVENTS[EventType.REFERRAL_REQUESTED])
    assert {name for name in categories if categories[name] is category} == names


def test_a_field_without_a_category_is_a_fault() -> None:
    class Careless(Event):
        nickname: str | None = None

    with pytest.raises(LookupError, match=r"Careless\.nickname"):
        fields_of(Careless)


@pytest.mark.parametrize(("model", "name"), EMPTYABLE)
def test_every_field_that_can_be_withheld_can_be_null_and_is_by_default(model: type[Event], name: str) -> None:
    info = model.model_fields[name]
    assert not info.is_required()
    assert info.default is None
    assert types.NoneType in typing.get_args(info.annotation)


@pytest.mark.parametrize("event_type", sorted(STATE_EVENTS))
def test_an_announcement_says_nothing_that_is_not_public(event_type: EventType) -> None:
    assert set(fields_of(EVENTS[event_type]).values()) == {C.PUBLIC}


AGREEMENTS = {kind for kind in EVENTS if kind.startswith("agreement.")}


@pytest.mark.parametrize("event_type", sorted(AGREEMENTS))
def test_of_a_local_agreement_all_is_public_and_nothing_is_free_text(event_type: EventType) -> None:
    model = EVENTS[event_type]
    assert set(fields_of(model).values()) == {C.PUBLIC}
    assert not {LongText, ShortText, LongText | None, ShortText | None} & {
        i.annotation for i in model.model_fields.values()
    }


@pytest.mark.parametrize("event_type", sorted(set(EVENTS) - STATE_EVENTS - AGREEMENTS))
def test_what_is_addressed_to_someone_has_no_public_field(event_type: EventType) -> None:
    assert C.PUBLIC not in fields_of(EVENTS[event_type]).values()


def test_a_refusal_notice_has_no_field_that_could_say_who_or_where_she_is() -> None:
    assert set(fields_of(EVENTS[EventType.REFUSAL_NOTICE_ISSUED]).values()) == {C.ROUTING}


@pytest.mark.parametrize(("model", "name"), FIELDS)
def test_free_text_about_a_referral_is_never_routing(model: type[Event], name: str) -> None:
    long = any(getattr(mark, "max_length", 0) == 4000 for mark in _marks(model.model_fields[name].annotation))
    assert not long or fields_of(model)[name] not in {C.ROUTING, C.PUBLIC, C.NEEDS}


def _marks(annotation: Any) -> list[Any]:
    """The metadata of an annotation and of everything inside it, such as a maximum length."""
    found = [*getattr(annotation, "__metadata__", ())]
    for mark in found.copy():
        found += getattr(mark, "metadata", [])
    return found + [mark for inner in typing.get_args(annotation) for mark in _marks(inner)]


def test_no_two_cloud_types_are_the_same() -> None:
    assert len({cloud_type(event_type) for event_type in EventType}) == len(EventType)


@pytest.mark.parametrize("event_type", EVENTS)
def test_a_cloud_type_leads_back_to_its_model(event_type: EventType) -> None:
    assert model_of(cloud_type(event_type)).type is event_type


@pytest.mark.parametrize("model", EVENTS.values())
def test_every_event_survives_its_way_through_json(model: type[Event]) -> None:
    @given(any_of(model), st.none() | grounds)
    def survives(content: Event, on: Grounds | None) -> None:
        sent = wrap(content, on)
        arrived = Envelope.model_validate_json(sent.model_dump_json())
        assert arrived == sent
        assert type(arrived.data.content) is model

    survives()


@given(events, st.none() | grounds)
def test_an_event_kept_as_json_in_the_outbox_is_the_same_event(content: Event, on: Grounds | None) -> None:
    assert Envelope.model_validate(wrap(content, on).model_dump(mode="json")) == wrap(content, on)


@given(events)
def test_an_unknown_field_of_a_newer_version_changes_nothing_of_what_is_known(content: Event) -> None:
    newer = wrap(content).model_dump(mode="json")
    newer["data"]["content"]["mood"] = "hopeful"
    newer["data"]["footnote"] = 1
    newer["dataschema"] = "v2"
    read = Envelope.model_validate(newer)
    assert read.data.content.model_extra == {"mood": "hopeful"}
    assert read.model_copy(update={"data": read.data.model_copy(update={"content": content})}) == wrap(content)
    assert redact(read.data.content, frozenset(C)) == content


@pytest.mark.parametrize(
    "name", ["", "None", "message.posted", "kz.qorgau.message.posted.v2", "kz.qorgau.person.tracked.v1"]
)
def test_an_unknown_event_type_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError, match="not in this contract"):
        model_of(name)
    with pytest.raises(ValidationError, match="not in this contract"):
        Envelope.model_validate(raw(name))


@pytest.mark.parametrize("data", [None, [], "x", {}, {"content": None}, {"content": []}, {"content": {}}])
def test_an_envelope_without_content_is_invalid(data: object) -> None:
    with pytest.raises(ValidationError):
        Envelope.model_validate({**raw(), "data": data})


def test_an_envelope_of_another_cloudevents_version_is_invalid() -> None:
    with pytest.raises(ValidationError, match="specversion"):
        Envelope.model_validate({**raw(), "specversion": "0.3"})


def test_a_text_has_at_most_4000_characters() -> None:
    assert Envelope.model_validate(raw(body="ж" * 4000)).data.content is not None
    with pytest.raises(ValidationError, match="4000"):
        Envelope.model_validate(raw(body="ж" * 4001))


def test_a_text_holds_nothing_that_a_database_can_not_keep() -> None:
    with pytest.raises(ValidationError, match="pattern"):
        Envelope.model_validate(raw(body="a\0b"))


def test_an_event_can_not_be_changed() -> None:
    content = Envelope.model_validate(raw(body="Tomorrow at nine?")).data.content
    with pytest.raises(ValidationError, match="frozen"):
        content.body = "Tonight"  # type: ignore[attr-defined]


@pytest.mark.parametrize("households", [{"adults": -1, "children": 0}, {"adults": 1, "children": 21}])
def test_a_household_has_between_no_and_twenty_of_each(households: dict[str, int]) -> None:
    asked = {"purpose": "lodging", "subject": "victim", "household": households}
    with pytest.raises(ValidationError, match="household"):
        Envelope.model_validate(raw("kz.qorgau.referral.requested.v1", **asked))
