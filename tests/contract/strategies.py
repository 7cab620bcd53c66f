"""What Hypothesis draws: any event of the contract, any consent, any grounds, any move."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from shared.contract.conditions import Party
from shared.contract.consent import Consent
from shared.contract.events import EVENTS, Event, Household, LongText, Refused, ShortText, UnitCount
from shared.contract.grounds import Grounds
from shared.contract.policy import PERMITS, Permit
from shared.contract.referral import Move
from shared.contract.vocabulary import (
    Agency,
    Basis,
    BedKind,
    DataCategory,
    EventType,
    Purpose,
    ReferralAction,
    Side,
    SubjectRole,
)

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
ORGANISATIONS = ("police-almaty", "shelter-almaty", "hospital-4", "akimat-almaty")

moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001, zone is given
near_now = st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours))
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
organisations = st.sampled_from(ORGANISATIONS)
households = st.builds(Household, adults=st.integers(0, 20), children=st.integers(0, 20))
units = st.builds(
    UnitCount,
    unit=texts,
    kind=st.sampled_from(BedKind),
    capacity=st.integers(0, 99),
    free=st.integers(0, 99),
    counted_at=moments,
)

OPTIONAL_TEXTS: list[Any] = [LongText | None, ShortText | None]
# Fields whose type alone does not say what fits.
BY_NAME: dict[str, SearchStrategy[Any]] = {
    "at": moments,
    "until": st.none() | moments,
    "version": st.integers(1, 1000),
    "id": organisations,
    "organisation": organisations,
    "suggested": st.none() | organisations,
    "kato": st.sampled_from(["751110000", "710000000", "101010000"]),
    "iin": st.none() | st.sampled_from(["880101300000", "040229500005"]),
    "household": st.none() | households,
    "units": st.lists(units, max_size=3).map(tuple),
    "languages": st.none() | st.lists(texts, max_size=3).map(tuple),
    "responsible_for": st.lists(texts, max_size=3).map(tuple),
    "refused": st.lists(st.builds(Refused, event_id=st.uuids(), rule=texts), max_size=3).map(tuple),
}


def any_of(model: type[Event]) -> SearchStrategy[Event]:
    """Any event of one type."""
    return st.builds(model, **{name: _any_value(name, info.annotation) for name, info in model.model_fields.items()})


def _any_value(name: str, annotation: Any) -> SearchStrategy[Any]:
    if name in BY_NAME:
        return BY_NAME[name]
    if annotation is str:
        return texts
    return st.none() | texts if annotation in OPTIONAL_TEXTS else st.from_type(annotation)


events = st.one_of([any_of(model) for model in EVENTS.values()])
event_types = st.sampled_from(EventType)
parties = st.builds(Party, st.sampled_from(Agency), organisations)
categories = st.frozensets(st.sampled_from(DataCategory))
consents = st.builds(
    Consent,
    id=st.uuids(),
    recorded_by=organisations,
    purposes=st.frozensets(st.sampled_from(Purpose), min_size=1),
    recipients=st.frozensets(st.sampled_from(Agency) | organisations, min_size=1),
    categories=categories,
    given_at=near_now,
    valid_until=near_now.map(lambda moment: moment + timedelta(hours=7)),
    withdrawn_at=st.none() | near_now,
)
grounds = st.builds(
    Grounds,
    basis=st.sampled_from(Basis),
    purpose=st.none() | st.sampled_from(Purpose),
    subject=st.sampled_from(SubjectRole),
    consent=st.none() | consents,
)


class Question(NamedTuple):
    """What `decide()` is asked, but for the time."""

    event_type: EventType
    sender: Party
    recipient: Party
    grounds: Grounds


def matching(row: Permit) -> SearchStrategy[Question]:
    """What a permit opens, with any consent or none."""
    return st.builds(
        Question,
        st.sampled_from(sorted(row.events)),
        st.builds(Party, st.sampled_from(sorted(row.senders)), organisations),
        st.builds(Party, st.sampled_from(sorted(row.recipients)), organisations),
        st.builds(
            Grounds,
            basis=st.sampled_from(sorted(row.bases)),
            purpose=st.sampled_from(sorted(row.purposes, key=str)),
            subject=st.sampled_from(sorted(row.subjects)),
            consent=st.none() | consents,
        ),
    )


questions = st.sampled_from(PERMITS).flatmap(matching) | st.builds(Question, event_types, parties, parties, grounds)
moves = st.builds(Move, st.integers(1, 5), st.sampled_from(ReferralAction), st.sampled_from(Side))
