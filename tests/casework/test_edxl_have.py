"""The bed board in EDXL-HAVE 1.0.

OASIS's XSD is not at hand for this project, so a document is held to the part of it that is written here, as rows:
which elements stand in which, in which order and how often, and what their texts may be. What is never written has no
row, so an address or a position is a fault.
"""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from deploy.network import Network
from shared.casework.beds.endpoints import BoardUnit
from shared.casework.disclosures.words import Language
from shared.casework.standards.have import BED_TYPES, HAVE, XNL, document
from shared.contract.vocabulary import Agency, BedKind
from tests.casework.populated import AKIMAT, DISTRICT, HIDDEN, HOSPITAL, READER, VILLAGE, counted, populated, unit
from tests.workbench import Bench

NAMESPACES = {"have": HAVE, "xnl": XNL}
MANY = 10**6
# element -> its parts in their order, each with how often at least and at most; or what its text must look like.
PARTS: dict[str, tuple[tuple[str, int, int], ...]] = {
    "have:HospitalStatus": (("have:Hospital", 1, MANY),),
    "have:Hospital": (
        ("have:Organization", 1, 1),
        ("have:HospitalBedCapacityStatus", 0, 1),
        ("have:LastUpdateTime", 1, 1),
    ),
    "have:Organization": (("have:OrganizationInformation", 1, 1), ("have:CommentText", 0, MANY)),
    "have:OrganizationInformation": (("xnl:OrganisationName", 1, 1),),
    "xnl:OrganisationName": (("xnl:NameElement", 1, MANY),),
    "have:HospitalBedCapacityStatus": (("have:BedCapacity", 0, MANY),),
    "have:BedCapacity": (
        ("have:BedType", 1, 1),
        ("have:SubCategoryBedType", 0, 1),
        ("have:Capacity", 1, 1),
        ("have:CommentText", 0, MANY),
    ),
    "have:Capacity": (
        ("have:CapacityStatus", 0, 1),
        ("have:AvailableCount", 0, 1),
        ("have:BaselineCount", 0, 1),
    ),
}
TEXTS = {
    "have:BedType": "AdultICU|PediatricICU|NeonatalICU|EmergencyDepartment|NurseryBeds|MedicalSurgical"
    "|RehabLongTermCare|Burn|Pediatrics|AdultPsychiatric|PediatricPsychiatric|NegativeFlowIsolation|OtherIsolation|OperatingRooms",
    "have:SubCategoryBedType": ".+",
    "have:CapacityStatus": "Vacant/Available|NotAvailable",
    "have:AvailableCount": "[0-9]+",
    "have:BaselineCount": "[0-9]+",
    "have:CommentText": ".+",
    "have:LastUpdateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "xnl:NameElement": ".+",
}


@pytest.fixture(scope="module")
async def service(network: Network) -> AsyncIterator[Bench]:
    async with populated(network) as it:
        yield it


