"""The same decisions, asked of Cedar: an engine in Rust, and policies written by hand beside this file.

The policies know the meaning of the rows and nothing of their Python. What is translated here are only facts of a
request: who, what, when, which consent. Times are Cedar's own, days are numbers (YYYYMMDD).
"""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from cedarpy import Entities, PolicySet, is_authorized_batch

from shared.contract.agreement import Agreement
from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import RECIPIENTS, Agency, DataCategory, EventType

HERE = Path(__file__).parent
NAMES = ("one", "two", "three", "four")
GROUPS = {
    "opaque": "routing needs household worker_contact",
    "naming": "identity contact dependants whereabouts",
    "personal": "identity contact dependants whereabouts health addiction narrative assessment convictions",
    "about her": "whereabouts household dependants narrative health assessment correspondence",
}
CLOSING = (
    *("referral.moved", "referral.bed_hold_answered", "message.read", "consent.withdrawn"),
    *("assessment.ended", "information.closed"),
)
NONE_BINDS: list[Agreement | None] = [None]
KAZAKHSTAN = timedelta(hours=5)
WHOLE = {"type": "Letter", "id": "whole"}
Json = dict[str, Any]


class Asked(NamedTuple):
    """One question to both."""

    event_type: EventType
    sender: Party
    recipient: Party
    grounds: Grounds
    at: datetime
    circumstances: Circumstances


class Answer(NamedTuple):
    """What both must say alike."""

    permitted: bool
    categories: frozenset[DataCategory]


WRITTEN = "".join((HERE / name).read_text(encoding="utf-8") for name in ("permits.cedar", "forbids.cedar"))
# Each policy by the id that is written above it.
BY_ID = {text.split('"')[1]: text for text in re.split(r"^(?=@id)", WRITTEN, flags=re.MULTILINE)[1:]}
ALWAYS = BY_ID["BEFORE-THE-LAW"] + BY_ID["IS-BOUND"]
# What lets everything through, so that the forbids show all that they take.
ANYTHING = 'permit (principal, action, resource) unless { action == Action::"is bound" };'

policies = lru_cache(PolicySet.from_str)


@cache
def world() -> Entities:
    """Every organisation of every agency and kind of partner, every category and event in its groups."""
    organisations = [
        _entity("Organisation", f"{agency}:{name}", [("Agency", agency)], agency=agency, name=name)
        for agency in RECIPIENTS
        for name in NAMES
    ]
    groups = {
        c: [("Category", group) for group, members in GROUPS.items() if c in members.split()] for c in DataCategory
    }
    categories = [_entity("Category", category, parents) for category, parents in groups.items()]
    agencies = [_entity("Agency", agency, [("Agency", "with a service")]) for agency in Agency]
    events = [_entity("Action", event, [("Action", "closing")] if event in CLOSING else []) for event in EventType]
    return Entities.from_json_str(json.dumps([*organisations, *agencies, *categories, *events]))


def ask(questions: Iterable[Asked], *, rules: str = WRITTEN) -> list[Answer]:
    """Cedar's answers: first each category, under each agreement that binds; then the event with what is left."""
    asked = list(questions)
    known = policies(rules)
    bound = _bound(asked, known)
    requests, keys = [], []
    for number, question in enumerate(asked):
        for agreement in bound[number] or NONE_BINDS:
            for category, text in _by_category(question, agreement):
                requests.append(_request(question, {"type": "Category", "id": category}, text))
                keys.append((number, category))
    left = [set(DataCategory) for _ in asked]
    for (number, category), allowed in zip(keys, _allowed(requests, known), strict=True):
        if not allowed:
            left[number].discard(category)
    letters = [
        _request(question, WHOLE, json.dumps({**context(question), "left": [_category(c) for c in sorted(some)]}))
        for question, some in zip(asked, left, strict=True)
    ]
    sent = _allowed(letters, known)
    return [Answer(yes, frozenset(some) if yes else frozenset()) for yes, some in zip(sent, left, strict=True)]


def _bound(asked: list[Asked], known: PolicySet) -> list[list[Agreement | None]]:
    """The agreements that Cedar says bind one of the two."""
    requests, keys = [], []
    for number, question in enumerate(asked):
        for agreement in question.circumstances.agreements:
            terms = {"recipient": _organisation(question.recipient), "now": _moment(question.at)}
            terms["agreement"] = {
                "parties": sorted(agreement.parties),
                "from": _day(agreement.valid_from),
                **({"until": _day(agreement.valid_until)} if agreement.valid_until else {}),
            }
            requests.append({**_request(question, WHOLE, json.dumps(terms)), "action": 'Action::"is bound"'})
            keys.append((number, agreement))
    bound: list[list[Agreement | None]] = [[] for _ in asked]
    for (number, agreement), allowed in zip(keys, _allowed(requests, known), strict=True):
        if allowed:
            bound[number].append(agreement)
    return bound


