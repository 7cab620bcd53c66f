"""The commonest calls, each with the shape of its answer. Any other is `get(path)`, `post(path, body)`, or a `Call`."""

from typing import Any

from qorgau.client.shapes import (
    BoardUnit,
    Changes,
    Consent,
    Items,
    Message,
    NewConsent,
    NewPerson,
    NewReferral,
    Page,
    Person,
    Preview,
    Referral,
    ReferralDetails,
    Refusal,
    Reminder,
    SentReferral,
    Unit,
)
from qorgau.client.talk import Call, get, post

WHATEVER_IT_WAS = "*"


def record_person(person: NewPerson) -> Call[Person]:
    """Record a person."""
    return post("/persons", person)


def person(person_id: str) -> Call[Person]:
    """Read a person. Problem 410 for who was erased."""
    return get(f"/persons/{person_id}")


def search_persons(**known: str) -> Call[Page[Person]]:
    """Find people by `iin`; by `code`; or by `family_name`, with `given_name`, `birth_date`, or both."""
    return post("/persons/search", known)


def record_consent(consent: NewConsent) -> Call[Consent]:
    """Record what somebody allowed."""
    return post("/consents", consent)


def withdraw_consent(consent_id: str, *, by: str = "self") -> Call[Consent]:
    """Take it back: what rested on it alone is erased, here and at those who were told."""
    return post(f"/consents/{consent_id}/withdraw", {"by": by})


def preview(referral: NewReferral) -> Call[Preview]:
    """Exactly what would leave, and what would not, and why. Sends nothing."""
    return post("/disclosures/preview", referral)


def refer(referral: NewReferral) -> Call[SentReferral]:
    """Refer somebody. It is on its way when this answers."""
    return post("/referrals", referral)


def referrals(box: str, *, state: str | None = None) -> Call[Page[Referral]]:
    """A box, `incoming` or `outgoing`, newest first."""
    return get("/referrals", box=box, state=state)


def referral(referral_id: str) -> Call[ReferralDetails]:
    """A referral with its history, and what can be done now."""
    return get(f"/referrals/{referral_id}")


def accept(referral_id: str) -> Call[ReferralDetails]:
    """Take it."""
    return post(f"/referrals/{referral_id}/accept")


def decline(referral_id: str, reason: str, *, text: str | None = None) -> Call[ReferralDetails]:
    """Say that it can't be taken, and why: by a code, as `no_room`."""
    return post(f"/referrals/{referral_id}/decline", {"reason": reason, "text": text})


def start(referral_id: str) -> Call[ReferralDetails]:
    """Say that the person is here."""
    return post(f"/referrals/{referral_id}/start")


def complete(referral_id: str, *, failed: str | None = None) -> Call[ReferralDetails]:
    """Say that it is done, or why it failed: by a code, as `did_not_arrive`."""
    return post(f"/referrals/{referral_id}/complete", {"failed": {"reason": failed}} if failed else {})


def cancel(referral_id: str, reason: str) -> Call[ReferralDetails]:
    """Take back what was sent, and why: by a code."""
    return post(f"/referrals/{referral_id}/cancel", {"reason": reason})


def write(referral_id: str, body: str) -> Call[Message]:
    """Write to the other side of a referral."""
    return post(f"/referrals/{referral_id}/messages", {"body": body})


def messages(referral_id: str) -> Call[Page[Message]]:
    """The conversation about a referral. Who reads it has read it."""
    return get(f"/referrals/{referral_id}/messages")


def beds(*, kind: str | None = None, near: str | None = None, limit: int = 50) -> Call[Page[BoardUnit]]:
    """Who has room, nearest first where `near` (KATO) is given."""
    return get("/beds", for_=kind, near=near, limit=str(limit))


def units() -> Call[Items[Unit]]:
    """One's own places."""
    return get("/units")


def unit(name: str) -> Call[Unit]:
    """One of them. Its ETag is what the next count of it is based on."""
    return get(f"/units/{name}")


def count_beds(unit: str, *, kind: str, capacity: int, occupied: int, match: str | None = None) -> Call[Unit]:
    """Say how many places a unit has. `match`: the ETag of the count that this one replaces, or `WHATEVER_IT_WAS`; none
    for a unit that is new."""
    body: dict[str, Any] = {"for": kind, "capacity": capacity, "occupied": occupied}
    return Call("PUT", f"/beds/{unit}", body, match=match)


def record_refusal(*, refused_at: str, person_id: str | None = None, agrees_to_contact: bool = False) -> Call[Refusal]:
    """Record that somebody refused to report: the clock of three business days starts."""
    said = {"refused_at": refused_at, "person_id": person_id, "agrees_to_contact": agrees_to_contact}
    return post("/refusals", said)


def send_notice(refusal_id: str) -> Call[Refusal]:
    """Send the notice of a refusal to the police."""
    return post(f"/refusals/{refusal_id}/send")


def reminders() -> Call[Items[Reminder]]:
    """What came near its deadline, or passed it."""
    return get("/reminders")


def events(*types: str, after: str | None = None) -> Call[Changes]:
    """What happened at one's own organisation since: `types` as `received.referral` or `changed`, all without; `after`
    an event's id, or `now`. `Client.follow` asks on."""
    said = {"type": list(types), **({"after": after} if after else {})}
    return Call("GET", "/events", query=said)
