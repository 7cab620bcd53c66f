"""The codes of this network as taxonomy terms of HSDS, each with an id that never changes.

An id is a name-based UUID (RFC 9562, version 5) of what it is for, so that every service gives the same thing the same
id, and whoever collects from several of them sees one organisation once.
"""

from dataclasses import dataclass
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.casework.directory.places import nearest_known
from shared.casework.disclosures.words import AGENCIES, PURPOSES, Words
from shared.contract.suitability_words import NEEDS
from shared.contract.vocabulary import BedKind

OURS = uuid5(NAMESPACE_URL, "https://qorgau.invalid/hsds")
TAXONOMIES = "https://qorgau.invalid/taxonomies/"
KATO = "KATO (NK RK 11)"  # the national classifier of places

BEDS: dict[BedKind, Words] = {
    BedKind.WOMEN_WITH_CHILDREN: Words("балалы әйелдер", "женщины с детьми", "women with children"),
    BedKind.ALL_ADULTS: Words("барлық ересектер", "все взрослые", "all adults"),
    BedKind.SENIORS: Words("қарттар", "пожилые", "seniors"),
    BedKind.DETOXIFICATION: Words("айықтыру", "вытрезвление", "detoxification"),
    BedKind.ADDICTOLOGY: Words("наркология", "наркология", "addictology"),
}


def stable_id(*names: str) -> UUID:
    """The id of what these names name together: `("service", "shelter-1", "lodging")`."""
    return uuid5(OURS, "/".join(names))


@dataclass(frozen=True, slots=True)
class Term:
    """A code of a taxonomy, in three languages."""

    id: UUID
    taxonomy: str
    code: str
    words: Words


def _ours(taxonomy: str, code: str, words: Words) -> Term:
    return Term(stable_id("term", taxonomy, code), f"{TAXONOMIES}{taxonomy}", code, words)


OF_AGENCY = {agency: _ours("agency", agency, words) for agency, words in AGENCIES.items()}
OF_PURPOSE = {purpose: _ours("purpose", purpose, words) for purpose, words in PURPOSES.items()}
OF_BED = {kind: _ours("bed-kind", kind, words) for kind, words in BEDS.items()}
OF_NEED = {need: _ours("need", need, Words(said.kk, said.ru, said.en)) for need, said in NEEDS.items()}


@cache
def of_place(kato: str) -> Term | None:
    """The town or district of a KATO code, and never a smaller place; None where none is known.

    The directory takes codes of villages too, and in a village one house may be enough to find.
    """
    place = nearest_known(kato)
    if place is None:
        return None
    words = Words(place.name_kk, place.name_ru, place.name_en)
    return Term(stable_id("term", "kato", place.kato), KATO, place.kato, words)
