"""Bed status after OASIS EDXL-HAVE 1.0 (Hospital AVailability Exchange, 1 November 2008). Pure: units in, XML out.

Version 1.0 is the one that other software was found to read. One `Hospital` for each organisation on the bed board,
and a `BedCapacity` for each of its units. The standard's list of bed types is a hospital's; the nearest one is given,
and `SubCategoryBedType` says what the place really is.

Of where somebody is there is only the name of a town or district, in a comment: no address, no coordinates, no
telephone (`OrganizationGeoLocation` and CIQ's addresses are never written), whoever it is.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree

from shared.casework.beds.endpoints import BoardUnit
from shared.casework.disclosures.words import Language
from shared.casework.standards.known import by_organisation
from shared.casework.standards.terms import BEDS, KATO, of_place
from shared.contract.vocabulary import BedKind

HAVE = "urn:oasis:names:tc:emergency:EDXL:HAVE:1.0"
XNL = "urn:oasis:names:tc:ciq:xnl:3"
ElementTree.register_namespace("have", HAVE)
ElementTree.register_namespace("xnl", XNL)

# Nobody in a shelter is a patient: of the types on the list, this is the one for who stays without being acutely ill.
BED_TYPES: dict[BedKind, str] = {
    BedKind.WOMEN_WITH_CHILDREN: "RehabLongTermCare",
    BedKind.ALL_ADULTS: "RehabLongTermCare",
    BedKind.SENIORS: "RehabLongTermCare",
    BedKind.DETOXIFICATION: "MedicalSurgical",  # an ordinary ward
    BedKind.ADDICTOLOGY: "RehabLongTermCare",
}
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def document(units: Iterable[BoardUnit], language: Language) -> bytes:
    """The whole board as one document in UTF-8; without an entry where nobody counts beds."""
    root = ElementTree.Element(f"{{{HAVE}}}HospitalStatus")
    for organisation in by_organisation(units).values():
        _hospital(root, organisation, language)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _hospital(root: ElementTree.Element, units: tuple[BoardUnit, ...], language: Language) -> None:
    """`LastUpdateTime` is of the oldest count: who passes over what is old takes no old count for a new one."""
    hospital = _add(root, "Hospital")
    organisation = _add(hospital, "Organization")
    name = ElementTree.SubElement(_add(organisation, "OrganizationInformation"), f"{{{XNL}}}OrganisationName")
    name.set(f"{{{XNL}}}ID", units[0].organisation_id)
    ElementTree.SubElement(name, f"{{{XNL}}}NameElement").text = _text(getattr(units[0], f"name_{language}"))
    place = of_place(units[0].kato)
    if place is not None:
        _add(organisation, "CommentText", f"{KATO} {place.code}: {getattr(place.words, language)}")
    capacities = _add(hospital, "HospitalBedCapacityStatus")
    for unit in units:
        _bed_capacity(capacities, unit, language)
    _add(hospital, "LastUpdateTime", _moment(min(unit.counted_at for unit in units)))


def _bed_capacity(capacities: ElementTree.Element, unit: BoardUnit, language: Language) -> None:
    one = _add(capacities, "BedCapacity")
    _add(one, "BedType", BED_TYPES[unit.kind])
    _add(one, "SubCategoryBedType", getattr(BEDS[unit.kind], language))
    capacity = _add(one, "Capacity")
    _add(capacity, "CapacityStatus", "Vacant/Available" if unit.free else "NotAvailable")
    _add(capacity, "AvailableCount", str(unit.free))
    _add(capacity, "BaselineCount", str(unit.capacity))
    _add(one, "CommentText", f"{unit.unit}, {_moment(unit.counted_at)}")


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{HAVE}}}{name}")
    element.text = None if text is None else _text(text)
    return element


def _text(said: str) -> str:
    """What XML can't hold, a mark stands for: a control character in one name must not make the board unreadable."""
    return NOT_IN_XML.sub("\ufffd", said)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
