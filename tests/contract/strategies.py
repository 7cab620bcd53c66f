"""What Hypothesis draws: any event of the contract, any consent, any grounds, any move."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from shared.contract.agreement import Agreement, Exchange
from shared.contract.assessment import Seat
from shared.contract.capacity import Capacity
from shared.contract.concluding import Text
from shared.contract.conditions import NOTHING_MORE, Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.events import (
    EVENTS,
    Conviction,
    Event,
    GoalProgress,
    Household,
    LongText,
    PublishedCell,
    PublishedTable,
    Refused,
    ShortText,
    UnitCount,
)
from shared.contract.grounds import CourtDecision, Emergency, Grounds, Handling
from shared.contract.policy import PERMITS, Permit
from shared.contract.referral import Move
from shared.contract.treatment_words import Material
from shared.contract.vocabulary import (
    RECIPIENTS,
    Agency,
    Basis,
    BedKind,
    DataCategory,
    EventType,
    Grantor,
    Progress,
    Purpose,
    ReferralAction,
    Right,
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

goals = st.builds(GoalProgress, kind=st.sampled_from(Right), progress=st.sampled_from(Progress))

tokens = st.sampled_from(["eyJhbGciOiJFZDI1NTE5In0.eyJ2ZXJzaW9uIjoxfQ.c2ln", "e30.e30.e30"])
convictions = st.builds(
    Conviction, article=st.sampled_from(["cc-109", "cao-73-1"]), convicted_on=st.dates(), spent=st.booleans()
)

counts = st.builds(
    PublishedCell, codes=st.sampled_from([("physical",), ("total",)]), count=st.none() | st.integers(0, 99)
)
tables = st.builds(
    PublishedTable,
    name=st.just("incidents-by-kind"),
    by=st.just(("kind",)),
    cells=st.lists(counts, max_size=3).map(tuple),
)

OPTIONAL_TEXTS: list[Any] = [LongText | None, ShortText | None]
# Fields whose type alone does not say what fits.
BY_NAME: dict[str, SearchStrategy[Any]] = {
    "at": moments,
    "until": st.none() | moments,
    "registered_at": moments,
    "happened_at": st.none() | moments,
    "admitted_at": st.none() | moments,
    "breached_at": st.none() | moments,
    "version": st.integers(1, 1000),
    "revision": st.integers(1, 1000),
    "goals": st.none() | st.lists(goals, max_size=3).map(tuple),
    "round": st.integers(1, 1000),
    "meets_at": moments,
    "suggests": st.none() | moments,
    "signed_at": moments,
    "place": organisations,
    "quorum": st.none() | st.just((Seat.OFFICER, Seat.SOCIAL_WORKER, Seat.PSYCHOLOGIST)),
    "convictions": st.none() | st.lists(convictions, max_size=3).map(tuple),
    "tokens": st.none() | st.sampled_from(["", "AQID" * 11]),
    "twice": st.none() | st.sampled_from(["", "AQID" * 11]),
    "tables": st.none() | st.lists(tables, max_size=2).map(tuple),
    "published_at": moments,
    "materials": st.none() | st.lists(st.sampled_from(Material), max_size=5).map(tuple),
    "times": st.none() | st.integers(1, 1000),
    "position": st.integers(1, 1000),
    "chain_hash": st.sampled_from(["0" * 64, "9f" * 32]),
    "node": st.sampled_from(["police", "shelter-2"]),
    "id": organisations,
    "organisation": organisations,
    "suggested": st.none() | organisations,
    "kato": st.sampled_from(["751110000", "710000000", "101010000"]),
    "iin": st.none() | st.sampled_from(["880101300000", "040229500005"]),
    "household": st.none() | households,
    "units": st.lists(units, max_size=3).map(tuple),
    "languages": st.none() | st.lists(texts, max_size=3).map(tuple),
    "responsible_for": st.lists(texts, max_size=3).map(tuple),
    "terms": st.deferred(lambda: drafts),
    "signature": st.none() | tokens,
    "signatures": st.lists(tokens, max_size=3).map(tuple),
    "notice": tokens,
    "lines": st.lists(st.integers(1, 9), max_size=3).map(tuple),
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
recipients = st.builds(Party, st.sampled_from(RECIPIENTS), organisations)
categories = st.frozensets(st.sampled_from(DataCategory))
consents = st.builds(
    Consent,
    id=st.uuids(),
    recorded_by=organisations,
    purposes=st.frozensets(st.sampled_from(Purpose), min_size=1),
    recipients=st.frozensets(st.sampled_from(RECIPIENTS) | organisations, min_size=1),
    categories=categories,
    granted_by=st.sampled_from(Grantor),
    given_at=near_now,
    valid_until=near_now.map(lambda moment: moment + timedelta(hours=7)),
    withdrawn_at=st.none() | near_now,
)
emergencies = st.builds(
    Emergency,
    id=st.uuids(),
    declared_by=organisations,
    declared_at=near_now | near_now.map(lambda moment: moment - timedelta(hours=72)),
    until=near_now.map(lambda moment: moment + timedelta(hours=4)),
)
near_today = st.integers(-2, 2).map(lambda days: NOW.date() + timedelta(days=days))
court_decisions = st.builds(
    CourtDecision,
    number=st.just("7599-26-00-4/112"),
    decided_on=near_today.map(lambda day: day - timedelta(days=4)),
    until=near_today,
)
bases, purposes = st.sampled_from(Basis), st.none() | st.sampled_from(Purpose)


def grounds_for(
    basis: SearchStrategy[Basis], purpose: SearchStrategy[Purpose | None], subject: SearchStrategy[SubjectRole]
) -> SearchStrategy[Grounds]:
    """Grounds with everything that may prove a basis, fitting or not."""
    return st.builds(
        Grounds,
        basis=basis,
        purpose=purpose,
        subject=subject,
        consent=st.none() | consents,
        emergency=st.none() | emergencies,
        court=st.none() | court_decisions,
        anonymous=st.booleans(),
    )


grounds = grounds_for(bases, purposes, st.sampled_from(SubjectRole))
labels = st.builds(Handling, origin=organisations, basis=bases, purpose=purposes, categories=categories)
agencies = st.frozensets(st.sampled_from(Agency), min_size=1)
exchanges = st.builds(
    Exchange,
    permit=st.sampled_from([row.id for row in PERMITS]),
    senders=agencies,
    recipients=agencies,
    bases=st.frozensets(bases, min_size=1),
    categories=st.frozensets(st.sampled_from(DataCategory), min_size=1),
)
agreements = st.builds(
    Agreement,
    id=st.sampled_from(["A-75-2024", "A-75-2026"]),
    region=st.just("75"),
    parties=st.frozensets(organisations, min_size=2),
    exchanges=st.lists(exchanges, max_size=4).map(tuple),
    valid_from=near_today,
    valid_until=st.none() | near_today.map(lambda day: day + timedelta(days=5)),
)
drafts: SearchStrategy[Text] = st.builds(Text, version=st.integers(1, 1000), agreement=agreements)
BIRTH_DATES = (date(1990, 5, 1), date(2009, 5, 1), date(2015, 9, 1))  # an adult, sixteen, a child
capacities = st.builds(
    Capacity,
    birth_date=st.none() | st.sampled_from(BIRTH_DATES),
    incapacitated=st.booleans(),
    representative_is_alleged_offender=st.booleans(),
)
circumstances = st.just(NOTHING_MORE) | st.builds(
    Circumstances,
    agreements=st.lists(agreements, max_size=2).map(tuple),
    handling=st.lists(labels, max_size=2).map(tuple),
    capacity=st.none() | capacities,
)


class Question(NamedTuple):
    """What `decide()` is asked, but for the time."""

    event_type: EventType
    sender: Party
    recipient: Party
    grounds: Grounds
    circumstances: Circumstances = NOTHING_MORE


def matching(row: Permit) -> SearchStrategy[Question]:
    """What a permit opens, with anything that may prove its basis, and in any circumstances."""
    return st.builds(
        Question,
        st.sampled_from(sorted(row.events)),
        st.builds(Party, st.sampled_from(sorted(row.senders)), organisations),
        st.builds(Party, st.sampled_from(sorted(row.recipients)), organisations),
        grounds_for(
            st.sampled_from(sorted(row.bases)),
            st.sampled_from(sorted(row.purposes, key=str)),
            st.sampled_from(sorted(row.subjects)),
        ),
        circumstances,
    )


anything = st.builds(Question, event_types, parties, recipients, grounds, circumstances)
questions = st.sampled_from(PERMITS).flatmap(matching) | anything
moves = st.builds(Move, st.integers(1, 5), st.sampled_from(ReferralAction), st.sampled_from(Side))
