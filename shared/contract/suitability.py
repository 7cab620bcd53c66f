"""Which place suits a referral best: a pure ranking that explains itself (1.1, para. 25; 2.1, q. 12; 2.2, no. 2).

Places say what they serve; what one does not say is neither a yes nor a no. A place that the alleged offender is
known to know is never proposed, whatever its score. Weights and limits are dated rows, so that a change is a new row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contract.policy import Reason
from shared.contract.suitability_words import SCORED, SHUT_OUT, Name, Obstacle, said
from shared.contract.vocabulary import BedKind, Need


@dataclass(frozen=True, slots=True)
class WeightsRow:
    """Most points per part, and how they are given; the parts that do not matter to a referral are left out.

    `half_km`: how far away a place gets half of the points. `fresh`: up to which age a count gets which share, the rest
    none. `must`: needs without which a place is out; `should`: those that only cost points. Others are not a place's.
    """

    id: str
    source: str
    valid_from: datetime
    distance: float = 60
    needs: float = 15
    languages: float = 5
    freshness: float = 10
    acceptance: float = 10
    half_km: float = 50
    fresh: tuple[tuple[timedelta, float], ...] = (
        (timedelta(hours=1), 1.0),
        (timedelta(hours=4), 0.75),
        (timedelta(hours=12), 0.5),
        (timedelta(hours=24), 0.25),
    )
    looks_back: timedelta = timedelta(days=180)  # to how long ago the acceptance history reaches
    must: frozenset[Need] = frozenset({Need.WHEELCHAIR, Need.INFANT, Need.PETS})
    should: frozenset[Need] = frozenset({Need.INTERPRETER, Need.SCHOOL, Need.MEDICINES, Need.TRANSPORT})
    valid_until: datetime | None = None


OURS = "2.2, nos. 2, 3 and 16: distance decides; how the rest weighs against it is the project's own measure"
NOTHING = frozenset[Need]()
WEIGHTS: tuple[WeightsRow, ...] = (WeightsRow("W-2026", OURS, datetime(2010, 1, 1, tzinfo=UTC)),)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, and when."""

    at: datetime
    bed: BedKind | None = None
    needs: frozenset[Need] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """Places of one kind, as last announced. `serves`: as far as the unit says other than its organisation."""

    kind: BedKind
    free: int
    counted_at: datetime
    serves: frozenset[Need] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What is known here of an organisation that takes such referrals. None: it does not say.

    `accepted` of `answered`: of the referrals that this organisation sent there itself.
    """

    organisation: str
    distance_km: float | None
    serves: frozenset[Need] | None = None
    languages: frozenset[str] | None = None
    units: tuple[Unit, ...] = ()
    accepted: int = 0
    answered: int = 0
    reachable: bool = True
    known_to_offender: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Points for one thing, out of how many; `needs` and `values` are what the reason for them names."""

    name: Name
    points: float
    most: float
    needs: frozenset[Need]
    values: Mapping[str, object]

    @property
    def why(self) -> Reason:
        """In plain words, made for those places that are shown."""
        return said(SCORED[self.name], needs=self.needs, **self.values)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What alone shuts a place out; `needs`: what it does not serve."""

    code: Obstacle
    needs: frozenset[Need] = NOTHING

    @property
    def why(self) -> Reason:
        """In plain words."""
        return said(SHUT_OUT[self.code], needs=self.needs)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place with its score, or why it is shut out: then it has no score."""

    organisation: str
    parts: tuple[Part, ...]
    excluded: tuple[Excluded, ...]

    @property
    def score(self) -> float:
        """The sum of its points."""
        return round(sum(part.points for part in self.parts), 1)


def weights_at(at: datetime, *, rows: tuple[WeightsRow, ...] = WEIGHTS) -> WeightsRow:
    """The row that is valid at a time, the newest of several. Raises ValueError where there is none."""
    valid = [r for r in rows if r.valid_from <= at and (r.valid_until is None or at < r.valid_until)]
    return max(valid, key=lambda row: row.valid_from)


def rank(wanted: Wanted, places: tuple[Place, ...], *, rows: tuple[WeightsRow, ...] = WEIGHTS) -> tuple[Ranked, ...]:
    """The best first, then what is shut out. Of equals the nearer, then by id: the same question, the same order."""
    weights = weights_at(wanted.at, rows=rows)
    ranked = [(_ranked(wanted, place, weights), place) for place in places]
    ranked.sort(key=lambda one: (bool(one[0].excluded), -one[0].score, one[1].distance_km or 0.0, one[1].organisation))
    return tuple(one for one, _ in ranked)


