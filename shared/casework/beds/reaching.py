"""The REST call that says whether a place can be reached in time. With a body: measurements do not belong in URLs."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.adapters.http import Reader, TransactionalRoute, invalid
from shared.casework.beds import store
from shared.casework.beds.endpoints import BoardUnit, unit_shown
from shared.contract.identifiers import KATO
from shared.contract.plain import Moment
from shared.contract.policy import Reason
from shared.contract.reachability import (
    HIGHEST,
    LONGEST_SINCE,
    ONLY_AN_ESTIMATE,
    SAID,
    Estimate,
    InTime,
    Parameters,
    below_at,
    estimate,
    parameters_at,
)
from shared.contract.vocabulary import BedKind

router = APIRouter(prefix="/beds", tags=["beds"], route_class=TransactionalRoute)
EXAMPLE: JsonDict = {"near": "196200000", "per_mille": 2.1, "measured_at": "2026-03-20T11:40:00+05:00"}


class Measured(BaseModel):
    """Where the officer is, and the blood alcohol that was measured, in per mille: of nobody who is named."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    near: KATO
    per_mille: float = Field(ge=0, le=HIGHEST, strict=True, allow_inf_nan=False)
    measured_at: Moment


class Words(BaseModel):
    """The same in three languages."""

    kk: str
    ru: str
    en: str


class Assumed(BaseModel):
    """What the estimate is made of, with its sources."""

    km_an_hour: float
    detour: float
    falls_an_hour_at_least: float
    falls_an_hour_at_most: float
    admission_per_mille: float
    sources: list[str]


class Reach(BaseModel):
    """A unit, and what to expect there. `lowest` and `highest`: per mille on arrival."""

    unit: BoardUnit
    in_time: InTime
    says: Words
    minutes: int | None
    arrives_at: datetime | None
    lowest: float | None
    highest: float | None


class Reachable(BaseModel):
    """Detoxification units: those to be reached in time first, and of them those with room, the nearest first.

    `below_from` and `below_by`: when the intoxication falls below the degree, at the earliest and at the latest.
    """

    estimate: Words
    assumed: Assumed
    below_from: datetime
    below_by: datetime
    items: list[Reach]


@router.post("/reachable")
async def find_reachable(body: Measured, desk: Reader) -> Reachable:
    """Which detoxification places can be reached while the intoxication is still high enough. An estimate.

    Records nothing, and nothing leaves: it is about nobody.
    """
    if not desk.now - LONGEST_SINCE <= body.measured_at <= desk.now:
        raise invalid("a measurement is of the last day, and not in the future")
    by = parameters_at(BedKind.DETOXIFICATION, desk.now)
    if by is None:
        raise invalid("no parameters are valid at this time")
    reached = []
    for row in await store.board(desk.session, kind=BedKind.DETOXIFICATION):
        unit = unit_shown(row, body.near, desk.now)
        when = {"measured_at": body.measured_at, "leaves_at": desk.now, "distance_km": unit.distance_km, "by": by}
        reached.append(_reach(unit, estimate(body.per_mille, **when)))  # type: ignore[arg-type]  # a literal
    earliest, latest = below_at(body.per_mille, body.measured_at, by)
    return Reachable(
        estimate=_words(ONLY_AN_ESTIMATE),
        assumed=_assumed(by),
        below_from=earliest,
        below_by=latest,
        items=sorted(reached, key=_order),
    )


def _order(reach: Reach) -> tuple[int, bool, float, str, str]:
    unit, places = reach.unit, list(InTime)
    return places.index(reach.in_time), unit.free == 0, unit.distance_km or 0.0, unit.organisation_id, unit.unit


def _reach(unit: BoardUnit, expected: Estimate) -> Reach:
    return Reach(
        unit=unit,
        in_time=expected.in_time,
        says=_words(SAID[expected.in_time]),
        minutes=expected.minutes,
        arrives_at=expected.arrives_at,
        lowest=expected.lowest,
        highest=expected.highest,
    )


def _assumed(by: Parameters) -> Assumed:
    return Assumed(
        km_an_hour=by.travel.km_an_hour,
        detour=by.travel.detour,
        falls_an_hour_at_least=by.falling.slowest,
        falls_an_hour_at_most=by.falling.fastest,
        admission_per_mille=by.degree.per_mille,
        sources=[by.travel.source, by.falling.source, by.degree.source],
    )


def _words(why: Reason) -> Words:
    return Words(kk=why.kk, ru=why.ru, en=why.en)
