"""The directory and its beds as objects of HSDS 3.1. Pure: what is known in, objects out.

**Services.** One for each purpose that an organisation takes referrals for: that is what a referral names, and what can
be looked for here (`GET /organisations?purpose=…`). Free beds are its capacity, a `service_capacity` for each unit of
the board, under the purpose that a bed of that kind is for; whoever counts beds of a purpose that it does not announce
has that service too, since the board says so. A service for each kind of bed would split what is one referral.

**Places.** Nobody's address is known to the network, and where a victim stays is never told (confidentiality, 4). What
is announced to everyone, at `GET /organisations`, is a town or district. Here it is an attribute of every organisation,
from the national classifier, and a smaller place never is. A `location` is more than that: readers of HSDS put it on a
map, look for its address, and complete it from other sources. So only those have one that lodge nobody, without
coordinates; whoever has a bed, or is asked for lodging, has none, not even a virtual one, which HSDS takes for a web
address.

**Languages and needs.** Who does not say what is spoken there, or whom it can serve, has none here: nothing is guessed.
"""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from babel import Locale

from shared.casework.beds.endpoints import BoardUnit
from shared.casework.disclosures.words import AGENCIES, PURPOSES, Language
from shared.casework.standards.known import Known
from shared.casework.standards.shapes import (
    HsdsAttribute,
    HsdsCapacity,
    HsdsLanguage,
    HsdsLocation,
    HsdsOrganization,
    HsdsPhone,
    HsdsPlacedService,
    HsdsProvider,
    HsdsService,
    HsdsTerm,
    HsdsUnit,
)
from shared.casework.standards.terms import (
    BEDS,
    KATO,
    OF_AGENCY,
    OF_BED,
    OF_NEED,
    OF_PURPOSE,
    TAXONOMIES,
    Term,
    of_place,
    stable_id,
)
from shared.contract.calendar import ZONE
from shared.contract.suitability_words import NEEDS
from shared.contract.vocabulary import Agency, BedKind, Purpose

# What a place of each kind is for.
PURPOSE_OF: dict[BedKind, Purpose] = {
    BedKind.WOMEN_WITH_CHILDREN: Purpose.LODGING,
    BedKind.ALL_ADULTS: Purpose.LODGING,
    BedKind.SENIORS: Purpose.LODGING,
    BedKind.DETOXIFICATION: Purpose.ADDICTION_TREATMENT,
    BedKind.ADDICTOLOGY: Purpose.ADDICTION_TREATMENT,
}
PURPOSES_IN_ORDER = tuple(Purpose)


def organization_id(known: Known) -> UUID:
    """The id of an organisation, the same at every service."""
    return stable_id("organization", known.organisation.id)


def service_id(known: Known, purpose: Purpose) -> UUID:
    """The id of what an organisation offers for a purpose."""
    return stable_id("service", known.organisation.id, purpose)


def offered(known: Known) -> list[Purpose]:
    """What an organisation takes referrals for, and what its beds are for."""
    found = {*known.organisation.purposes, *(PURPOSE_OF[unit.kind] for unit in known.units)}
    return sorted(found, key=PURPOSES_IN_ORDER.index)


HOUSED = {Purpose.LODGING, Purpose.ADDICTION_TREATMENT}  # it may have beds that nobody has counted


def lodges(known: Known) -> bool:
    """Whether somebody may be staying there: then no location says where."""
    shelter = known.organisation.agency is Agency.SHELTER
    return shelter or bool(known.units) or bool(HOUSED & {*known.organisation.purposes})


def terms_of_organization(known: Known) -> list[Term]:
    """What kind of organisation it is, in which town or district, and which needs it says it can serve."""
    place = of_place(known.organisation.kato)
    needs = [OF_NEED[need] for need in known.organisation.serves or ()]
    return [OF_AGENCY[known.organisation.agency], *([place] if place else []), *needs]


def terms_of_service(known: Known, purpose: Purpose) -> list[Term]:
    """What it is for, and for whom its beds are."""
    kinds = dict.fromkeys(unit.kind for unit in _units(known, purpose))
    return [OF_PURPOSE[purpose], *(OF_BED[kind] for kind in kinds)]


