"""What is known of a person: the value that lies sealed in a row, and the indexes that find it again."""

import unicodedata
from datetime import date
from typing import Any

from pydantic import BaseModel

from shared.contract.vocabulary import Sex
from shared.contract.walls import TELLING

# Index -> the fields it is made of. A search uses the one that has exactly the fields that it gives.
INDEXES: dict[str, tuple[str, ...]] = {
    "iin": ("iin",),
    "code": ("code",),
    "family_name": ("family_name",),
    "name": ("family_name", "given_name"),
    "family_name_and_birth_date": ("family_name", "birth_date"),
    "name_and_birth_date": ("family_name", "given_name", "birth_date"),
}

OTHER = "other "  # before an index of whom a record names; its fingerprints are those of the index itself
REFERRAL = "referral "  # before one of whom a referral that came tells
# Who is anonymous has none of these in a record (F8; report, 1.4, art. 17, para. 5).
NAMING = ("family_name", "given_name", "patronymic", "birth_date", "iin", "phone", "address")


class OtherParty(BaseModel):
    """Who is named as the other party: of a victim, the alleged offender; of an alleged offender, the victim."""

    family_name: str | None = None
    given_name: str | None = None
    birth_date: date | None = None
    iin: str | None = None


class Known(BaseModel):
    """All of it may be unknown: some people have no documents (report, 2.2, no. 33).

    `code` is a word that an anonymous patient chose, so that health links the episodes: no event has a field for it,
    nor for `places_known_to_offender`: organisations where the alleged offender would look for the person;
    nor for `other_party`, by which it is noticed that both are here (`walls`).
    No rule is checked here, so that a rule that came later never makes a record unreadable.
    """

    family_name: str | None = None
    given_name: str | None = None
    patronymic: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    iin: str | None = None
    phone: str | None = None
    address: str | None = None
    languages: list[str] = []
    code: str | None = None
    places_known_to_offender: list[str] = []
    other_party: OtherParty | None = None
    incapacitated: bool = False
    representative_is_alleged_offender: bool = False


def index_values(values: dict[str, Any]) -> dict[str, list[str]]:
    """For each index whose fields are all known: their values, so written that spelling variants are equal."""
    return {
        name: [normal(str(values[field])) for field in fields]
        for name, fields in INDEXES.items()
        if all(values.get(field) for field in fields)
    }


def indexes_of(values: dict[str, Any]) -> dict[str, list[str]]:
    """What finds a record: by what is known of the person, and by whom the record names as the other party."""
    other = index_values(values.get("other_party") or {})
    return index_values(values) | {f"{OTHER}{name}": other[name] for name in TELLING if name in other}


def index_for(fields: set[str]) -> str | None:
    """The index with exactly these fields, or None."""
    return next((name for name, made_of in INDEXES.items() if set(made_of) == fields), None)


def normal(text: str) -> str:
    """NFKC, case folded, single spaces. Letters stay what they are: `Ә` is not `А`."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())
