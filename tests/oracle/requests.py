"""Requests for both: aimed at a row and often just beside it, with every time near its border.

The rows only aim the requests; no answer is taken from them.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from shared.contract.agreement import Agreement, Exchange
from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.grounds import CourtDecision, Emergency, Grounds, Handling
from shared.contract.policy import PERMITS, Permit
from shared.contract.vocabulary import (
    RECIPIENTS,
    Agency,
    Basis,
    DataCategory,
    EventType,
    Grantor,
    Purpose,
    Recipient,
    SubjectRole,
)
from tests.oracle.oracle import KAZAKHSTAN, NAMES, Asked

INSTANT = timedelta(milliseconds=1)
# An ordinary morning, both sides of midnight in Kazakhstan, a leap day, and both sides of the day the law begins on.
MOMENTS = (
    datetime(2026, 3, 20, 9, tzinfo=UTC),
    datetime(2026, 3, 20, 18, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 20, 19, tzinfo=UTC),
    datetime(2028, 2, 29, 9, tzinfo=UTC),
    datetime(2010, 1, 1, tzinfo=UTC),
    datetime(2009, 12, 31, 23, 59, 59, tzinfo=UTC),
)
AROUND = (-timedelta(days=1), -INSTANT, timedelta(0), INSTANT, timedelta(days=1))
AGO = (timedelta(0), timedelta(hours=72))  # declared about now, or as long ago as an emergency can last

names = st.sampled_from(NAMES)
categories = st.frozensets(st.sampled_from(DataCategory))
most_categories = st.just(frozenset(DataCategory)) | categories
seldom = st.integers(0, 5).map(lambda number: number == 0)


def _near(draw: DrawFn, named: frozenset[Any], every: Any) -> Any:
    """A value that a row names, and sometimes any."""
    wide = draw(seldom) or not named
    return draw(st.sampled_from(list(every) if wide else sorted(named, key=str)))


@st.composite
def asked(draw: DrawFn, rows: tuple[Permit, ...] = PERMITS) -> Asked:
    """One request, near a row."""
    row = draw(st.sampled_from(rows))
    at = draw(st.sampled_from(MOMENTS[:4]) if draw(st.integers(0, 7)) else st.sampled_from(MOMENTS))
    sender = Party(_near(draw, row.senders, Agency), draw(names))
    recipient = Party(_near(draw, row.recipients, RECIPIENTS), draw(names))
    purpose = _near(draw, row.purposes, [*Purpose, None])
    basis = _near(draw, row.bases, Basis)
    ends = (sender.organisation, recipient.organisation)
    grounds = Grounds(
        basis=basis,
        purpose=purpose,
        subject=_near(draw, row.subjects, SubjectRole),
        consent=draw(_consents(purpose, recipient, ends, at)) if draw(st.integers(0, 3)) else None,
        emergency=draw(_emergencies(ends, at)) if draw(st.integers(0, 3)) else None,
        court=draw(_courts(at)) if draw(st.integers(0, 3)) else None,
        anonymous=draw(seldom),
    )
    given = grounds.consent.given_at if grounds.consent else at
    around = Circumstances(
        agreements=tuple(draw(st.lists(_agreements(row, ends, at), max_size=2)) if draw(seldom) else []),
        handling=tuple(draw(st.lists(_labels(), max_size=2)) if draw(seldom) else []),
        capacity=draw(_capacities(given)) if draw(st.booleans()) else None,
    )
    return Asked(_near(draw, row.events, EventType), sender, recipient, grounds, at, around)


@st.composite
def _consents(draw: DrawFn, purpose: Purpose | None, there: Party, ends: tuple[str, str], at: datetime) -> Consent:
    given = at + draw(st.sampled_from([-timedelta(days=3), *AROUND]) | st.just(-timedelta(days=3)))
    until = draw(
        st.sampled_from([at + timedelta(days=3), *(at + by for by in AROUND)]) | st.just(at + timedelta(days=3))
    )
    purposes = draw(st.frozensets(st.sampled_from(Purpose), max_size=2)) if draw(seldom) else frozenset()
    recipients: set[Recipient | str] = draw(
        st.sampled_from([{there.agency}, {there.organisation}, {"nobody"}, {Agency.HEALTH, "two"}])
    )
    withdrawn = draw(seldom)
    return Consent(
        id=UUID(int=1),
        recorded_by=draw(st.sampled_from(ends) | names),
        purposes=(purposes | ({purpose} if purpose and not draw(seldom) else frozenset())) or {Purpose.LODGING},
        recipients=frozenset(recipients),
        categories=draw(most_categories),
        granted_by=draw(st.sampled_from(Grantor)),
        given_at=given,
        valid_until=max(until, given + INSTANT),
        withdrawn_at=at + draw(st.sampled_from(AROUND)) if withdrawn else None,
    )


def _emergencies(ends: tuple[str, str], at: datetime) -> SearchStrategy[Emergency]:
    return st.builds(
        Emergency,
        id=st.just(UUID(int=2)),
        declared_by=st.sampled_from(ends) | names,
        declared_at=st.sampled_from([at - timedelta(hours=2), *(at + by - ago for by in AROUND for ago in AGO)]),
        until=st.sampled_from([at + timedelta(hours=2), *(at + by for by in AROUND)]),
    )


@st.composite
def _courts(draw: DrawFn, at: datetime) -> CourtDecision:
    today = (at + KAZAKHSTAN).date()
    decided = today + timedelta(days=draw(st.sampled_from([-30, -1, 0, 1])))
    until = max(decided, today + timedelta(days=draw(st.sampled_from([30, -1, 0, 1]))))
    return CourtDecision(number="1/26", decided_on=decided, until=until)


@st.composite
def _capacities(draw: DrawFn, given: datetime) -> Capacity:
    day = (given + KAZAKHSTAN).date()
    years, days = draw(st.sampled_from([5, 16, 18, 40])), draw(st.integers(-1, 2))
    born = date(day.year - years, day.month, min(day.day, 28)) + timedelta(days=days)
    return Capacity(
        birth_date=draw(st.sampled_from([born, date(day.year - years, 3, 1) - timedelta(days=1), None])),
        incapacitated=draw(seldom),
        representative_is_alleged_offender=draw(st.booleans()),
    )


def _labels() -> SearchStrategy[Handling]:
    return st.builds(
        Handling,
        origin=names,
        basis=st.sampled_from(Basis),
        purpose=st.just(None),
        categories=most_categories,
    )


@st.composite
def _agreements(draw: DrawFn, row: Permit, ends: tuple[str, str], at: datetime) -> Agreement:
    today = (at + KAZAKHSTAN).date()
    begins = today + timedelta(days=draw(st.sampled_from([-30, 0, 1])))
    ended = draw(st.sampled_from([None, 0, 1, 30]))
    until = None if ended is None else max(today + timedelta(days=ended), begins + timedelta(days=1))
    return Agreement(
        id="A-" + draw(st.sampled_from(["ONE", "TWO"])),
        region="75",
        parties=frozenset({draw(st.sampled_from(ends) | names), "somebody-else"}),
        exchanges=tuple(draw(st.lists(_exchanges(row), max_size=2))),
        valid_from=begins,
        valid_until=until,
    )


def _exchanges(row: Permit) -> SearchStrategy[Exchange]:
    agencies = st.frozensets(st.sampled_from(Agency), min_size=1, max_size=2)
    return st.builds(
        Exchange,
        permit=st.just(row.id) | st.sampled_from([other.id for other in PERMITS]),
        senders=st.just(row.senders) | agencies,
        recipients=st.just(row.recipients) | st.frozensets(st.sampled_from(RECIPIENTS), min_size=1, max_size=2),
        bases=st.just(row.bases) | st.frozensets(st.sampled_from(Basis), min_size=1, max_size=2),
        categories=most_categories.filter(bool),
    )
