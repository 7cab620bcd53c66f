"""The shapes of what is sent and answered, by their names in the API's own description (`/openapi.json`).

Ids are UUIDs and moments ISO 8601 with their zone, both as text; codes are those of the description.
"""

from typing import Any, Generic, NotRequired, TypedDict, TypeVar

T = TypeVar("T")


class Page(TypedDict, Generic[T]):
    """A page of a list, newest first, of beds the nearest; `next` is the cursor of the one after it."""

    items: list[T]
    next: str | None


class Items(TypedDict, Generic[T]):
    """A list that has no pages."""

    items: list[T]


class NewPerson(TypedDict, total=False):
    """A person to record."""

    role: str
    anonymous: bool
    family_name: str | None
    given_name: str | None
    patronymic: str | None
    birth_date: str | None
    sex: str | None
    iin: str | None
    phone: str | None
    address: str | None
    languages: list[str]
    code: str | None
    places_known_to_offender: list[str]
    other_party: dict[str, Any] | None
    incapacitated: bool
    representative_is_alleged_offender: bool


class Person(NewPerson):
    """A person as this organisation knows them."""

    id: str
    revision: int
    created_at: str
    updated_at: str


class NewConsent(TypedDict):
    """A consent to record. `recipients` names agencies, kinds of partners or organisations."""

    person_id: str
    purposes: list[str]
    recipients: list[str]
    categories: list[str]
    valid_until: str
    granted_by: str
    form: str
    document_sha256: NotRequired[str | None]
    explained_in: str


class Consent(TypedDict):
    """A consent, and how it ended."""

    id: str
    recorded_by: str
    person_id: str | None
    purposes: list[str]
    recipients: list[str]
    categories: list[str]
    granted_by: str | None
    given_at: str
    valid_until: str
    withdrawn_at: str | None
    form: str | None
    document_sha256: str | None
    explained_in: str | None
    end: str | None
    expired_at: str | None


class NewReferral(TypedDict, total=False):
    """A referral to send. `to`: `organisation`, or `nearest` (KATO). `basis`: its `kind`, and what proves it."""

    to: dict[str, str]
    purpose: str
    subject: str
    person_id: str | None
    basis: dict[str, Any]
    urgency: str
    household: dict[str, Any] | None
    needs: list[str]
    hold: str | None
    call_back: str
    dependants: str | None
    health: str | None
    addiction: str | None
    circumstances: str | None
    replaces: str | None
    speaks: list[str]
    avoid: list[str]
    answer_within_minutes: int | None


class Withheld(TypedDict):
    """A field that stays here, and the rule that keeps it, with its reason in three languages."""

    field: str
    rule: str
    kk: str
    ru: str
    en: str


class Preview(TypedDict):
    """Exactly what would leave."""

    permitted: bool
    recipient: str
    content: dict[str, Any] | None
    withheld: list[Withheld]
    rules: list[str]


class Referral(TypedDict):
    """One side's copy; `content` is what crossed."""

    id: str
    side: str
    counterpart_id: str
    person_id: str | None
    replaces: str | None
    purpose: str
    subject: str
    basis: str
    consent_id: str | None
    state: str
    content: dict[str, Any] | None
    suggested: str | None
    hold: str | None
    hold_state: str | None
    held_until: str | None
    revision: int
    created_at: str
    updated_at: str
    erased_at: str | None


class SentReferral(Referral):
    """One that was sent just now, what was withheld, and why that place, where one was looked for."""

    withheld: list[Withheld]
    chosen: dict[str, Any] | None


class ReferralDetails(Referral):
    """A copy with its history, and what can be done now."""

    delivery: str | None
    moves: list[dict[str, Any]]
    escalation: list[dict[str, Any]]
    allowed: list[str]


class Message(TypedDict):
    """A message about a referral."""

    id: str
    referral_id: str
    author_id: str
    body: str | None
    at: str
    delivered_at: str | None
    read_at: str | None


class BoardUnit(TypedDict):
    """Places of one unit, and how far it is. Never an address."""

    organisation_id: str
    name_kk: str
    name_ru: str
    name_en: str
    unit: str
    kind: str
    capacity: int
    free: int
    serves: list[str] | None
    counted_at: str
    age_minutes: int
    stale: bool
    kato: str
    place: str | None
    distance_km: float | None


class Unit(TypedDict):
    """Places of one's own."""

    unit: str
    kind: str
    capacity: int
    occupied: int
    held: int
    free: int
    serves: list[str] | None
    counted_at: str


class Refusal(TypedDict):
    """A refusal to report, and exactly what its notice says."""

    id: str
    person_id: str | None
    refused_at: str
    refused_on: str
    due_on: str
    calendar_version: str
    agrees_to_contact: bool
    police_id: str | None
    state: str
    sent_at: str | None
    acknowledged_at: str | None
    notice: dict[str, Any]


class Reminder(TypedDict):
    """A deadline came near, or passed."""

    kind: str
    fired_at: str
    deadline: dict[str, Any]


class Change(TypedDict):
    """Something that happened: a CloudEvent without data. `subject`: the id of what it is about."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str


class Changes(TypedDict):
    """What happened, oldest first; from where to ask on; and whether there is more at once."""

    events: list[Change]
    next: str | None
    more: bool
