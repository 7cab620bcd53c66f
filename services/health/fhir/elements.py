"""Elements of FHIR R4 as plain JSON, and the systems that codes and identifiers are from. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

Element = dict[str, Any]

OURS = "https://qorgau.invalid/fhir"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
GUIDE = "http://hl7.org/fhir/us/sdoh-clinicalcare"
GUIDE_CODES = f"{GUIDE}/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def filled(**elements: Any) -> Element:
    """Those elements that have a value: FHIR has neither nulls nor empty lists and objects."""
    return {name: value for name, value in elements.items() if value not in (None, "", [], {})}


def coding(code: StrEnum, *, of: str) -> Element:
    """A code of our own vocabulary."""
    return {"system": f"{OURS}/CodeSystem/{of}", "code": code.value, "display": words(code)}


def concept(code: StrEnum, *, of: str) -> Element:
    """The same as a CodeableConcept."""
    return {"coding": [coding(code, of=of)], "text": words(code)}


def foreign(system: str, code: str, display: str | None = None) -> Element:
    """A Coding of somebody else's code system."""
    return filled(system=system, code=code, display=display)


def words(code: StrEnum) -> str:
    """A code as it is read."""
    return code.value.replace("_", " ")


def reference(kind: str, row_id: object) -> Element:
    """A literal reference to a resource that is read here."""
    return {"reference": f"{kind}/{row_id}"}


def identifier(of: str, value: object) -> Element:
    """An Identifier of this network: what of, and which."""
    return {"system": f"{OURS}/{of}", "value": str(value)}


def extension(name: str, **value: Any) -> Element:
    """An extension of our own with one value: `extension("basis", valueCode="consent")`."""
    return {"url": f"{OURS}/StructureDefinition/{name}", **value}


def nested(name: str, parts: Sequence[Element]) -> Element:
    """An extension of our own that has parts."""
    return {"url": f"{OURS}/StructureDefinition/{name}", "extension": list(parts)}


def part(name: str, **value: Any) -> list[Element]:
    """A part of such an extension; none where its value is None."""
    return [] if None in value.values() else [{"url": name, **value}]


def masked() -> Element:
    """What stands for what is not told: that it is withheld, not that it is unknown."""
    return {"extension": [{"url": ABSENT, "valueCode": "masked"}]}


def unknown() -> Element:
    """What stands for what nobody here knows."""
    return {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}


def instant(moment: datetime) -> str:
    """A moment with its zone."""
    return moment.isoformat()


def meta(*, revision: int | None, updated_at: datetime, security: Sequence[Element]) -> Element:
    """Which version of a resource this is, since when, and its security labels."""
    version = None if revision is None else str(revision)
    return filled(versionId=version, lastUpdated=instant(updated_at), security=list(security))
