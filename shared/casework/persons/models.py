"""What the calls for persons take and answer with."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from shared.casework.persons.details import NAMING, Known, OtherParty
from shared.casework.persons.tables import PersonRow
from shared.contract.identifiers import IIN, OrganisationId, birth_date_of
from shared.contract.plain import Day, Flag
from shared.contract.vocabulary import Agency, Sex, SubjectRole

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{5,20}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
EXAMPLE: JsonDict = {
    "role": "victim",
    "family_name": "Сәрсенова",
    "given_name": "Айгүл",
    "birth_date": "1991-04-12",
    "sex": "female",
    "phone": "+7 701 000 00 01",
    "languages": ["kk", "ru"],
}
ANONYMOUS: JsonDict = {"role": "victim", "anonymous": True, "code": "қарлығаш 7", "languages": ["kk"]}
SEARCH: JsonDict = {"family_name": "Сәрсенова", "given_name": "Айгүл", "birth_date": "1991-04-12"}


class NamedParty(OtherParty):
    """The other party, by an IIN, or by names and birth date: a name alone is many people's. It stays here."""

    model_config = ConfigDict(extra="forbid")
    family_name: Text | None = None
    given_name: Text | None = None
    birth_date: Day | None = None
    iin: IIN | None = None


class PersonDetails(Known):
    """What is known of a person. An IIN must fit the birth date and the sex, where they are given."""

    model_config = ConfigDict(extra="forbid")
    family_name: Text | None = None
    given_name: Text | None = None
    patronymic: Text | None = None
    birth_date: Day | None = None
    sex: Sex | None = None
    iin: IIN | None = None
    phone: Phone | None = None
    address: Text | None = None
    languages: list[Language] = Field(default=[], max_length=10)
    code: Text | None = None
    places_known_to_offender: list[OrganisationId] = Field(default=[], max_length=50)
    other_party: NamedParty | None = None
    incapacitated: Flag = False
    representative_is_alleged_offender: Flag = False

    @model_validator(mode="after")
    def _iin_fits(self) -> Self:
        check_iin(self.iin, self.birth_date, self.sex)
        return self


class NewPerson(PersonDetails):
    """A person to record. Who is anonymous is named nowhere; a code word links a patient's episodes at health.

    Source: report, 1.4, art. 17, para. 5 (F8).
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE, ANONYMOUS]})
    role: SubjectRole
    anonymous: Flag = False


class Corrections(PersonDetails):
    """What to correct; what is not sent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"phone": "+7 701 000 00 02"}]})


class Person(Known):
    """A person as this agency knows them."""

    id: UUID
    role: SubjectRole
    anonymous: bool
    revision: int
    created_at: datetime
    updated_at: datetime


class Search(BaseModel):
    """Whom to look for: an IIN; a code word; or a family name, with a given name, a birth date, or both."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SEARCH]})
    iin: IIN | None = None
    code: Text | None = None
    family_name: Text | None = None
    given_name: Text | None = None
    birth_date: Day | None = None


class Erased(BaseModel):
    """What stays of a person who was erased."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    role: SubjectRole
    erased_at: datetime


def check_iin(iin: str | None, birth_date: date | None, sex: Sex | None) -> None:
    """Raises ValueError where an IIN says another birth date or sex than the record."""
    if iin is None:
        return
    if birth_date is not None and birth_date_of(iin) != birth_date:
        raise ValueError("the IIN and the birth date do not fit together")
    if sex is not None and (int(iin[6]) % 2 == 1) != (sex is Sex.MALE):
        raise ValueError("the IIN and the sex do not fit together")


def check_anonymity(known: Known, *, anonymous: bool, agency: Agency) -> None:
    """Raises ValueError where a record says who it is of somebody who is anonymous, or has a code word wrongly (F8)."""
    if anonymous and any(getattr(known, name) for name in NAMING):
        raise ValueError("who is anonymous has no name, birth date, IIN, telephone or address here")
    if known.code is not None and not anonymous:
        raise ValueError("only who is anonymous has a code word")
    if known.code is not None and agency is not Agency.HEALTH:
        raise ValueError("only health links the episodes of an anonymous patient by a code word")


def shown(row: PersonRow, known: Known) -> Person:
    """A record as the calls answer with it."""
    return Person(**row.model_dump(exclude={"sealed"}), **known.model_dump(include=set(Known.model_fields)))