def _allowed(requests: list[Json], known: PolicySet) -> list[bool]:
    results = is_authorized_batch(requests, known, world()) if requests else []
    wrong = [error for result in results for error in result.diagnostics.errors]
    if wrong:
        raise ValueError(wrong[0])
    return [result.allowed for result in results]


def _request(question: Asked, resource: Json, context_text: str) -> Json:
    return {
        "principal": {"type": "Organisation", "id": f"{question.sender.agency}:{question.sender.organisation}"},
        "action": {"type": "Action", "id": question.event_type.value},
        "resource": resource,
        "context": context_text,
    }


def _by_category(question: Asked, agreement: Agreement | None) -> list[tuple[DataCategory, str]]:
    """The context for each category: only where its data came from, and what is agreed on it, depends on it."""
    base = {**context(question), "bound": agreement is not None}
    plain = json.dumps(base)
    texts = []
    for category in DataCategory:
        came = sorted({label.origin for label in question.circumstances.handling if category in label.categories})
        agreed = lines(agreement, category) if agreement else []
        own = {"came_from": came, "lines": agreed}
        texts.append((category, json.dumps({**base, **own}) if came or agreed else plain))
    return texts


def context(question: Asked) -> Json:
    """The facts of a request, but for what depends on the category or on an agreement."""
    grounds, capacity = question.grounds, question.circumstances.capacity
    facts: Json = {
        "recipient": _organisation(question.recipient),
        "basis": grounds.basis,
        "subject": grounds.subject,
        "purpose": grounds.purpose,
        "now": _moment(question.at),
        "anonymous": grounds.anonymous,
        "consent": _consent(grounds.consent) if grounds.consent else None,
        "capacity": _capacity(capacity) if capacity else None,
        "came_from": [],
        "bound": False,
        "lines": [],
        "left": [],
    }
    if grounds.emergency:
        facts["emergency"] = {
            "declared_by": grounds.emergency.declared_by,
            "declared": _moment(grounds.emergency.declared_at),
            "until": _moment(grounds.emergency.until),
        }
    if grounds.court:
        facts["court"] = {"decided": _day(grounds.court.decided_on), "until": _day(grounds.court.until)}
    return {name: fact for name, fact in facts.items() if fact is not None}


def lines(agreement: Agreement, category: DataCategory) -> list[Json]:
    """What an agreement leaves open of a category, one line for each combination."""
    return [
        {"permit": e.permit, "sender": by, "recipient": to, "basis": basis, "category": _category(category)}
        for e in agreement.exchanges
        for by in e.senders
        for to in e.recipients
        for basis in e.bases
        if category in e.categories
    ]


def _consent(consent: Consent) -> Json:
    facts: Json = {
        "recorded_by": consent.recorded_by,
        "purposes": sorted(consent.purposes),
        "recipients": sorted(consent.recipients),
        "categories": [_category(category) for category in sorted(consent.categories)],
        "granted_by": consent.granted_by,
        "given": _moment(consent.given_at),
        "given_day": _number((consent.given_at + KAZAKHSTAN).date()),
        "until": _moment(consent.valid_until),
    }
    return facts | ({"withdrawn": _moment(consent.withdrawn_at)} if consent.withdrawn_at else {})


def _capacity(capacity: Capacity) -> Json:
    facts: Json = {
        "incapacitated": capacity.incapacitated,
        "represented_by_offender": capacity.representative_is_alleged_offender,
    }
    return facts | ({"born": _number(capacity.birth_date)} if capacity.birth_date else {})


def _entity(kind: str, uid: str, parents: list[tuple[str, str]], **attrs: str) -> Json:
    above = [{"type": parent, "id": id_} for parent, id_ in parents]
    return {"uid": {"type": kind, "id": uid}, "attrs": attrs, "parents": above}


def _organisation(party: Party) -> Json:
    return {"__entity": {"type": "Organisation", "id": f"{party.agency}:{party.organisation}"}}


def _category(category: DataCategory) -> Json:
    return {"__entity": {"type": "Category", "id": category}}


def _moment(moment: datetime) -> Json:
    return {"__extn": {"fn": "datetime", "arg": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"}}


def _day(day: date) -> Json:
    return {"__extn": {"fn": "datetime", "arg": day.isoformat()}}


def _number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day
