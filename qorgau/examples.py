"""The ten commonest jobs, each in a few lines: read them, copy them. A test runs every one."""

import time
from datetime import UTC, datetime, timedelta

from qorgau.client import Client, Problem, calls
from qorgau.client.shapes import Message, NewReferral, Person, ReferralDetails, Refusal, SentReferral, Unit, Withheld

NO_ROOM = "no_room"


def record(police: Client, family_name: str, phone: str) -> str:
    """1. Record a person; their id."""
    return police.do(calls.record_person({"role": "victim", "family_name": family_name, "phone": phone}))["id"]


def find(police: Client, family_name: str) -> list[Person]:
    """2. Find whom one has recorded. What is looked for travels in the body: addresses are written down on the way."""
    return list(police.each(calls.search_persons(family_name=family_name)))


def ask_for_consent(police: Client, person_id: str) -> str:
    """3. Record what she allows: that shelters learn who she is and how to reach her, for half a year."""
    until = datetime.now(UTC) + timedelta(days=180)
    consent = calls.record_consent(
        {
            "person_id": person_id,
            "purposes": ["lodging"],
            "recipients": ["shelter"],
            "categories": ["identity", "contact"],
            "valid_until": until.isoformat(),
            "granted_by": "self",
            "form": "spoken",
            "explained_in": "kk",
        }
    )
    return police.do(consent)["id"]


def for_lodging(person_id: str, consent_id: str, *, shelter: str) -> NewReferral:
    """A referral as the next two send it."""
    return {
        "to": {"organisation": shelter},
        "purpose": "lodging",
        "person_id": person_id,
        "basis": {"kind": "consent", "consent_id": consent_id},
        "call_back": "+7 727 000 00 02",
        "health": "needs insulin",
    }


def what_stays_here(police: Client, referral: NewReferral) -> list[Withheld]:
    """4. See before sending what would not leave, and by which rule."""
    return police.do(calls.preview(referral))["withheld"]


def refer(police: Client, referral: NewReferral) -> SentReferral:
    """5. Send it. It is on its way, with or without the network."""
    return police.do(calls.refer(referral))


def take_in(shelter: Client, *, free: int) -> list[str]:
    """6. Answer what came: take as many as there is room for, and tell the others at once. Those that were taken."""
    taken: list[str] = []
    for one in list(shelter.each(calls.referrals("incoming", state="requested"))):
        there_is_room = len(taken) < free
        shelter.do(calls.accept(one["id"]) if there_is_room else calls.decline(one["id"], NO_ROOM))
        taken += [one["id"]] if there_is_room else []
    return taken


def until_answered(police: Client, referral_id: str, *, seconds: float) -> ReferralDetails:
    """7. Wait until the other side has answered."""
    until = time.monotonic() + seconds
    while (seen := police.do(calls.referral(referral_id)))["state"] == "requested" and time.monotonic() < until:
        time.sleep(0.2)
    return seen


def talk(police: Client, referral_id: str, words: str) -> list[Message]:
    """8. Write to the other side, and read what was written."""
    police.do(calls.write(referral_id, words))
    return list(police.each(calls.messages(referral_id)))


def count(shelter: Client, unit: str, *, occupied: int, capacity: int) -> Unit:
    """9. Say how many places are taken, on top of the count that was there, whoever made it."""
    try:
        match = shelter.ask(calls.unit(unit)).etag
    except Problem as problem:
        if problem.status != 404:  # the first count of this unit
            raise
        match = None
    return shelter.do(
        calls.count_beds(unit, kind="women_with_children", capacity=capacity, occupied=occupied, match=match)
    )


def tell_of_a_refusal(shelter: Client) -> Refusal:
    """10. She does not want to report: the police learn that within three business days, and nothing of who she is."""
    refusal = shelter.do(calls.record_refusal(refused_at=datetime.now(UTC).isoformat()))
    return shelter.do(calls.send_notice(refusal["id"]))