async def read(client: httpx.AsyncClient, language: str = "kk") -> bytes:
    answer = await client.get("/edxl/have", params={"language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml"), answer.text
    return answer.content


def parsed(document: bytes) -> Element:
    return fromstring(document)  # noqa: S314  # our own


def name_of(element: Element) -> str:
    for prefix, namespace in NAMESPACES.items():
        if element.tag.startswith(f"{{{namespace}}}"):
            return f"{prefix}:{element.tag.partition('}')[2]}"
    return element.tag


def faults(element: Element) -> list[str]:
    """What the rows have against an element and all in it."""
    name = name_of(element)
    if name in TEXTS:
        fits = not len(element) and re.fullmatch(TEXTS[name], element.text or "", re.DOTALL)
        return [] if fits else [f"{name}: {element.text}"]
    there, allowed = [name_of(part) for part in element], PARTS.get(name, ())
    found = [f"{name}: {part}" for part, least, most in allowed if not least <= there.count(part) <= most]
    order = [part for part, _, _ in allowed if part in there]
    found += [f"{name}: order"] if list(dict.fromkeys(there)) != order or name not in PARTS else []
    return found + [fault for part in element for fault in faults(part)]


def hospital(root: Element, organisation: str) -> Element:
    (one,) = [
        found
        for found in root.findall("have:Hospital", NAMESPACES)
        if found.find(f".//xnl:OrganisationName[@{{{XNL}}}ID='{organisation}']", NAMESPACES) is not None
    ]
    return one


def texts(element: Element, name: str) -> list[str | None]:
    return [one.text for one in element.iterfind(f".//{name}", NAMESPACES)]


@pytest.mark.parametrize("language", list(Language), ids=str)
async def test_the_board_of_a_populated_network_is_built_as_the_standard_says(
    service: Bench, language: Language
) -> None:
    async with service.client(READER[Agency.POLICE]) as reader:
        root = parsed(await read(reader, language))
        board = (await reader.get("/beds")).json()["items"]
    assert faults(root) == []
    ids = [one.attrib[f"{{{XNL}}}ID"] for one in root.iterfind(".//xnl:OrganisationName", NAMESPACES)]
    assert ids == list(dict.fromkeys(one["organisation_id"] for one in board)) == [AKIMAT, HOSPITAL, HIDDEN]
    counts = zip(texts(root, "have:AvailableCount"), texts(root, "have:BaselineCount"), strict=True)
    assert list(counts) == [(str(one["free"]), str(one["capacity"])) for one in board]


@pytest.mark.parametrize(
    ("part", "change", "why"),
    [
        ("have:Hospital/have:LastUpdateTime", "", "have:Hospital: have:LastUpdateTime"),
        ("have:Hospital/have:Organization", "", "have:Hospital: have:Organization"),
        (".//have:BedType", "", "have:BedCapacity: have:BedType"),
        (".//have:BedType", "Shelter", "have:BedType: Shelter"),
        (".//have:AvailableCount", "many", "have:AvailableCount: many"),
        (".//have:CapacityStatus", "Full", "have:CapacityStatus: Full"),
        ("have:Hospital/have:LastUpdateTime", "20 March", "have:LastUpdateTime: 20 March"),
    ],
)
async def test_a_document_with_a_fault_is_found_out(service: Bench, part: str, change: str, why: str) -> None:
    async with service.client(READER[Agency.POLICE]) as reader:
        root = parsed(await read(reader))
    element = root.find(part, NAMESPACES)
    assert element is not None
    if change:
        element.text = change
    else:
        next(one for one in root.iter() if element in list(one)).remove(element)
    assert faults(root) == [why]


async def test_an_address_or_a_position_would_be_a_fault_and_a_village_is_told_as_its_district(
    service: Bench,
) -> None:
    async with service.client(READER[Agency.POLICE]) as reader:
        said = await read(reader, "en")
    root = parsed(said)
    shelter = hospital(root, HIDDEN)
    assert texts(shelter, "have:Organization/have:CommentText") == [f"KATO (NK RK 11) {DISTRICT}: Talgar District"]
    assert texts(shelter, "xnl:NameElement") == ["Hidden"]
    for never in (VILLAGE, "+7 700 000 00 99", "Geo", "Address", "Contact", "pos", "43.3", "77.2"):
        assert never not in said.decode()
    organisation = shelter.find("have:Organization", NAMESPACES)
    assert organisation is not None
    organisation.append(Element(f"{{{HAVE}}}OrganizationGeoLocation"))
    assert faults(root) == ["have:Organization: order", "have:OrganizationGeoLocation: order"]


async def test_counts_follow_the_board_and_the_oldest_says_how_old_an_entry_is(network: Network) -> None:
    async with populated(network) as service, service.client(READER[Agency.POLICE]) as reader:
        before = hospital(parsed(await read(reader, "en")), HIDDEN)
        assert texts(before, "have:CapacityStatus") == ["Vacant/Available", "NotAvailable"]
        assert texts(before, "have:SubCategoryBedType") == ["women with children", "seniors"]
        assert texts(before, "have:LastUpdateTime") == ["2026-03-19T01:00:00Z"]
        assert texts(before, "have:BedCapacity/have:CommentText") == [
            "family-rooms, 2026-03-20T07:00:00Z",
            "quiet-house, 2026-03-19T01:00:00Z",
        ]
        service.clock.now += timedelta(minutes=5)
        now = service.clock()
        await counted(service, HIDDEN, unit("family-rooms", BedKind.WOMEN_WITH_CHILDREN, free=0, at=now))
        after = hospital(parsed(await read(reader)), HIDDEN)
        assert (texts(after, "have:AvailableCount"), texts(after, "have:CapacityStatus")) == (["0"], ["NotAvailable"])
        assert texts(after, "have:LastUpdateTime") == ["2026-03-20T07:05:00Z"]


async def test_a_name_that_xml_can_not_hold_leaves_the_board_readable(service: Bench) -> None:
    async with service.client(READER[Agency.POLICE]) as reader:
        root = parsed(await read(reader))
    assert texts(hospital(root, AKIMAT), "xnl:NameElement") == ["Ауыл \ufffd\ufffd<&>\ufffd"]


def test_where_nobody_counts_beds_there_is_no_entry() -> None:
    assert list(parsed(document([], Language.KK))) == []


@pytest.mark.parametrize("kind", list(BedKind), ids=str)
def test_each_kind_of_bed_has_a_type_of_the_standard(kind: BedKind) -> None:
    at = datetime.fromisoformat("2026-03-20T12:00:00+05:00")
    same: dict[str, Any] = {"name_kk": "x", "name_ru": "x", "name_en": "x", "capacity": 1, "free": 1, "serves": None}
    same |= {"counted_at": at, "age_minutes": 0, "stale": False, "kato": DISTRICT, "place": None, "distance_km": None}
    one = BoardUnit.model_validate({"organisation_id": "shelter-1", "unit": "rooms", "kind": kind, **same})
    root = parsed(document([one], Language.EN))
    assert faults(root) == []
    assert texts(root, "have:BedType") == [BED_TYPES[kind]]
