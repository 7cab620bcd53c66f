"""A person as a Patient: in full as this organisation knows them, or what a referral tells of them. Pure."""

from typing import Any
from uuid import UUID

from services.health.fhir.elements import OURS, Element, filled, identifier, masked, unknown
from services.health.fhir.labels import IDENTIFYING, REDACTED, VERY_RESTRICTED, is_named
from shared.casework.persons.models import Person

CONTAINED = "subject"
IIN = f"{OURS}/iin"


def tells_of(content: dict[str, Any]) -> bool:
    """Whether what crossed says anything of whom it is about: who they are, or only how they are reached."""
    return bool(_known(content) or _iin(content))


def contained(content: dict[str, Any], referral_id: UUID) -> Element:
    """What crossed with a referral of whom it is about, within the resource that tells it."""
    known = _known(content)
    return filled(
        resourceType="Patient",
        id=CONTAINED,
        identifier=[identifier("subject-of-referral", referral_id), *_iin(content)],
        **(known if is_named(content) else {**known, "name": [masked()]}),
    )


def patient(person: Person) -> Element:
    """A person of this organisation. Who is anonymous has no name here, nor anywhere."""
    known = {} if person.anonymous else _known(person.model_dump(mode="json"))
    iin = [] if person.anonymous else _iin({"iin": person.iin})
    named = any(getattr(person, name) for name in IDENTIFYING)
    return filled(
        resourceType="Patient",
        id=str(person.id),
        meta=filled(
            versionId=str(person.revision),
            lastUpdated=person.updated_at.isoformat(),
            security=[VERY_RESTRICTED, REDACTED] if person.anonymous else [VERY_RESTRICTED],
        ),
        identifier=[identifier("person", person.id), *iin],
        **(known if named and not person.anonymous else {**known, "name": [_no_name(person)]}),
    )


def _no_name(person: Person) -> Element:
    return masked() if person.anonymous else unknown()


def _iin(content: dict[str, Any]) -> list[Element]:
    return [{"system": IIN, "value": content["iin"]}] if content.get("iin") else []


def _known(content: dict[str, Any]) -> Element:
    given = [content[name] for name in ("given_name", "patronymic") if content.get(name)]
    name = filled(family=content.get("family_name"), given=given)
    phone, address = content.get("phone"), content.get("address")
    return filled(
        name=[name] if name else None,
        telecom=[{"system": "phone", "value": phone}] if phone else None,
        gender=content.get("sex"),
        birthDate=content.get("birth_date"),
        address=[{"text": address}] if address else None,
        communication=[_language(code) for code in content.get("languages") or ()],
    )


def _language(code: str) -> Element:
    return {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": code}]}}
