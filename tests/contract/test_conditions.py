"""When a condition holds: days are Almaty's, either end may declare a danger, and what was received goes back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party, Question, forbidden_by
from shared.contract.consent import Consent
from shared.contract.grounds import CourtDecision, Emergency, Grounds, Handling
from shared.contract.policy import FORBIDS, PERSONAL
from shared.contract.vocabulary import Agency, Basis, EventType, Grantor, Purpose
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW

ROWS = {row.id: row for row in FORBIDS}
HOUR = timedelta(hours=1)
NAMES = frozenset({C.IDENTITY})
CHILD = Capacity(birth_date=date(2015, 9, 1))
CONSENT = Consent(
    id=UUID(int=1),
    recorded_by="shelter-almaty",
    purposes=frozenset({Purpose.LODGING}),
    recipients=frozenset({Agency.HEALTH}),
    categories=NAMES,
    given_at=NOW - HOUR,
    valid_until=NOW + HOUR,
)


def taken(rule: str, *, at: datetime = NOW, known: Circumstances | None = None, **on: Any) -> frozenset[C]:
    """What a row takes from what a shelter sends to a hospital."""
    question = Question(
        EventType.REFERRAL_REQUESTED,
        Party(Agency.SHELTER, "shelter-almaty"),
        Party(Agency.HEALTH, "hospital-4"),
        Grounds(**{"basis": Basis.CONSENT, "purpose": Purpose.LODGING, **on}),
        at,
        known or Circumstances(),
    )
    return forbidden_by(ROWS[rule], question)


def danger(by: str) -> Emergency:
    return Emergency(id=UUID(int=2), declared_by=by, declared_at=NOW - HOUR, until=NOW + HOUR)


@pytest.mark.parametrize("by", ["shelter-almaty", "hospital-4"])
def test_either_end_may_declare_the_danger(by: str) -> None:
    assert taken("F-NO-EMERGENCY", emergency=danger(by)) == frozenset()


def test_nobody_relies_on_a_danger_that_a_third_one_declared_or_that_is_over() -> None:
    assert taken("F-NO-EMERGENCY", emergency=danger("police-almaty")) == set(C)
    assert taken("F-NO-EMERGENCY", emergency=danger("hospital-4"), at=NOW + HOUR) == set(C)
    assert taken("F-NO-EMERGENCY") == set(C)


@pytest.mark.parametrize(
    ("at", "binds"),
    [
        (datetime(2026, 3, 1, 18, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 1, 19, tzinfo=UTC), True),
        (datetime(2026, 3, 20, 18, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 20, 19, tzinfo=UTC), False),
    ],
)
def test_a_court_decision_binds_from_its_day_to_its_last_in_almaty(at: datetime, *, binds: bool) -> None:
    court = CourtDecision(number="7599", decided_on=date(2026, 3, 2), until=date(2026, 3, 20))
    assert (taken("F-NO-COURT-DECISION", court=court, at=at) == frozenset()) is binds


def test_who_is_anonymous_is_named_by_nothing() -> None:
    assert taken("F-ANONYMOUS", anonymous=True) == {C.IDENTITY, C.CONTACT, C.DEPENDANTS, C.WHEREABOUTS}
    assert taken("F-ANONYMOUS") == frozenset()


@pytest.mark.parametrize(
    ("grantor", "capacity", "void"),
    [
        (Grantor.SELF, CHILD, True),
        (Grantor.LEGAL_REPRESENTATIVE, CHILD, False),
        (Grantor.LEGAL_REPRESENTATIVE, Capacity(CHILD.birth_date, representative_is_alleged_offender=True), True),
        (Grantor.GUARDIANSHIP_AUTHORITY, Capacity(CHILD.birth_date, representative_is_alleged_offender=True), False),
        (Grantor.SELF, None, False),
    ],
)
def test_a_consent_is_void_if_its_grantor_could_not_give_it(
    grantor: Grantor, capacity: Capacity | None, *, void: bool
) -> None:
    given = CONSENT.model_copy(update={"granted_by": grantor})
    assert bool(taken("F-WRONG-GRANTOR", consent=given, known=Circumstances(capacity=capacity))) is void


def test_who_may_consent_is_judged_by_the_day_in_almaty_on_which_it_was_given() -> None:
    known = Circumstances(capacity=Capacity(birth_date=date(2008, 3, 20)))
    midnight = datetime(2026, 3, 19, 19, tzinfo=UTC)  # the eighteenth birthday begins in Almaty
    early = CONSENT.model_copy(update={"given_at": midnight - timedelta(seconds=1)})
    assert taken("F-WRONG-GRANTOR", consent=early, known=known)
    assert not taken("F-WRONG-GRANTOR", consent=early.model_copy(update={"given_at": midnight}), known=known)


def received(origin: str) -> Circumstances:
    return Circumstances(handling=(Handling(origin=origin, basis=Basis.CONSENT, purpose=None, categories=NAMES),))


def test_what_was_received_goes_back_and_to_nobody_else() -> None:
    assert taken("F-RECEIVED-FOR-ANOTHER", known=received("police-almaty")) == NAMES
    assert taken("F-RECEIVED-FOR-ANOTHER", known=received("hospital-4")) == frozenset()
    assert taken("F-RECEIVED-FOR-ANOTHER") == frozenset()


def test_what_was_received_goes_on_with_a_live_consent_that_was_given_here() -> None:
    known = received("police-almaty")
    elsewhere = CONSENT.model_copy(update={"recorded_by": "police-almaty"})
    over = CONSENT.model_copy(update={"valid_until": NOW})
    assert taken("F-RECEIVED-FOR-ANOTHER", consent=CONSENT, known=known) == frozenset()
    assert taken("F-RECEIVED-FOR-ANOTHER", consent=elsewhere, known=known) == NAMES
    assert taken("F-RECEIVED-FOR-ANOTHER", consent=over, known=known) == NAMES


def test_a_consent_takes_away_what_it_does_not_name() -> None:
    assert taken("F-NOT-IN-CONSENT", consent=CONSENT) == PERSONAL - NAMES
    assert taken("F-NOT-IN-CONSENT") == PERSONAL
