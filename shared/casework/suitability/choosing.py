"""What this organisation knows of the places that take a referral, and in which order they suit it.

Everything is read here: the directory, the bed board, the answers to our own referrals. Nobody is asked, so nobody
learns that somebody looks for a place, or which places the alleged offender knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import RowMapping

from shared.adapters.outbox import Work
from shared.casework.beds import store as beds
from shared.casework.directory import store as directory
from shared.casework.directory.places import distance_km
from shared.casework.escalation import store as escalation
from shared.casework.persons.details import Known
from shared.casework.referrals import store as referrals
from shared.contract.sets import SortedSet
from shared.contract.suitability import Place, Ranked, Unit, Wanted, rank, weights_at
from shared.contract.vocabulary import BedKind, Need, Purpose


class Wish(BaseModel):
    """Where the person is, what is spoken, and which organisations are not to be proposed. It never leaves."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    near: str
    languages: SortedSet[str] = frozenset()
    avoid: SortedSet[str] = frozenset()


def wish_of(*, near: str, speaks: Iterable[str], avoid: Iterable[str], person: Known | None) -> Wish:
    """What is said with a call, and what the person's record says beside it."""
    languages = frozenset(speaks) or frozenset(person.languages if person else ())
    known = frozenset(person.places_known_to_offender if person else ())
    return Wish(near=near, languages=languages, avoid=frozenset(avoid) | known)


@dataclass(frozen=True)
class Search:
    """Who looks for a place, for what, and what it must have. `but`: not these, they did not answer."""

    organisation_id: str
    purpose: Purpose
    wish: Wish
    bed: BedKind | None = None
    needs: frozenset[Need] = frozenset()
    but: frozenset[str] = frozenset()


async def suggest(work: Work, search: Search) -> tuple[Ranked, ...]:
    """Every organisation that takes referrals for the purpose, the best first; those shut out last, with the reason."""
    known = await directory.entries(work.session, agency=None, purpose=search.purpose)
    others = [row for row in known if row["id"] not in search.but | {search.organisation_id}]
    wanted = Wanted(at=work.now, bed=search.bed, needs=search.needs, languages=search.wish.languages)
    since = work.now - weights_at(work.now).looks_back
    history = await _history(work, search.organisation_id, since)
    units: dict[str, list[Unit]] = {}
    for board in await beds.board(work.session, kind=search.bed) if search.bed is not None else ():
        units.setdefault(board["organisation_id"], []).append(_unit(board))
    places = [
        _place(work, row, search.wish, units.get(row["id"], []), history.get(row["id"], (0, 0))) for row in others
    ]
    return rank(wanted, tuple(places))


async def best(work: Work, search: Search) -> Ranked | None:
    """The most suitable place, or None where every one is shut out."""
    return next((ranked for ranked in await suggest(work, search) if not ranked.excluded), None)


async def _history(work: Work, organisation_id: str, since: datetime) -> dict[str, tuple[int, int]]:
    """(accepted, answered) by place; what nobody answered in time counts as an answer: no."""
    answers = await referrals.answers(work.session, organisation_id=organisation_id, since=since)
    silent = await escalation.unanswered(work.session, organisation_id=organisation_id, since=since)
    of = {theirs: answers.get(theirs, (0, 0)) for theirs in {*answers, *silent}}
    return {theirs: (yes, answered + silent.get(theirs, 0)) for theirs, (yes, answered) in of.items()}


def _unit(row: RowMapping) -> Unit:
    return Unit(BedKind(row["kind"]), row["free"], row["counted_at"], _needs(row["serves"]))


def _needs(served: list[str] | None) -> frozenset[Need] | None:
    return None if served is None else frozenset(Need(need) for need in served)


def _place(work: Work, row: RowMapping, wish: Wish, units: list[Unit], history: tuple[int, int]) -> Place:
    return Place(
        organisation=row["id"],
        distance_km=distance_km(wish.near, row["kato"]),
        serves=_needs(row["serves"]),
        languages=None if row["languages"] is None else frozenset(row["languages"]),
        units=tuple(units),
        accepted=history[0],
        answered=history[1],
        reachable=work.node.trust.node_of(row["id"]) is not None,
        known_to_offender=row["id"] in wish.avoid,
    )
