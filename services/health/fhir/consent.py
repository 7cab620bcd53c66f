"""A consent as a Consent: for what, to whom, which data, until when. Pure.

Of the guide's profile: scope patient-privacy, category IDSCL, when and where it was given. What is allowed is said in
our own codes, since those are what the policy decides by.
"""

from datetime import datetime

from services.health.fhir.elements import (
    TERMINOLOGY,
    Element,
    coding,
    concept,
    extension,
    filled,
    foreign,
    identifier,
    instant,
    masked,
    meta,
    reference,
    words,
)
from services.health.fhir.labels import VERY_RESTRICTED, VIOLENCE
from shared.casework.consents.endpoints import ConsentOut
from shared.contract.vocabulary import RECIPIENTS, ConsentEnd, Grantor

ACT = f"{TERMINOLOGY}/v3-ActCode"
ACTIVE, INACTIVE, NEVER_WAS = "active", "inactive", "entered-in-error"
ENDED = {
    ConsentEnd.WITHDRAWN: INACTIVE,
    ConsentEnd.EXPIRED: INACTIVE,
    ConsentEnd.OVER: INACTIVE,
    ConsentEnd.VOID: NEVER_WAS,  # its grantor had no right to give it
}
SCOPE = {"coding": [foreign(f"{TERMINOLOGY}/consentscope", "patient-privacy", "Privacy Consent")]}
DISCLOSURE = {"coding": [foreign(ACT, "IDSCL", "information disclosure")]}
OPT_IN = {"coding": [foreign(ACT, "OPTIN", "opt-in")]}
DISCLOSE = {"coding": [foreign(f"{TERMINOLOGY}/consentaction", "disclose", "Disclose")]}
RECEIVES = {
    "coding": [foreign(f"{TERMINOLOGY}/v3-ParticipationType", "IRCP", "information recipient")],
}


def status(one: ConsentOut, now: datetime) -> str:
    """Whether it allows anything now."""
    if one.end is not None:
        return ENDED[one.end]
    return ACTIVE if now < ended_at(one) else INACTIVE


def ended_at(one: ConsentOut) -> datetime:
    """From when on it allows nothing any more."""
    return one.valid_until if one.withdrawn_at is None else min(one.withdrawn_at, one.valid_until)


def consent(one: ConsentOut, now: datetime) -> Element:
    """The Consent. Whom it is of is known where it was given, and nowhere else."""
    return filled(
        resourceType="Consent",
        id=str(one.id),
        meta=meta(
            revision=None,
            updated_at=one.withdrawn_at or one.expired_at or one.given_at,
            security=[VERY_RESTRICTED, VIOLENCE],
        ),
        extension=[extension("consent-end", valueCode=one.end.value)] if one.end else [],
        identifier=[identifier("consent", one.id)],
        status=status(one, now),
        scope=SCOPE,
        category=[DISCLOSURE],
        patient=reference("Patient", one.person_id) if one.person_id else {"type": "Patient", **masked()},
        dateTime=instant(one.given_at),
        performer=_granted(one),
        organization=[reference("Organization", one.recorded_by)],
        sourceAttachment=_source(one),
        policyRule=OPT_IN,
        provision=_provision(one),
    )


def _granted(one: ConsentOut) -> list[Element]:
    if one.granted_by is None:
        return []
    if one.granted_by is Grantor.SELF and one.person_id:
        return [reference("Patient", one.person_id)]
    return [{"display": words(one.granted_by)}]


def _source(one: ConsentOut) -> Element | None:
    """How it was given; of a paper, the hash by which its scan is known."""
    scan = [extension("sha256", valueString=one.document_sha256)] if one.document_sha256 else []
    form = words(one.form) if one.form else None
    return filled(extension=scan, language=one.explained_in, title=form) or None


def _provision(one: ConsentOut) -> Element:
    return filled(
        type="permit",
        period={"start": instant(one.given_at), "end": instant(max(ended_at(one), one.given_at))},
        actor=[{"role": RECEIVES, "reference": _recipient(name)} for name in one.recipients],
        action=[DISCLOSE],
        purpose=[coding(purpose, of="purpose") for purpose in one.purposes],
        code=[concept(category, of="data-category") for category in one.categories],
    )


def _recipient(name: str) -> Element:
    """All organisations of a kind, or one of them."""
    if name in {kind.value for kind in RECIPIENTS}:
        return {"type": "Organization", "identifier": identifier("kind-of-recipient", name), "display": name}
    return reference("Organization", name)
