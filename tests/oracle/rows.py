"""Rows changed on purpose, so that it can be seen whether anybody notices."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from shared.contract.agreement import Agreement
from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import decide
from shared.contract.grounds import CourtDecision, Emergency, Grounds, Handling
from shared.contract.policy import FORBIDS, PERMITS, Condition, Forbid, Permit
from shared.contract.policy.rows import ALL_AGENCIES, ALL_BASES, ALL_EVENTS, ALL_PURPOSES, ALL_RECIPIENTS, ALL_SUBJECTS
from shared.contract.vocabulary import RECIPIENTS, Agency, Basis, DataCategory, EventType, Grantor, Purpose, SubjectRole
from tests.oracle.oracle import Answer, Asked

# What opens everything to everyone, so that the forbids show all that they take.
EVERYTHING = Permit(
    id="P-ANYTHING",
    flow="F1",
    source="none: for tests",
    reason=PERMITS[0].reason,
    events=ALL_EVENTS,
    senders=ALL_AGENCIES,
    recipients=ALL_RECIPIENTS,
    subjects=ALL_SUBJECTS,
    purposes=ALL_PURPOSES,
    bases=ALL_BASES,
    categories=frozenset(DataCategory),
    essential=frozenset(),
    valid_from=PERMITS[0].valid_from,
    negotiable=False,
)

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
# Each column that is a set, and all that could stand in it.
COLUMNS: dict[str, Iterable[StrEnum]] = {
    "events": EventType,
    "senders": Agency,
    "recipients": RECIPIENTS,
    "subjects": SubjectRole,
    "purposes": Purpose,
    "bases": Basis,
    "categories": DataCategory,
    "essential": DataCategory,
}


class Change(NamedTuple):
    """A row with one thing changed, and where to look for it."""

    what: str
    row: Permit | Forbid
    column: str
    member: Any = None
    look: int = 20  # at so many witnesses


def ours(question: Asked, *, permits: tuple[Permit, ...] = PERMITS, forbids: tuple[Forbid, ...] = FORBIDS) -> Answer:
    """What `decide()` says."""
    event_type, sender, recipient, grounds, at, circumstances = question
    made = decide(
        event_type,
        sender=sender,
        recipient=recipient,
        grounds=grounds,
        at=at,
        circumstances=circumstances,
        permits=permits,
        forbids=forbids,
    )
    return Answer(made.permitted, made.categories)


def changes(row: Permit | Forbid) -> Iterator[Change]:
    """The row with each member of each set taken out or put in, begun later, and turned in its last column."""
    for column, domain in COLUMNS.items():
        held: frozenset[Any] = getattr(row, column, frozenset())
        for member in domain if hasattr(row, column) else ():
            changed: dict[str, Any] = {column: held ^ {member}}
            yield Change(f"{column}: {member}", replace(row, **changed), column, member)
    yield Change("begins later", replace(row, valid_from=row.valid_from + timedelta(milliseconds=1)), "valid_from")
    yield Change("has ended", replace(row, valid_until=NOW), "valid_until")
    if isinstance(row, Permit):
        yield Change("negotiable", replace(row, negotiable=not row.negotiable), "negotiable")
        return
    for condition in Condition:
        if condition is not row.condition:
            yield Change(f"condition: {condition}", replace(row, condition=condition), "condition")


def witnesses(row: Permit | Forbid, change: Change) -> list[Asked]:
    """Requests that the row is for, where the change could be seen: exactly as it says, with the member it is about."""
    exact: dict[str, list[Any]] = {
        name: sorted(getattr(row, name, {Purpose.LODGING}) - {None})
        for name in COLUMNS
        if name not in {"categories", "essential"}
    }
    if change.column in exact:
        exact[change.column] = [change.member]
    first = {name: values[0] for name, values in exact.items()}
    others = [first | {name: value} for name, values in exact.items() for value in values[1:4]]
    holds = row.condition if isinstance(row, Forbid) else Condition.ALWAYS
    where_it_does_not = [] if holds is Condition.ALWAYS else [_asked(Condition.ALWAYS, row, change, **first)]
    return [*(_asked(holds, row, change, **columns) for columns in (first, *others)), *where_it_does_not]


def _asked(holds: Condition, row: Permit | Forbid, change: Change, **columns: Any) -> Asked:
    """A request for which everything is at hand, but for what a condition is about."""
    sender, recipient = Party(columns["senders"], "one"), Party(columns["recipients"], "two")
    at = row.valid_from if change.column == "valid_from" else NOW
    bound = (_agreement(at),) if change.column == "negotiable" else ()
    grounds = Grounds(
        basis=columns["bases"],
        purpose=columns["purposes"],
        subject=columns["subjects"],
        consent=_consent(columns["purposes"], holds, at),
        emergency=None if holds is Condition.NO_LIVE_EMERGENCY else _emergency(at),
        court=None if holds is Condition.NO_COURT_DECISION else _court(at),
        anonymous=holds is Condition.ANONYMOUS,
    )
    label = Handling(origin="four", basis=Basis.CONSENT, purpose=None, categories=frozenset(DataCategory))
    circumstances = Circumstances(
        agreements=bound,
        handling=(label,) if holds is Condition.RECEIVED else (),
        capacity=Capacity(incapacitated=True) if holds is Condition.WRONG_GRANTOR else None,
    )
    return Asked(columns["events"], sender, recipient, grounds, at, circumstances)


def _consent(purpose: Purpose, holds: Condition, at: datetime) -> Consent:
    """A consent to everything, but for what the condition is about."""
    return Consent(
        id=UUID(int=1),
        recorded_by="three",
        purposes=frozenset({purpose}),
        recipients=frozenset({"two"}),
        categories=frozenset() if holds is Condition.NOT_IN_CONSENT else frozenset(DataCategory),
        granted_by=Grantor.SELF,
        given_at=at - DAY,
        valid_until=at if holds is Condition.NO_LIVE_CONSENT else at + DAY,
    )


def _emergency(at: datetime) -> Emergency:
    return Emergency(id=UUID(int=2), declared_by="one", declared_at=at - DAY, until=at + DAY)


def _court(at: datetime) -> CourtDecision:
    return CourtDecision(number="1/26", decided_on=(at - DAY).date(), until=(at + DAY).date())


def _agreement(at: datetime) -> Agreement:
    """One that leaves nothing open."""
    parties = frozenset({"one", "two"})
    return Agreement(id="A-ONE", region="75", parties=parties, exchanges=(), valid_from=date(2000, 1, 1))
