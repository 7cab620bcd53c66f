"""What left about one person, as it can be shown to them: what, to whom, why, by which rule, and what came of it.

That a recipient has erased its copy is known from four facts only. Of what rested on a consent: it has committed our
`consent.withdrawn` (the receipt), whose handler erases there, in the same transaction, every copy that rests on that
consent, however it ended; or the consent was given there, and it told us of its withdrawal, which erased there first.
Of a referral: it has committed our withdrawal move, or it told us of a withdrawal of its own, which erased there first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from shared.adapters.outbox import Work
from shared.adapters.outcomes import deliveries
from shared.adapters.retention import TOO_LATE
from shared.adapters.tables import Disclosure, OutboxDone
from shared.casework.directory import store as directory
from shared.casework.directory.tables import OrganisationRow
from shared.casework.disclosures import store
from shared.casework.disclosures.words import Delivery
from shared.contract.decisions import NO_RULE, owed, reason_of, retained
from shared.contract.letters import ON_PAPER
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Forbid, Permit, Reason, Retention
from shared.contract.vocabulary import Agency, DataCategory, EventType, Partner, SubjectRole

ROWS: tuple[Permit | Forbid | Retention, ...] = (*PERMITS, *FORBIDS, *RETENTION)
SOURCES = {row.id: row.source for row in ROWS}
FORBIDDING = frozenset(row.id for row in FORBIDS)
AGREEMENT = "A-"  # how the id of a local agreement begins (F16)


class Rule(BaseModel):
    """A rule by its id; its legal source and its reason where the policy (still) has it."""

    rule: str
    source: str | None = None
    kk: str | None = None
    ru: str | None = None
    en: str | None = None


class Kept(Rule):
    """A field that was withheld, and the rule that withheld it."""

    field: str


class Recipient(BaseModel):
    """Whom it went to; the names are null for one that the directory does not know."""

    id: str
    agency: Agency | Partner
    kk: str | None
    ru: str | None
    en: str | None


class Accounted(BaseModel):
    """One event about the person. `categories` and `fields` are what left; empty where it was withheld before it left.

    `stays` is what the recipient may keep after erasing the rest. Null means that it can't be known here.
    """

    id: UUID
    at: datetime
    left: bool
    sent_at: datetime | None
    event_type: str
    concerning: str
    recipient: Recipient
    subject: str
    purpose: str | None
    basis: str
    consent_id: UUID | None
    categories: list[str]
    fields: list[str]
    withheld: list[Kept]
    rules: list[Rule]
    delivery: Delivery | None
    arrived_at: datetime | None
    stopped_by: Rule | None
    erasure_asked_at: datetime | None
    erased_at: datetime | None
    stays: list[str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """When the recipient's copy was asked to be erased, and since when it is known to be."""

    asked_at: datetime | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What this service knows of a set of disclosures beside their rows."""

    sent: dict[UUID, OutboxDone]
    names: dict[str, OrganisationRow]
    withdrawals: list[store.Withdrawal]
    endings: list[store.Ending]
    ours: Agency
    now: datetime


async def account(
    work: Work, *, organisation_id: str, rows: Sequence[Disclosure], named: bool = True
) -> list[Accounted]:
    """The rows of one organisation with all that is known of each, in the same order. `named`: recipients, too."""
    session = work.session
    recipients = {row.recipient_id for row in rows} if named else set()
    known = Known(
        sent=await deliveries(session, event_ids=[row.id for row in rows]),
        names=await directory.named(session, organisation_ids=recipients) if recipients else {},
        withdrawals=await store.withdrawals(
            session, organisation_id=organisation_id, concerning={row.concerning for row in rows}
        ),
        endings=await store.endings(
            session, organisation_id=organisation_id, consent_ids={row.consent_id for row in rows if row.consent_id}
        ),
        ours=work.node.agency,
        now=work.now,
    )
    return [_accounted(row, known) for row in rows]


def erasure_of(row: Disclosure, withdrawals: Iterable[store.Withdrawal], endings: Iterable[store.Ending]) -> Erasure:
    """What the withdrawals of a referral, and the end of a consent, say of the copy that a disclosure left.

    Both are final, and nothing of a withdrawn referral or on an ended consent is taken in later: whether the disclosure
    came before does not matter. Ours count from their receipt; the recipient's own from when it says that it was made.
    """
    about = [w for w in withdrawals if str(w.referral_id) == row.concerning]
    ours = [w for w in about if w.author_id == row.organisation_id and w.told_to == row.recipient_id]
    theirs = [w.at for w in about if w.author_id == row.recipient_id]
    ended = [e for e in endings if e.consent_id == row.consent_id and e.told_to == row.recipient_id]
    told: list[store.Withdrawal | store.Ending] = [*ours, *ended]
    confirmed = [*theirs, *(one.confirmed_at for one in told if one.confirmed_at is not None)]
    asked = [*theirs, *(one.at for one in told)]
    return Erasure(asked_at=min(asked, default=None), erased_at=min(confirmed, default=None))


def delivery_of(sent: OutboxDone | None) -> tuple[Delivery | None, bool]:
    """How far an event is, and whether it left (or may have). Null where its outbox row is gone: then it left."""
    if sent is None:
        return None, True
    may_be_there = sent.rule == TOO_LATE or (sent.state == Delivery.WITHHELD and sent.attempts > 0)
    if may_be_there:
        return Delivery.SENT, True
    return Delivery(sent.state), sent.attempts > 0 or sent.state in (Delivery.RECEIVED, Delivery.REFUSED)


def rule_of(rule: str) -> Rule:
    """A rule with its source and words."""
    if rule not in SOURCES and rule != NO_RULE and not rule.startswith(AGREEMENT):
        return Rule(rule=rule)
    return Rule(rule=rule, source=SOURCES.get(rule), **_words(reason_of(rule)))


def _accounted(row: Disclosure, known: Known) -> Accounted:
    sent = known.sent.get(row.id)
    delivery, left = (Delivery.ON_PAPER, True) if row.event_type in ON_PAPER else delivery_of(sent)
    same = row.model_dump(include={"id", "at", "event_type", "concerning", "subject", "purpose", "basis", "consent_id"})
    never = delivery is Delivery.WITHHELD
    agency, name = _kind(row), known.names.get(row.recipient_id)
    categories = [] if never else row.categories
    copied = left and delivery is not Delivery.REFUSED
    stays = set(categories) & (retained(agency, known.now) | _owed(row, agency, known))
    goes = copied and set(categories) - stays
    erasure = erasure_of(row, known.withdrawals, known.endings) if goes else Erasure()
    return Accounted(
        **same,
        left=left,
        sent_at=sent.sent_at if sent else None,
        recipient=Recipient(id=row.recipient_id, agency=agency, **_names(name)),
        categories=categories,
        fields=[] if never else row.fields,
        withheld=[Kept(field=field, **rule_of(rule).model_dump()) for field, rule in sorted(row.withheld.items())],
        rules=[rule_of(rule) for rule in row.rules if _permits(rule)],
        delivery=delivery,
        arrived_at=sent.done_at if sent and delivery is Delivery.RECEIVED else None,
        stopped_by=rule_of(sent.rule) if sent and sent.rule else None,
        erasure_asked_at=erasure.asked_at,
        erased_at=erasure.erased_at,
        stays=sorted(stays) if copied else [],
    )


def _kind(row: Disclosure) -> Agency | Partner:
    kind = row.recipient_agency
    return Partner(kind) if kind in frozenset(Partner) else Agency(kind)


def _owed(row: Disclosure, recipient: Agency | Partner, known: Known) -> frozenset[DataCategory]:
    """What the law would have told anyway."""
    kind, subject = EventType(row.event_type), SubjectRole(row.subject)
    return owed(kind, sender=known.ours, recipient=recipient, subject=subject, at=known.now)


def _permits(rule: str) -> bool:
    """Whether it opened something. A decision names beside these the rules and agreements that took something away."""
    return rule not in FORBIDDING and not rule.startswith(AGREEMENT)


def _words(reason: Reason) -> dict[str, str]:
    return {"kk": reason.kk, "ru": reason.ru, "en": reason.en}


def _names(row: OrganisationRow | None) -> dict[str, str | None]:
    return {language: getattr(row, f"name_{language}", None) for language in ("kk", "ru", "en")}
