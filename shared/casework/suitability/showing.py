"""How a ranked place is shown to staff: its points and the reasons, in the languages of work."""

from collections.abc import Mapping

from pydantic import BaseModel

from shared.casework.directory.places import distance_km
from shared.casework.directory.tables import OrganisationRow
from shared.contract.policy import Reason
from shared.contract.suitability import Part, Ranked
from shared.contract.suitability_words import Name, Obstacle


class Words(BaseModel):
    """The same in three languages."""

    kk: str
    ru: str
    en: str


class Points(Words):
    """Points out of `most`, and why."""

    name: Name
    points: float
    most: float


class ShutOut(Words):
    """Why a place is not proposed."""

    code: Obstacle


class Suggestion(BaseModel):
    """A place: what its score is made of, or why it is shut out. `kato` names a town or district, never an address."""

    organisation_id: str
    name_kk: str
    name_ru: str
    name_en: str
    kato: str
    distance_km: float | None
    score: float
    parts: list[Points]
    excluded: list[ShutOut]


def shown(ranked: Ranked, organisation: OrganisationRow, near: str) -> Suggestion:
    """A ranked place with its name."""
    return Suggestion(
        organisation_id=organisation.id,
        name_kk=organisation.name_kk,
        name_ru=organisation.name_ru,
        name_en=organisation.name_en,
        kato=organisation.kato,
        distance_km=distance_km(near, organisation.kato),
        score=ranked.score,
        parts=[_points(part) for part in ranked.parts],
        excluded=[ShutOut(code=one.code, **_words(one.why)) for one in ranked.excluded],
    )


def all_shown(ranked: tuple[Ranked, ...], named: Mapping[str, OrganisationRow], near: str) -> list[Suggestion]:
    """Each with its name, in their order."""
    return [shown(one, named[one.organisation], near) for one in ranked if one.organisation in named]


def _points(part: Part) -> Points:
    return Points(name=part.name, points=part.points, most=part.most, **_words(part.why))


def _words(why: Reason) -> dict[str, str]:
    return {"kk": why.kk, "ru": why.ru, "en": why.en}
