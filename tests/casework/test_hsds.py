"""The directory and the bed board in HSDS 3.1: valid by its schemas, and nothing that the directory does not say."""

import json
import re
from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.network import Network
from shared.casework.directory.places import nearest_known, places
from shared.casework.disclosures.words import AGENCIES, PURPOSES, Language
from shared.casework.standards.hsds import PURPOSE_OF
from shared.casework.standards.terms import BEDS, KATO, TAXONOMIES, stable_id
from shared.contract.suitability_words import NEEDS
from shared.contract.vocabulary import Agency, BedKind, Need, Purpose
from tests.casework.hsds import LISTS, directory_of, every, faults, keys, leaves, offer, organisation, read
from tests.casework.populated import AKIMAT, DISTRICT, HIDDEN, HOSPITAL, READER, VILLAGE, counted, populated, unit
from tests.workbench import Bench

WHERE = re.compile("address|latitude|longitude|coordinat|geo|location|postal|street|contact|schedule")


@pytest.fixture(scope="module")
async def service(network: Network) -> AsyncIterator[Bench]:
    async with populated(network) as it:
        yield it


@pytest.fixture
async def reader(service: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client(READER[Agency.POLICE]) as client:
        yield client


@pytest.mark.parametrize("language", list(Language), ids=str)
@pytest.mark.parametrize("what", list(LISTS))
async def test_every_object_of_a_populated_network_is_valid_by_the_schemas(
    reader: httpx.AsyncClient, what: str, language: Language
) -> None:
    found = await every(reader, what, language=language)
    assert [(one["id"], why) for one in found for why in faults(LISTS[what], one)] == []
    assert len(found) > 300
    assert len({one["id"] for one in found}) == len(found)
    for one in found[:: len(found) // 5]:
        assert await read(reader, f"/{what}/{one['id']}", language=language) == one


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ('"id" is a required property', lambda one: one.pop("id")),
        ('"updated" is a required property', lambda one: one["capacities"][0].pop("updated")),
        ('"name" is a required property', lambda one: one["capacities"][0]["unit"].pop("name")),
        ('"unit" is a required property', lambda one: one["capacities"][0].pop("unit")),
        ('"shelter-1" is not a "uuid"', lambda one: one.update(organization_id="shelter-1")),
        ('"open" is not one of', lambda one: one.update(status="open")),
        ('"2" is not of type "number"', lambda one: one["capacities"][0].update(available="2")),
        ('"yesterday" is not a "date-time"', lambda one: one["capacities"][0].update(updated="yesterday")),
        ("null is not of type", lambda one: one.update(languages=None)),
        ("not allowed", lambda one: one.update(addresses=[{"address_1": "Абай 1"}])),
        ("not allowed", lambda one: one["organization"].update(contacts=[])),
    ],
)
async def test_an_object_with_a_fault_is_not_valid(reader: httpx.AsyncClient, why: str, change: Any) -> None:
    lodging = await offer(reader, HIDDEN, Purpose.LODGING)
    broken = deepcopy(lodging)
    change(broken)
    assert (faults("service", lodging), len(faults("service", broken))) == ([], 1)
    assert why in faults("service", broken)[0]


async def test_whoever_may_have_somebody_staying_has_no_location_and_nobody_has_an_address(
    reader: httpx.AsyncClient,
) -> None:
    lodging = {HIDDEN, AKIMAT, HOSPITAL, *(o for o in await directory_of(reader) if o.startswith("shelter-"))}
    for name in lodging:
        assert [key for key in keys(await organisation(reader, name)) if WHERE.search(key)] == [], name
    everybody = keys(await every(reader, "organizations")) | keys(await every(reader, "services"))
    assert {key for key in everybody if WHERE.search(key)} == {
        "locations",
        "location",
        "location_id",
        "location_type",
        "service_at_locations",
    }


@pytest.mark.parametrize("language", list(Language), ids=str)
async def test_nothing_is_said_that_the_directory_and_the_board_do_not_say(
    reader: httpx.AsyncClient, language: Language
) -> None:
    """Every text is taken apart: each piece is said there, or is a word of this network for a code that is."""
    known = await directory_of(reader)
    board = (await reader.get("/beds")).json()["items"]
    words: list[Any] = [*AGENCIES.values(), *PURPOSES.values(), *BEDS.values(), *NEEDS.values()]
    ours = {text for one in words for text in (one.kk, one.ru, one.en)}
    ours |= {*Agency, *Purpose, *BedKind, *Need, KATO, "active", "physical", "organization", "service"}
    ours |= {f"{TAXONOMIES}{name}" for name in ("agency", "purpose", "bed-kind", "need")}
    for one in await every(reader, "organizations", language=language):
        (name,) = [name for name in known if str(stable_id("organization", name)) == one["id"]]
        place = nearest_known(known[name]["kato"])
        assert place is not None
        said = {str(value) for _, value in leaves([known[name], [u for u in board if u["organisation_id"] == name]])}
        said |= ours | {place.kato, place.name_kk, place.name_ru, place.name_en}
        for key, value in leaves(one):
            if key == "id" or key.endswith("_id"):
                UUID(value)
            elif key == "assured_date":
                assert value == "2020-01-01" or name in (HIDDEN, AKIMAT), name
            elif not (key == "name" and value in LANGUAGE_NAMES):
                pieces = {str(value)} if str(value) in said else set(re.split(", |: | / ", str(value)))
                assert pieces <= said, (key, value)


