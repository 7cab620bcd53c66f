"""`decide()` reads the policy rows; `redact()` applies what it decided. Neither knows a rule of its own.

Deny by default: an event, agency, role, purpose or basis that no permit names is not permitted. Forbid beats permit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from shared.contract.consent import Consent
from shared.contract.events import Event, Grounds
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Condition, Forbid, Permit, Reason
from shared.contract.vocabulary import Agency, DataCategory, EventType, Purpose

NO_RULE = "NO-RULE"
AnyEvent = TypeVar("AnyEvent", bound=Event)


@dataclass(frozen=True, slots=True)
class Party:
    """One end of an event: an organisation and the agency it belongs to."""

    agency: Agency
    organisation: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What may leave. `withheld` names the rule for each category that stays; `rules` every row that took part."""

    permitted: bool
    categories: frozenset[DataCategory] = frozenset()
    withheld: Mapping[DataCategory, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()

    @property
    def refusal(self) -> str:
        """The rule that forbids the whole event."""
        return next(iter(self.withheld.values()), NO_RULE)


def decide(
    event_type: EventType,
    *,
    sender: Party,
    recipient: Party,
    grounds: Grounds,
    at: datetime,
    permits: tuple[Permit, ...] = PERMITS,
    forbids: tuple[Forbid, ...] = FORBIDS,
) -> Decision:
    """Which categories of an event of this type may go from `sender` to `recipient` at a time."""
    opening = [p for p in permits if _permit_matches(p, event_type, sender, recipient, grounds, at)]
    opened = frozenset[DataCategory]().union(*(p.categories for p in opening))
    withheld: dict[DataCategory, str] = {}
    for row in forbids:
        if _forbid_matches(row, event_type, sender, recipient, grounds, at):
            for category in sorted(_forbidden_by(row, recipient, grounds, at)):
                withheld.setdefault(category, row.id)
    left = opened - withheld.keys()
    permitted = bool(opening) and any(p.essential <= left for p in opening)
    withheld.update({c: NO_RULE for c in sorted(set(DataCategory) - opened) if c not in withheld})
    rules = tuple(p.id for p in opening) + tuple(sorted(set(withheld.values()) - {NO_RULE}))
    if not permitted:
        return Decision(False, frozenset(), _why_not(opening, withheld), rules)
    return Decision(True, left, withheld, rules)


def fields_of(model: type[Event]) -> dict[str, DataCategory]:
    """The category of each field. Raises LookupError for a field that has none: it must not leave."""
    categories = {}
    for name, info in model.model_fields.items():
        found = [m for m in info.metadata if isinstance(m, DataCategory)]
        if len(found) != 1:
            raise LookupError(f"{model.__name__}.{name} has no data category")
        categories[name] = found[0]
    return categories


def redact(event: AnyEvent, allowed: frozenset[DataCategory]) -> AnyEvent:
    """The same event with every field emptied whose category is not allowed."""
    emptied = {name: None for name, category in fields_of(type(event)).items() if category not in allowed}
    return event.model_copy(update=emptied)


def withheld_fields(event: Event, decision: Decision) -> dict[str, str]:
    """For each field that holds something and would be emptied: the rule that empties it."""
    return {
        name: decision.withheld[category]
        for name, category in fields_of(type(event)).items()
        if category not in decision.categories and getattr(event, name) is not None
    }


def exceeds(event: Event, decision: Decision) -> bool:
    """Whether an event holds anything that a decision does not allow: a receiver refuses it then."""
    return bool(withheld_fields(event, decision))


def retained(agency: Agency) -> frozenset[DataCategory]:
    """What an agency keeps of what it received once the consent is gone."""
    return frozenset[DataCategory]().union(*(row.keeps for row in RETENTION if row.agency is agency))


def reason_of(rule: str) -> Reason:
    """The plain words of a rule."""
    rows = {row.id: row.reason for row in (*PERMITS, *FORBIDS, *RETENTION)}
    return rows.get(
        rule, Reason(kk="Рұқсат беретін ереже жоқ.", ru="Нет правила, которое разрешает.", en="No rule allows it.")
    )


def _valid(row: Permit | Forbid, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_until is None or at < row.valid_until)


def _matches(row: Permit | Forbid, event_type: EventType, sender: Party, recipient: Party, grounds: Grounds) -> bool:
    return (
        event_type in row.events
        and sender.agency in row.senders
        and recipient.agency in row.recipients
        and grounds.subject in row.subjects
        and grounds.basis in row.bases
    )


def _permit_matches(
    row: Permit, event_type: EventType, sender: Party, recipient: Party, grounds: Grounds, at: datetime
) -> bool:
    named = grounds.purpose in row.purposes
    return named and _valid(row, at) and _matches(row, event_type, sender, recipient, grounds)


def _forbid_matches(
    row: Forbid, event_type: EventType, sender: Party, recipient: Party, grounds: Grounds, at: datetime
) -> bool:
    return _valid(row, at) and _matches(row, event_type, sender, recipient, grounds)


def _forbidden_by(row: Forbid, recipient: Party, grounds: Grounds, at: datetime) -> frozenset[DataCategory]:
    if row.condition is Condition.NO_LIVE_CONSENT:
        covered = _covers(grounds.consent, grounds.purpose, recipient, at)
        return frozenset() if covered else row.categories
    if row.condition is Condition.NOT_IN_CONSENT:
        return row.categories - (grounds.consent.categories if grounds.consent else frozenset())
    return row.categories


def _covers(consent: Consent | None, purpose: Purpose | None, recipient: Party, at: datetime) -> bool:
    return (
        consent is not None
        and consent.is_live(at)
        and purpose in consent.purposes
        and consent.names(recipient.agency, recipient.organisation)
    )


def _why_not(opening: list[Permit], withheld: Mapping[DataCategory, str]) -> dict[DataCategory, str]:
    """The withheld categories that an event can't do without, first."""
    essential = frozenset[DataCategory]().union(*(p.essential for p in opening))
    return {c: withheld[c] for c in sorted(withheld, key=lambda c: (c not in essential, c))}


def grounds_without_terms(grounds: Grounds) -> dict[str, str | None]:
    """What an accounting of disclosures says of the grounds: basis, purpose, subject and the consent's id."""
    return {
        "basis": grounds.basis,
        "purpose": grounds.purpose,
        "subject": grounds.subject,
        "consent_id": str(grounds.consent.id) if grounds.consent else None,
    }
