"""`decide()` reads the policy rows; `redact()` applies what it decided. Neither knows a rule of its own.

Deny by default: an event, agency, role, purpose or basis that no permit names is not permitted. Forbid beats permit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from shared.contract.agreement import Agreement
from shared.contract.conditions import NOTHING_MORE, Circumstances, Party, Question, forbidden_by
from shared.contract.events import Event
from shared.contract.grounds import Grounds
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Forbid, Permit, Reason, Retention, Whose
from shared.contract.policy.rows import family
from shared.contract.vocabulary import Basis, DataCategory, EventType, Recipient, SubjectRole

NO_RULE = "NO-RULE"
# What is said back on the consent that an event came on, and is not in the event itself.
ANSWERED_WITH: Mapping[EventType, frozenset[DataCategory]] = {
    EventType.ASSESSMENT_PROPOSED: frozenset({DataCategory.ASSESSMENT})
}
AnyEvent = TypeVar("AnyEvent", bound=Event)


@dataclass(frozen=True, slots=True)
class Decision:
    """What may leave. `withheld` names the rule for each category that stays; `rules` every row that took part.

    `answer`: what may have to come back on the same basis, so that who is asked can see that it was consented to.
    """

    permitted: bool
    categories: frozenset[DataCategory] = frozenset()
    withheld: Mapping[DataCategory, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    answer: frozenset[DataCategory] = frozenset()

    @property
    def refusal(self) -> str:
        """The rule that forbids the whole event."""
        return next(iter(self.withheld.values()), NO_RULE)

    def openers(self, category: DataCategory) -> tuple[str, ...]:
        """The rows of the policy that let this category leave, of those that took part."""
        opened = {row.id for row in PERMITS if category in row.categories}
        return tuple(rule for rule in self.rules if rule in opened)


def decide(
    event_type: EventType,
    *,
    sender: Party,
    recipient: Party,
    grounds: Grounds,
    at: datetime,
    circumstances: Circumstances = NOTHING_MORE,
    permits: tuple[Permit, ...] = PERMITS,
    forbids: tuple[Forbid, ...] = FORBIDS,
) -> Decision:
    """Which categories of an event of this type may go from `sender` to `recipient` at a time."""
    question = Question(event_type, sender, recipient, grounds, at, circumstances)
    # Few rows are about an event: that is asked first.
    about = [row for row in permits if event_type in row.events]
    opening = [row for row in about if _applies(row, question) and grounds.purpose in row.purposes]
    opened = _union(row.categories for row in opening)
    withheld: dict[DataCategory, str] = {}
    for row in forbids if opening else ():
        if event_type in row.events and _applies(row, question):
            for category in sorted(forbidden_by(row, question)):
                withheld.setdefault(category, row.id)
    agreed, by_agreement = _agreed(opening, question)
    withheld.update({c: by_agreement for c in sorted(opened - agreed) if c not in withheld})
    left = agreed - frozenset(withheld)
    withheld.update({category: NO_RULE for category in sorted(set(DataCategory) - opened) if category not in withheld})
    rules = tuple(row.id for row in opening) + tuple(sorted(set(withheld.values()) - {NO_RULE}))
    if any(row.essential <= left for row in opening):
        answer = ANSWERED_WITH.get(event_type, frozenset())
        return Decision(permitted=True, categories=left, withheld=withheld, rules=rules, answer=answer)
    return Decision(permitted=False, withheld=_essential_first(opening, withheld), rules=rules)


def narrowed(grounds: Grounds, *, recipient: Party, decision: Decision) -> Grounds:
    """The grounds as they travel: of a consent only what matters between these two, so that it tells nothing else."""
    consent = grounds.consent
    if consent is None or grounds.purpose not in consent.purposes:
        return grounds.model_copy(update={"consent": None, "receipt": None})
    if not consent.names(recipient.agency, recipient.organisation):
        return grounds.model_copy(update={"consent": None, "receipt": None})
    terms = {
        "purposes": frozenset({grounds.purpose}),
        "recipients": frozenset({recipient.organisation}),
        "categories": consent.categories & (decision.categories | decision.answer),
    }
    return grounds.model_copy(update={"consent": consent.model_copy(update=terms)})


@cache
def fields_of(model: type[Event]) -> Mapping[str, DataCategory]:
    """The category of each field. Raises LookupError for a field that has none: it must not leave."""
    categories = {}
    for name, info in model.model_fields.items():
        found = [m for m in info.metadata if isinstance(m, DataCategory)]
        if len(found) != 1:
            raise LookupError(f"{model.__name__}.{name} has no data category")
        categories[name] = found[0]
    return MappingProxyType(categories)


def categories_in(event: Event) -> frozenset[DataCategory]:
    """The categories of the fields that hold something."""
    return frozenset(c for name, c in fields_of(type(event)).items() if getattr(event, name) is not None)


def redact(event: AnyEvent, allowed: frozenset[DataCategory]) -> AnyEvent:
    """The same event with every field emptied whose category is not allowed, and without fields that have none."""
    emptied = {name: None for name, category in fields_of(type(event)).items() if category not in allowed}
    left = event.model_copy(update=emptied)
    if left.model_extra:
        left.model_extra.clear()
    return left


def withheld_fields(event: Event, decision: Decision) -> dict[str, str]:
    """For each field that holds something and would be emptied: the rule that empties it."""
    return {
        name: decision.withheld.get(category, NO_RULE)
        for name, category in fields_of(type(event)).items()
        if category not in decision.categories and getattr(event, name) is not None
    }


def objection(event: Event, decision: Decision) -> str | None:
    """The rule against an event as it is: not permitted, or holding what should be withheld. None if neither."""
    if not decision.permitted:
        return decision.refusal
    return next(iter(withheld_fields(event, decision).values()), None)


def retained(
    agency: Recipient, at: datetime, *, retention: tuple[Retention, ...] = RETENTION
) -> frozenset[DataCategory]:
    """What an agency keeps of what it received once the consent is gone, by the rows that are valid at a time."""
    return _union(
        row.keeps for row in retention if row.of is Whose.RECEIVED and agency in row.agencies and _is_valid(row, at)
    )


def owed(
    event_type: EventType, *, sender: Recipient, recipient: Recipient, subject: SubjectRole, at: datetime
) -> frozenset[DataCategory]:
    """What a statutory duty opens of an event: it was owed, so it stays when what opened more than that has ended."""
    return _union(
        row.categories
        for row in PERMITS
        if Basis.STATUTORY_DUTY in row.bases
        and event_type in row.events
        and (sender in row.senders and recipient in row.recipients and subject in row.subjects)
        and _is_valid(row, at)
    )


def reason_of(rule: str) -> Reason:
    """The plain words of a rule."""
    rows: tuple[Permit | Forbid | Retention, ...] = (*PERMITS, *FORBIDS, *RETENTION)
    reasons = {row.id: row.reason for row in rows}
    return reasons.get(rule, NOT_AGREED if rule.startswith("A-") else NOWHERE_ALLOWED)


NOWHERE_ALLOWED = Reason(kk="Рұқсат беретін ереже жоқ.", ru="Нет правила, которое разрешает.", en="No rule allows it.")
NOT_AGREED = Reason(
    kk="Өңірдегі келісімде бұл алмасу көзделмеген.",
    ru="Местное соглашение такого обмена не предусматривает.",
    en="The local agreement does not provide for it.",
)


def _union(sets: Iterable[frozenset[DataCategory]]) -> frozenset[DataCategory]:
    return frozenset[DataCategory]().union(*sets)


def _is_valid(row: Permit | Forbid | Retention, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_until is None or at < row.valid_until)


def _applies(row: Permit | Forbid, question: Question) -> bool:
    """Whether a row about the event is valid at the time, and its columns name who asks, of whom, on what."""
    return (
        _is_valid(row, question.at)
        and question.sender.agency in row.senders
        and question.recipient.agency in row.recipients
        and question.grounds.subject in row.subjects
        and question.grounds.basis in row.bases
    )


def _agreed(opening: list[Permit], question: Question) -> tuple[frozenset[DataCategory], str]:
    """What the agreements that bind either end leave of what the permits open, and the one that took something away."""
    parties = (question.sender.organisation, question.recipient.organisation)
    binding = [a for a in question.circumstances.agreements if any(a.binds(party, question.at) for party in parties)]
    left, narrowing = _union(row.categories for row in opening), NO_RULE
    for agreement in binding:
        stays = _union(row.categories & _left_by(agreement, row, question) for row in opening)
        narrowing = agreement.id if left - stays else narrowing
        left &= stays
    return left, narrowing


def _left_by(agreement: Agreement, row: Permit, question: Question) -> frozenset[DataCategory]:
    if not row.negotiable:
        return row.categories
    sender, recipient = question.sender.agency, question.recipient.agency
    return agreement.opens(permit=family(row.id), sender=sender, recipient=recipient, basis=question.grounds.basis)


def _essential_first(opening: list[Permit], withheld: Mapping[DataCategory, str]) -> dict[DataCategory, str]:
    """The withheld categories that an event can't do without come first: they name the rule of a refusal."""
    essential = _union(row.essential for row in opening)
    return {c: withheld[c] for c in sorted(withheld, key=lambda c: (c not in essential, c))}