def organization(known: Known, language: Language) -> HsdsOrganization:
    """An organisation with all its services."""
    location = _location(known, language)
    return HsdsOrganization(
        **_provider(known, language).model_dump(),
        phones=_phones(known),
        locations=[location] if location else None,
        services=[service(known, purpose, language, nested=True) for purpose in offered(known)],
        attributes=_attributes(organization_id(known), "organization", terms_of_organization(known), language),
    )


def service(known: Known, purpose: Purpose, language: Language, *, nested: bool = False) -> HsdsService:
    """What an organisation offers for a purpose. `nested`: within its organisation, which is not said again."""
    this = service_id(known, purpose)
    return HsdsService(
        id=this,
        organization_id=organization_id(known),
        organization=None if nested else _provider(known, language),
        name=getattr(PURPOSES[purpose], language),
        status="active",
        assured_date=known.organisation.announced_at.astimezone(ZONE).date(),
        phones=_phones(known),
        languages=_languages(known, language),
        service_at_locations=_placed(this, _location(known, language)),
        capacities=[_capacity(this, unit, language) for unit in _units(known, purpose)] or None,
        attributes=_attributes(this, "service", terms_of_service(known, purpose), language),
    )


def _units(known: Known, purpose: Purpose) -> list[BoardUnit]:
    return [unit for unit in known.units if PURPOSE_OF[unit.kind] is purpose]


def _provider(known: Known, language: Language) -> HsdsProvider:
    place = of_place(known.organisation.kato)
    said = [AGENCIES[known.organisation.agency], *([place.words] if place else [])]
    return HsdsProvider(
        id=organization_id(known),
        name=getattr(known.organisation, f"name_{language}"),
        description=", ".join(getattr(words, language) for words in said),
    )


def _phones(known: Known) -> list[HsdsPhone] | None:
    phone = known.organisation.phone
    return [HsdsPhone(id=stable_id("phone", known.organisation.id), number=phone)] if phone else None


def _languages(known: Known, language: Language) -> list[HsdsLanguage] | None:
    names = Locale(language.value).languages
    spoken = dict.fromkeys(known.organisation.languages or ())
    return [
        HsdsLanguage(id=stable_id("language", known.organisation.id, code), code=code, name=names.get(code))
        for code in spoken
    ] or None


def _location(known: Known, language: Language) -> HsdsLocation | None:
    place = of_place(known.organisation.kato)
    if place is None or lodges(known):
        return None
    return HsdsLocation(
        id=stable_id("location", known.organisation.id),
        location_type="physical",
        name=getattr(place.words, language),
        external_identifier=place.code,
        external_identifier_type=KATO,
    )


def _placed(this: UUID, location: HsdsLocation | None) -> list[HsdsPlacedService] | None:
    if location is None:
        return None
    its_id = stable_id("service-at-location", str(this))
    return [HsdsPlacedService(id=its_id, service_id=this, location_id=location.id, location=location)]


def _capacity(this: UUID, unit: BoardUnit, language: Language) -> HsdsCapacity:
    whom = getattr(BEDS[unit.kind], language)
    serves = [getattr(NEEDS[need], language) for need in unit.serves or ()]
    return HsdsCapacity(
        id=stable_id("capacity", unit.organisation_id, unit.unit),
        service_id=this,
        unit=HsdsUnit(id=OF_BED[unit.kind].id, name=whom, scheme=f"{TAXONOMIES}bed-kind", identifier=unit.kind),
        available=unit.free,
        maximum=unit.capacity,
        description=", ".join([f"{unit.unit}: {whom}", *serves]),
        updated=unit.counted_at,
    )


def _attributes(
    this: UUID, entity: Literal["organization", "service"], terms: Iterable[Term], language: Language
) -> list[HsdsAttribute]:
    return [
        HsdsAttribute(
            id=stable_id("attribute", str(this), str(term.id)),
            link_id=this,
            link_entity=entity,
            taxonomy_term_id=term.id,
            taxonomy_term=_term(term, language),
        )
        for term in terms
    ]


def _term(term: Term, language: Language) -> HsdsTerm:
    """A term is described by its names in all three languages, so that it can be recognised in each."""
    told = " / ".join(dict.fromkeys((term.words.kk, term.words.ru, term.words.en)))
    return HsdsTerm(
        id=term.id, code=term.code, name=getattr(term.words, language), description=told, taxonomy=term.taxonomy
    )
