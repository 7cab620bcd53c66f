"""Places by KATO code, and how far apart they are.

`places.csv`: regions, districts and cities of regional significance with the coordinates of their administrative centre
(KATO: national classifier NK RK 11; coordinates: GeoNames, CC BY 4.0). A code below district level has its district's.
"""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """A region, district or city, with degrees north and east of its centre."""

    kato: str
    name_kk: str
    name_ru: str
    name_en: str
    latitude: float
    longitude: float


@cache
def places() -> dict[str, Place]:
    """All known places by KATO code."""
    with files(__package__).joinpath("places.csv").open(encoding="utf-8") as file:
        return {
            row["kato"]: Place(
                row["kato"],
                row["name_kk"],
                row["name_ru"],
                row["name_en"],
                float(row["latitude"]),
                float(row["longitude"]),
            )
            for row in csv.DictReader(file)
        }


def nearest_known(kato: str) -> Place | None:
    """The place itself, its district or its region: the smallest that is known."""
    for digits in (9, 4, 2):
        place = places().get(kato[:digits].ljust(9, "0"))
        if place is not None:
            return place
    return None


def distances(kato: str) -> tuple[tuple[str, float], ...]:
    """The code of each known place, and how many kilometres it is away; of a code that lies nowhere, nothing."""
    here = nearest_known(kato)
    return _distances(here.kato) if here is not None else ()


@cache
def _distances(here: str) -> tuple[tuple[str, float], ...]:
    """Computed once for a place that somebody asks about: neither of them moves."""
    return tuple((there, km) for there in places() if (km := distance_km(here, there)) is not None)


@lru_cache(1 << 14)
def distance_km(one: str, other: str) -> float | None:
    """Kilometres by great circle between the centres of two KATO codes, or None where one is unknown."""
    a, b = nearest_known(one), nearest_known(other)
    if a is None or b is None:
        return None
    d_lat, d_lon = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    h = sin(d_lat / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(d_lon / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(h)), 1)
