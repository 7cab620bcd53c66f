"""The example of each event: one that may leave, that can be read, and that is the same each time."""

import json

import jsonschema_rs
import pytest

from deploy.documents.examples import AT, ORGANISATIONS, examples
from shared.adapters.closing import ABOUT_NOBODY
from shared.contract.conditions import Party
from shared.contract.decisions import categories_in, fields_of, narrowed
from shared.contract.events import EVENTS, Envelope
from shared.contract.policy import STATE_EVENTS
from shared.contract.questions import decide_on
from shared.contract.schemas import schema_of
from shared.contract.vocabulary import Basis, EventType

ALL = examples()
AGENCIES = {organisation: agency for agency, organisation in ORGANISATIONS.items()}
DIRECTED = sorted(set(EVENTS) - STATE_EVENTS - {EventType.EVENTS_RECEIVED})


def test_there_is_one_of_every_event() -> None:
    assert list(ALL) == list(EVENTS)
    assert all(type(shown.data.content) is EVENTS[event_type] for event_type, shown in ALL.items())


@pytest.mark.parametrize("event_type", EVENTS)
def test_each_is_taken_by_its_schema_and_read_by_a_node(event_type: EventType) -> None:
    written = ALL[event_type].model_dump_json()
    jsonschema_rs.validate(schema_of(event_type), json.loads(written), validate_formats=True)
    assert Envelope.model_validate_json(written) == ALL[event_type]


@pytest.mark.parametrize("event_type", DIRECTED)
def test_each_may_leave_as_it_is_on_the_grounds_that_it_shows(event_type: EventType) -> None:
    shown = ALL[event_type]
    sender, recipient = (Party(AGENCIES[name], name) for name in (shown.sender, shown.recipient))
    assert shown.data.grounds is not None
    grounds = shown.data.grounds
    decision = decide_on(shown.data.content, sender=sender, recipient=recipient, grounds=grounds, at=AT)
    assert decision.permitted
    assert categories_in(shown.data.content) <= decision.categories | ABOUT_NOBODY
    assert narrowed(grounds, recipient=recipient, decision=decision) == grounds


@pytest.mark.parametrize("event_type", sorted(STATE_EVENTS))
def test_an_announcement_is_to_everyone_and_of_who_announces(event_type: EventType) -> None:
    shown = ALL[event_type]
    assert (shown.sender, shown.recipient, shown.source) == ("shelter-alatau", "everyone", "/nodes/shelter")


def test_no_example_tells_where_somebody_is_and_none_rests_on_an_emergency() -> None:
    told = {category for shown in ALL.values() for category in categories_in(shown.data.content)}
    assert "whereabouts" not in told
    assert Basis.EMERGENCY not in {shown.data.grounds.basis for shown in ALL.values() if shown.data.grounds}


def test_together_they_show_every_category_that_leaves_without_an_emergency_but_addiction() -> None:
    """What a consent opens to health at most is the person's health or addiction, by what she is referred for."""
    told = {category for shown in ALL.values() for category in categories_in(shown.data.content)}
    known = {category for model in EVENTS.values() for category in fields_of(model).values()}
    assert known - told == {"whereabouts", "addiction"}
