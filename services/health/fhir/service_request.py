"""A referral as a ServiceRequest: what is asked, for whom as far as that may be told, and on which basis. Pure."""

from typing import Any

from services.health.fhir import labels
from services.health.fhir.elements import (
    Element,
    concept,
    extension,
    filled,
    identifier,
    instant,
    meta,
    nested,
    part,
    reference,
)
from services.health.fhir.patient import CONTAINED, contained, tells_of
from services.health.fhir.statuses import request_status
from services.health.fhir.task import Followed, whom
from shared.casework.referrals.models import Referral
from shared.contract.vocabulary import DataCategory, Need, Purpose

PURPOSES = "purpose"
# What is written freely, each under the category of data that opens it.
WRITTEN = {
    "circumstances": DataCategory.NARRATIVE,
    "dependants": DataCategory.DEPENDANTS,
    "health": DataCategory.HEALTH,
    "addiction": DataCategory.ADDICTION,
}


def service_request(one: Followed) -> Element:
    """The ServiceRequest of a referral. Its id is the referral's."""
    referral = one.referral
    content = referral.content or {}
    crossed = referral.person_id is None and tells_of(content)
    return filled(
        resourceType="ServiceRequest",
        id=str(referral.id),
        meta=meta(
            revision=referral.revision,
            updated_at=referral.updated_at,
            security=labels.of_referral(subject=referral.subject, purpose=referral.purpose, content=referral.content),
        ),
        contained=[contained(content, referral.id)] if crossed else [],
        extension=_ours(referral, content),
        identifier=[identifier("referral", referral.id)],
        replaces=[reference("ServiceRequest", referral.replaces)] if referral.replaces else [],
        status=request_status(referral.state, one.reason),
        intent="order",
        priority=content.get("urgency"),
        code=concept(Purpose(referral.purpose), of=PURPOSES),
        orderDetail=[concept(Need(need), of="need") for need in content.get("needs") or ()],
        subject={"reference": f"#{CONTAINED}"} if crossed else whom(referral),
        authoredOn=instant(referral.created_at),
        requester=reference("Organization", one.sender),
        performer=[reference("Organization", one.receiver)],
        supportingInfo=[reference("Consent", referral.consent_id)] if referral.consent_id else [],
        note=_notes(content),
    )


def _ours(referral: Referral, content: dict[str, Any]) -> list[Element]:
    """What FHIR has no element for: whom it is about, on which basis, how many come, which bed, whom to call back."""
    found = [extension("subject-role", valueCode=referral.subject), extension("basis", valueCode=referral.basis)]
    household, call_back = content.get("household"), content.get("call_back")
    if household:
        found.append(nested("household", [p for who in household for p in part(who, valueInteger=household[who])]))
    if referral.hold:
        until = instant(referral.held_until) if referral.held_until else None
        held = [*part("state", valueCode=referral.hold_state), *part("until", valueDateTime=until)]
        found.append(nested("bed-hold", [*part("kind", valueCode=referral.hold), *held]))
    if call_back:
        found.append(extension("call-back", valueContactPoint={"system": "phone", "value": call_back}))
    return found


def _notes(content: dict[str, Any]) -> list[Element]:
    return [
        {"extension": [extension("data-category", valueCode=category.value)], "text": content[name]}
        for name, category in WRITTEN.items()
        if content.get(name)
    ]