def _ranked(wanted: Wanted, place: Place, weights: WeightsRow) -> Ranked:
    excluded = tuple(_obstacles(wanted, place, weights))
    if excluded or place.distance_km is None:
        return Ranked(place.organisation, (), excluded)
    scored = (
        _distance(place.distance_km, weights),
        _needs(wanted, place, weights),
        _languages(wanted, place, weights),
        _freshness(wanted, place, weights),
        _acceptance(place, weights),
    )
    return Ranked(place.organisation, tuple(part for part in scored if part is not None), ())


def _obstacles(wanted: Wanted, place: Place, weights: WeightsRow) -> list[Excluded]:
    """What alone shuts a place out."""
    found: list[Excluded] = []
    if place.known_to_offender:
        found.append(Excluded(Obstacle.KNOWN_TO_OFFENDER))
    if not place.reachable:
        found.append(Excluded(Obstacle.UNREACHABLE))
    if place.distance_km is None:
        found.append(Excluded(Obstacle.DISTANCE_UNKNOWN))
    if wanted.bed is not None and not _with_room(wanted, place):
        found.append(Excluded(Obstacle.NO_ROOM))
        return found
    missing = _missing(wanted, place, weights)
    return [*found, Excluded(Obstacle.NOT_SERVED, missing)] if missing else found


def _with_room(wanted: Wanted, place: Place) -> list[Unit]:
    return [unit for unit in place.units if unit.kind is wanted.bed and unit.free > 0]


def _missing(wanted: Wanted, place: Place, weights: WeightsRow) -> frozenset[Need]:
    """What must be served and, as the place says itself, is not: by the unit with room that lacks least."""
    musts = wanted.needs & weights.must
    lacking = [NOTHING if serves is None else musts - serves for serves in _served(wanted, place)]
    return min(lacking, key=lambda lacks: (len(lacks), sorted(lacks)))


def _served(wanted: Wanted, place: Place) -> list[frozenset[Need] | None]:
    """What each unit that could be given serves; without a bed to give, what the organisation does."""
    units = _with_room(wanted, place) if wanted.bed is not None else []
    return [place.serves if unit.serves is None else unit.serves for unit in units] or [place.serves]


def _part(name: Name, share: float, most: float, *, needs: frozenset[Need] = NOTHING, **values: object) -> Part:
    return Part(name, round(most * share, 1), most, needs, values)


def _distance(km: float, weights: WeightsRow) -> Part:
    return _part(Name.DISTANCE, weights.half_km / (weights.half_km + km), weights.distance, km=round(km))


def _needs(wanted: Wanted, place: Place, weights: WeightsRow) -> Part | None:
    """The best unit's share of what is needed; half for what nobody said."""
    asked = sorted(wanted.needs & (weights.must | weights.should))
    if not asked:
        return None
    served = max(_served(wanted, place), key=lambda serves: _share_of(asked, serves))
    name = Name.NEEDS if served is not None else Name.NEEDS_UNKNOWN
    here = frozenset(asked) & served if served is not None else NOTHING
    return _part(name, _share_of(asked, served), weights.needs, needs=here, of=len(asked))


def _share_of(asked: list[Need], serves: frozenset[Need] | None) -> float:
    return 0.5 if serves is None else len(serves.intersection(asked)) / len(asked)


def _languages(wanted: Wanted, place: Place, weights: WeightsRow) -> Part | None:
    """One language in common is enough."""
    if not wanted.languages:
        return None
    if place.languages is None:
        return _part(Name.LANGUAGES_UNKNOWN, 0.5, weights.languages)
    common = sorted(wanted.languages & place.languages)
    name = Name.LANGUAGES if common else Name.NO_LANGUAGE
    return _part(name, 1.0 if common else 0.0, weights.languages, languages=", ".join(common))


def _freshness(wanted: Wanted, place: Place, weights: WeightsRow) -> Part | None:
    """By the newest count of a unit that has room."""
    if wanted.bed is None:
        return None
    age = max(wanted.at - max(unit.counted_at for unit in _with_room(wanted, place)), timedelta())
    share = next((share for limit, share in weights.fresh if age <= limit), 0.0)
    return _part(Name.FRESHNESS, share, weights.freshness, minutes=int(age.total_seconds() // 60))


def _acceptance(place: Place, weights: WeightsRow) -> Part:
    """(accepted + 1) / (answered + 2): a place without a history has half, and one answer does not decide."""
    share = (place.accepted + 1) / (place.answered + 2)
    name = Name.ACCEPTANCE if place.answered else Name.NO_HISTORY
    return _part(name, share, weights.acceptance, accepted=place.accepted, answered=place.answered)
