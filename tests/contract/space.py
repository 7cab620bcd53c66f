"""The decision space, walked by what a decision reads: what it does not read it can't depend on.

`decide()` is asked with a question whose parts are not settled yet. Reading one of them stops the decision, and it is
made again for every value that the part can have. A decision that comes to its end holds for all values of what it
left unread: it is a leaf, and its weight is the number of plain questions that it answers.

Of the grantor and the person's capacity a decision reads only whether the one may consent for the other: both are
handed over as things that have no attributes, and `may_grant()` is replaced by its two answers.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from itertools import product
from math import prod
from typing import Any, cast
from unittest.mock import patch
from uuid import UUID

from shared.contract import conditions
from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import Decision, decide
from shared.contract.grounds import CourtDecision, Emergency, Grounds
from shared.contract.vocabulary import RECIPIENTS, Agency, Basis, DataCategory, EventType, Grantor, Purpose, SubjectRole
from tests.contract.strategies import NOW

DAY, TODAY = timedelta(days=1), NOW.date()
HERE, THERE, ELSEWHERE = "organisation-here", "organisation-there", "organisation-elsewhere"

CONSENTS = ("none", "live", "ended", "withdrawn", "other purpose", "other recipient", "not begun")
AGES = ("adult", "minor", "sixteen", "unknown", "incapacitated")
REPRESENTATIVES = ("self", "representative", "alleged offender", "guardianship authority")
EMERGENCIES = ("none", "live", "over", "too long", "declared elsewhere")
COURT_DECISIONS = ("none", "live", "over")

FACTORS: Mapping[str, tuple[Any, ...]] = {
    "from": tuple(Agency),
    "to": RECIPIENTS,
    "role": tuple(SubjectRole),
    "purpose": (*Purpose, None),
    "basis": tuple(Basis),
    "consent": CONSENTS,
    "grantor": (True, False),
    "emergency": EMERGENCIES,
    "court": COURT_DECISIONS,
}
PAIRS = tuple(product(AGES, REPRESENTATIVES))
# Of the questions about one type of event: each pair of age and representative is a question of its own.
SIZE = prod(len(values) for name, values in FACTORS.items() if name != "grantor") * len(PAIRS)
Settled = Mapping[str, Any]


class Unsettled(Exception):
    """A part was read that is not settled yet."""


@dataclass(frozen=True)
class Leaf:
    """A decision, and what it was made from."""

    settled: Settled
    made: Decision

    @property
    def weight(self) -> int:
        """How many plain questions it answers."""
        unread = prod(len(values) for name, values in FACTORS.items() if name not in {*self.settled, "grantor"})
        if "grantor" not in self.settled:
            return unread * len(PAIRS)
        purposes = purposes_of(self.settled["consent"], self.settled["purpose"])
        return unread * sum(may(pair, purposes) is self.settled["grantor"] for pair in PAIRS)


class Opaque:
    """Has no attributes that could be read."""

    __slots__ = ()


class Part:
    """Stands for a party, the grounds or the circumstances: an attribute is worked out when it is read."""

    def __init__(self, **attributes: Callable[[], Any]) -> None:
        self._attributes = attributes

    def __getattr__(self, name: str) -> Any:
        return self._attributes[name]()


def leaves(event_type: EventType, settled: Settled | None = None) -> Iterator[Leaf]:
    """Every decision about one type of event that what is settled leaves open."""
    known = settled or {}
    try:
        made = asked(event_type, known)
    except Unsettled as wanted:
        name = str(wanted)
        for value in FACTORS[name]:
            yield from leaves(event_type, {**known, name: value})
    else:
        yield Leaf(known, made)


def asked(event_type: EventType, known: Settled, *, read: Callable[[str], object] = str) -> Decision:
    """Ask with parts that are looked up as they are read."""

    def look(name: str) -> Any:
        if name not in known:
            raise Unsettled(name)
        read(name)
        return known[name]

    def answer(**_: object) -> str | None:
        return None if look("grantor") else "may not"

    with patch.object(conditions, "may_grant", answer):
        return _decided(event_type, look)


def _decided(event_type: EventType, look: Callable[[str], Any]) -> Decision:
    return decide(
        event_type,
        sender=cast("Party", Part(agency=lambda: look("from"), organisation=lambda: HERE)),
        recipient=cast("Party", Part(agency=lambda: look("to"), organisation=lambda: THERE)),
        grounds=cast(
            "Grounds",
            Part(
                basis=lambda: look("basis"),
                purpose=lambda: look("purpose"),
                subject=lambda: look("role"),
                consent=lambda: _given_by_someone(look),
                emergency=lambda: emergency_of(look),
                court=lambda: court_of(look),
                anonymous=lambda: False,
            ),
        ),
        circumstances=cast(
            "Circumstances",
            Part(agreements=lambda: (), handling=lambda: (), capacity=Opaque),
        ),
        at=NOW,
    )


def plainly(event_type: EventType, everything: Settled) -> Decision:
    """The same question asked as everybody asks it, all of it settled."""
    look = everything.__getitem__
    grounds = Grounds(
        basis=look("basis"),
        purpose=look("purpose"),
        subject=look("role"),
        consent=consent_of(look),
        emergency=emergency_of(look),
        court=court_of(look),
    )
    here, there = Party(look("from"), HERE), Party(look("to"), THERE)
    known = Circumstances(capacity=capacity_of(look))
    return decide(event_type, sender=here, recipient=there, grounds=grounds, circumstances=known, at=NOW)


def _given_by_someone(look: Callable[[str], Any]) -> Consent | None:
    """The consent, with a grantor of whom nothing can be read."""
    state = look("consent")
    return None if state == "none" else _veiled(state, look("purpose"))


@cache
def _veiled(state: str, purpose: Purpose | None) -> Consent:
    given = consent_of({"consent": state, "purpose": purpose, "representative": "self"}.__getitem__)
    rest: dict[str, Callable[[], Any]] = {
        name: partial(getattr, given, name) for name in (*Consent.model_fields, "covers")
    }
    return cast("Consent", Part(**(rest | {"granted_by": Opaque})))


GRANTORS = {
    "self": Grantor.SELF,
    "representative": Grantor.LEGAL_REPRESENTATIVE,
    "alleged offender": Grantor.LEGAL_REPRESENTATIVE,
    "guardianship authority": Grantor.GUARDIANSHIP_AUTHORITY,
}


def consent_of(look: Callable[[str], Any]) -> Consent | None:
    """A consent to all categories, but for what its state says."""
    state = look("consent")
    if state == "none":
        return None
    return Consent(
        id=UUID(int=1),
        recorded_by=HERE,
        purposes=purposes_of(state, look("purpose")),
        recipients=frozenset({ELSEWHERE if state == "other recipient" else THERE}),
        categories=frozenset(DataCategory),
        granted_by=GRANTORS[look("representative")],
        given_at=NOW + DAY if state == "not begun" else NOW - DAY,
        valid_until=NOW if state == "ended" else NOW + 2 * DAY,
        withdrawn_at=NOW if state == "withdrawn" else None,
    )


def purposes_of(state: str, purpose: Purpose | None) -> frozenset[Purpose]:
    """What a consent is for: for what is asked, unless its state says otherwise."""
    other = Purpose.STATISTICS if purpose is not Purpose.STATISTICS else Purpose.LODGING
    return frozenset({other if state == "other purpose" else purpose or Purpose.LODGING})


# Who can consent for whom. From sixteen on alone to an examination: then nobody else does.
MAY_CONSENT = frozenset(
    {
        ("adult", "self"),
        ("minor", "representative"),
        ("minor", "guardianship authority"),
        ("sixteen", "representative"),
        ("sixteen", "guardianship authority"),
        ("unknown", "self"),
        ("incapacitated", "representative"),
        ("incapacitated", "guardianship authority"),
    }
)


def may(pair: tuple[str, str], purposes: frozenset[Purpose]) -> bool:
    """Whether this representative can consent for a person of this age."""
    if pair[0] == "sixteen" and purposes == {Purpose.MEDICAL_EXAMINATION}:
        return pair[1] == "self"
    return pair in MAY_CONSENT


BIRTH_DATES = {"adult": date(1990, 5, 1), "minor": date(2015, 9, 1), "sixteen": date(2009, 5, 1)}


def capacity_of(look: Callable[[str], Any]) -> Capacity:
    """What the sender knows of who can consent."""
    age = look("age")
    return Capacity(
        birth_date=BIRTH_DATES.get(age),
        incapacitated=age == "incapacitated",
        representative_is_alleged_offender=look("representative") == "alleged offender",
    )


def emergency_of(look: Callable[[str], Any]) -> Emergency | None:
    """A danger to life, declared by the sender unless its state says otherwise."""
    state = look("emergency")
    if state == "none":
        return None
    by = ELSEWHERE if state == "declared elsewhere" else HERE
    declared, until = NOW - (3 if state == "too long" else 1) * DAY, NOW if state == "over" else NOW + DAY
    return Emergency(id=UUID(int=2), declared_by=by, declared_at=declared, until=until)


def court_of(look: Callable[[str], Any]) -> CourtDecision | None:
    """A court's decision that binds today for the last time, or that ended yesterday."""
    state = look("court")
    if state == "none":
        return None
    return CourtDecision(number="7599-26", decided_on=TODAY - 9 * DAY, until=TODAY - DAY if state == "over" else TODAY)