LANGUAGE_NAMES = {"қазақ тілі", "орыс тілі", "ұйғыр тілі", "казахский", "русский", "уйгурский"}
LANGUAGE_NAMES |= {"Kazakh", "Russian", "Uyghur"}


async def test_a_village_is_told_as_its_district(reader: httpx.AsyncClient) -> None:
    assert (await directory_of(reader))[HIDDEN]["kato"] == VILLAGE
    shelter = await organisation(reader, HIDDEN, language="en")
    (place,) = [one["taxonomy_term"] for one in shelter["attributes"] if one["taxonomy_term"]["taxonomy"] == KATO]
    assert (place["code"], place["name"], shelter["description"]) == (
        DISTRICT,
        "Talgar District",
        "shelter, Talgar District",
    )
    for what in LISTS:
        assert VILLAGE not in json.dumps(await every(reader, what))


async def test_an_open_office_has_its_district_for_a_location_without_coordinates(reader: httpx.AsyncClient) -> None:
    office = await organisation(reader, "social-19", language="en")
    (location,) = office["locations"]
    assert set(location) == {"id", "location_type", "name", "external_identifier", "external_identifier_type"}
    assert location["external_identifier"] in places()
    assert [one["service_at_locations"][0]["location"] for one in office["services"]] == [location] * 3


async def test_free_places_follow_the_board(network: Network) -> None:
    async with populated(network) as service, service.client(READER[Agency.POLICE]) as reader:
        before = (await offer(reader, HIDDEN, Purpose.LODGING, language="en"))["capacities"]
        told = [(one["description"], one["available"], one["maximum"], one["updated"]) for one in before]
        assert told == [
            ("family-rooms: women with children, care for an infant, a school", 2, 6, "2026-03-20T07:00:00Z"),
            ("quiet-house: seniors, wheelchair access", 0, 6, "2026-03-19T01:00:00Z"),
        ]
        assert [one["unit"]["identifier"] for one in before] == ["women_with_children", "seniors"]
        service.clock.turn_to("2026-03-20T12:05:00+05:00")
        now = service.clock()
        await counted(service, HIDDEN, unit("family-rooms", BedKind.WOMEN_WITH_CHILDREN, free=1, at=now))
        (after,) = (await offer(reader, HIDDEN, Purpose.LODGING))["capacities"]
        assert (after["id"], after["available"]) == (before[0]["id"], 1)
        assert after["updated"] == "2026-03-20T07:05:00Z"
        await counted(service, HIDDEN)
        assert "capacities" not in await offer(reader, HIDDEN, Purpose.LODGING)


async def test_there_is_a_service_for_each_purpose_and_for_what_beds_are_for(reader: httpx.AsyncClient) -> None:
    offers = {name: (await organisation(reader, name, language="en"))["services"] for name in (HIDDEN, AKIMAT)}
    assert {name: [one["name"] for one in services] for name, services in offers.items()} == {
        HIDDEN: ["temporary lodging", "psychological help"],
        AKIMAT: ["temporary lodging", "social services"],
    }
    lodging, social = offers[AKIMAT]
    assert [one["available"] for one in lodging["capacities"]] == [1]
    assert "capacities" not in social
    assert (await organisation(reader, READER[Agency.POLICE]))["services"] == []


async def test_who_says_nothing_of_languages_needs_or_a_telephone_has_none(reader: httpx.AsyncClient) -> None:
    said = await offer(reader, HIDDEN, Purpose.LODGING, language="en")
    assert [(one["code"], one["name"]) for one in said["languages"]] == [
        ("kk", "Kazakh"),
        ("ru", "Russian"),
        ("ug", "Uyghur"),
    ]
    assert [one["number"] for one in said["phones"]] == ["+7 700 000 00 99"]
    for silent in ("shelter-near-19", AKIMAT):
        nothing = await offer(reader, silent, Purpose.LODGING)
        assert {"languages", "phones"} & set(nothing) == set()
        needs = [one["taxonomy_term"]["taxonomy"] for one in (await organisation(reader, silent))["attributes"]]
        assert f"{TAXONOMIES}need" not in needs


def test_each_kind_of_bed_has_words_and_a_purpose() -> None:
    assert set(BEDS) == set(PURPOSE_OF) == set(BedKind)
