"""Places are ranked by what is known of them, and the ranking says why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.suitability import WEIGHTS, Part, Place, Ranked, Unit, Wanted, rank, weights_at
from shared.contract.suitability_words import NEEDS, SCORED, SHUT_OUT, Name, Obstacle
from shared.contract.vocabulary import BedKind, Need

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
FAMILY = BedKind.WOMEN_WITH_CHILDREN
ROOM = Unit(FAMILY, 2, NOW)
NEAR, FAR = Place("near", 10), Place("far", 40)
WANTED = Wanted(NOW)


def order(wanted: Wanted, *places: Place) -> list[str]:
    return [ranked.organisation for ranked in rank(wanted, places) if not ranked.excluded]


def one(wanted: Wanted = WANTED, **about: Any) -> Ranked:
    (ranked,) = rank(wanted, (replace(NEAR, **about),))
    return ranked


def part(name: Name, wanted: Wanted = WANTED, **about: Any) -> Part:
    (found,) = [part for part in one(wanted, **about).parts if part.name is name]
    return found


def obstacles(wanted: Wanted = WANTED, **about: Any) -> set[Obstacle]:
    return {excluded.code for excluded in one(wanted, **about).excluded}


def test_of_equals_the_nearer_comes_first() -> None:
    assert order(WANTED, FAR, NEAR) == ["near", "far"]
    assert order(WANTED, Place("b", 10), Place("a", 10)) == ["a", "b"]


@given(st.floats(0, 2000), st.floats(0, 2000))
def test_nearer_never_has_fewer_points(one_km: float, other_km: float) -> None:
    nearer, farther = sorted([one_km, other_km])
    assert part(Name.DISTANCE, distance_km=nearer).points >= part(Name.DISTANCE, distance_km=farther).points


def test_a_place_that_the_alleged_offender_knows_is_never_proposed_however_well_it_suits() -> None:
    known = Place("known", 0, serves=frozenset(Need), accepted=99, answered=99, known_to_offender=True)
    assert order(WANTED, known, FAR) == ["far"]
    (last,) = [r for r in rank(WANTED, (known, FAR)) if r.excluded]
    assert (last.score, last.parts) == (0, ())
    assert [excluded.why.en for excluded in last.excluded] == ["The alleged offender knows this place."]


@pytest.mark.parametrize(
    ("about", "obstacle"),
    [
        ({"known_to_offender": True}, Obstacle.KNOWN_TO_OFFENDER),
        ({"reachable": False}, Obstacle.UNREACHABLE),
        ({"distance_km": None}, Obstacle.DISTANCE_UNKNOWN),
    ],
)
def test_what_shuts_a_place_out_is_said(about: dict[str, Any], obstacle: Obstacle) -> None:
    assert obstacles(**about) == {obstacle}


@pytest.mark.parametrize(
    "units", [(), (Unit(FAMILY, 0, NOW),), (Unit(BedKind.SENIORS, 5, NOW),)], ids=["none", "full", "for others"]
)
def test_without_a_free_place_of_the_kind_it_is_out(units: tuple[Unit, ...]) -> None:
    assert obstacles(Wanted(NOW, bed=FAMILY), units=units) == {Obstacle.NO_ROOM}
    assert obstacles(units=units) == set()


@pytest.mark.parametrize("need", [Need.WHEELCHAIR, Need.INFANT, Need.PETS])
def test_what_it_says_that_it_does_not_serve_shuts_it_out_and_silence_does_not(need: Need) -> None:
    wanted = Wanted(NOW, needs=frozenset({need}))
    assert obstacles(wanted, serves=frozenset(set(Need) - {need})) == {Obstacle.NOT_SERVED}
    assert obstacles(wanted, serves=None) == set()
    (excluded,) = one(wanted, serves=frozenset()).excluded
    assert excluded.why.en == f"By what it says itself, it does not provide: {NEEDS[need].en}."


def test_what_is_wished_and_not_served_costs_points_alone() -> None:
    wanted = Wanted(NOW, needs=frozenset({Need.INTERPRETER, Need.SCHOOL}))
    assert obstacles(wanted, serves=frozenset()) == set()
    assert part(Name.NEEDS, wanted, serves=frozenset()).points == 0
    assert part(Name.NEEDS, wanted, serves=frozenset({Need.SCHOOL})).points == 7.5
    assert part(Name.NEEDS, wanted, serves=frozenset(Need)).points == 15
    assert part(Name.NEEDS_UNKNOWN, wanted).points == 7.5


def test_a_need_that_is_not_a_places_matters_to_none() -> None:
    wanted = Wanted(NOW, needs=frozenset({Need.DOCUMENTS, Need.BENEFITS}))
    assert one(wanted, serves=frozenset()) == one(WANTED, serves=frozenset())


def test_a_units_own_word_counts_before_its_organisations() -> None:
    wanted = Wanted(NOW, bed=FAMILY, needs=frozenset({Need.WHEELCHAIR}))
    steps, lift = replace(ROOM, serves=frozenset()), replace(ROOM, serves=frozenset({Need.WHEELCHAIR}))
    assert obstacles(wanted, serves=frozenset(Need), units=(steps,)) == {Obstacle.NOT_SERVED}
    assert obstacles(wanted, serves=frozenset(), units=(lift,)) == set()
    assert obstacles(wanted, serves=frozenset(), units=(steps, lift)) == set()
    assert obstacles(wanted, units=(replace(lift, free=0), steps)) == {Obstacle.NOT_SERVED}


def test_one_language_in_common_is_enough() -> None:
    wanted = Wanted(NOW, languages=frozenset({"kk", "uz"}))
    assert part(Name.LANGUAGES, wanted, languages=frozenset({"uz", "ru"})).points == 5
    assert part(Name.LANGUAGES_UNKNOWN, wanted).points == 2.5
    assert part(Name.NO_LANGUAGE, wanted, languages=frozenset({"ru"})).points == 0
    assert order(wanted, Place("a", 10, languages=frozenset({"ru"})), Place("b", 10)) == ["b", "a"]


@pytest.mark.parametrize(
    ("age", "points"),
    [(-1, 10), (0, 10), (60, 10), (61, 7.5), (240, 7.5), (241, 5), (720, 5), (721, 2.5), (1440, 2.5), (1441, 0)],
)
def test_an_older_count_is_worth_less(age: int, points: float) -> None:
    unit = replace(ROOM, counted_at=NOW - timedelta(minutes=age))
    found = part(Name.FRESHNESS, Wanted(NOW, bed=FAMILY), units=(unit,))
    assert (found.points, found.why.en) == (points, f"Its free places were counted {max(age, 0)} min ago.")


def test_the_newest_count_of_a_unit_with_room_is_the_one_that_matters() -> None:
    old, full = replace(ROOM, counted_at=NOW - timedelta(days=2)), replace(ROOM, free=0)
    wanted = Wanted(NOW, bed=FAMILY)
    assert part(Name.FRESHNESS, wanted, units=(old, full)).points == 0
    assert part(Name.FRESHNESS, wanted, units=(old, ROOM)).points == 10


def test_a_place_that_accepted_is_worth_more_than_one_without_a_history_and_that_more_than_one_that_declined() -> None:
    assert part(Name.NO_HISTORY).points == 5
    assert part(Name.ACCEPTANCE, accepted=3, answered=3).points == 8
    assert part(Name.ACCEPTANCE, accepted=0, answered=3).points == 2
    yes, no = Place("yes", 10, accepted=3, answered=3), Place("no", 10, answered=3)
    assert order(WANTED, no, NEAR, yes) == ["yes", "near", "no"]


def test_the_score_is_the_sum_of_its_parts_and_of_nothing_else() -> None:
    wanted = Wanted(NOW, bed=FAMILY, needs=frozenset({Need.INFANT}), languages=frozenset({"kk"}))
    ranked = one(wanted, units=(ROOM,), serves=frozenset({Need.INFANT}), languages=frozenset({"kk"}))
    assert ranked.score == sum(p.points for p in ranked.parts) == 50 + 15 + 5 + 10 + 5
    assert sum(p.most for p in ranked.parts) == 100
    assert [p.why.en for p in ranked.parts] == [
        "It is about 10 km away.",
        "Of 1 needs it provides: care for an infant.",
        "A common language: kk.",
        "Its free places were counted 0 min ago.",
        "We have had no answer from it yet.",
    ]


def test_weights_are_those_of_the_day() -> None:
    later = replace(WEIGHTS[0], id="W-2027", distance=0, valid_from=NOW)
    rows = (replace(WEIGHTS[0], valid_until=NOW), later)
    assert weights_at(NOW, rows=rows) is later
    assert weights_at(NOW - timedelta(microseconds=1), rows=rows).id == "W-2026"
    near = rank(WANTED, (NEAR,), rows=rows)[0]
    assert near.parts[0].most == 0
    with pytest.raises(ValueError, match="empty"):
        weights_at(NOW, rows=())


@pytest.mark.parametrize("words", [*SHUT_OUT.values(), *SCORED.values(), *NEEDS.values()])
def test_every_sentence_stands_in_three_languages(words: Any) -> None:
    filled = {"needs": "", "km": 1, "of": 1, "languages": "", "minutes": 1, "accepted": 1, "answered": 1}
    said = [words.kk.format(**filled), words.ru.format(**filled), words.en.format(**filled)]
    assert len({*said}) == 3
    assert all(not any("a" <= letter <= "z" for letter in text.lower()) for text in said[:2])


def test_everything_that_can_be_said_has_words() -> None:
    assert (set(SHUT_OUT), set(SCORED), set(NEEDS)) == (set(Obstacle), set(Name), set(Need))
