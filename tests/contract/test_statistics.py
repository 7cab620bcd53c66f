"""Small counts stay hidden, whatever somebody computes from all that is shown."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract import statistics
from shared.contract.statistics import (
    THRESHOLDS,
    TOTAL,
    AgeGroup,
    Key,
    Shown,
    add_up,
    age_group,
    few_people,
    following,
    is_closed,
    months_between,
    publish,
    threshold_at,
)

Cells = tuple[int, ...]
SMALL = 3  # a small threshold, so that every table can be tried
LISTS = [(2, 7), (3, 8), (3, 11), (4, 9)]
CROSS_TABLES = [((2, 2), 9), ((2, 2), 12), ((2, 3), 8), ((3, 2), 10)]
# Thresholds at which one cover is not enough for all that a small count may be.
LARGER = [((3,), 6, 4), ((3,), 6, 5), ((3,), 10, 6), ((2, 2), 9, 4)]


def keys(*shape: int) -> list[Key]:
    return list(itertools.product(*("abcdefg"[:size] for size in shape)))


def tables(cells: int, total: int) -> Iterator[Cells]:
    """Every way to spread a total over a number of cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in tables(cells - 1, total - first))


def sums(counts: dict[Key, int]) -> dict[Key, int]:
    """The totals of a table, added up in another way than by the code under test."""
    places = [[*sorted({key[at] for key in counts}), TOTAL] for at in range(len(next(iter(counts))))]
    return {
        wanted: sum(n for key, n in counts.items() if all(w in (TOTAL, k) for w, k in zip(wanted, key, strict=True)))
        for wanted in itertools.product(*places)
    }


def lots(seed: int) -> Callable[[], float]:
    return Random(seed).random  # noqa: S311  # a test's lots can be drawn again


def shown(counts: dict[Key, int], threshold: int, seed: int = 0) -> Shown:
    return publish(counts, threshold=threshold, lot=lots(seed))


def consistent(answer: Shown, counts: dict[Key, int]) -> bool:
    """Whether a table is one that somebody who sees an answer must think possible."""
    return all(answer[key] in (None, value) for key, value in sums(counts).items())


cross_tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.fixed_dictionaries({key: st.integers(0, 25) for key in keys(*shape)})
)
lists = st.integers(2, 7).flatmap(lambda n: st.fixed_dictionaries({key: st.integers(0, 25) for key in keys(n)}))
anything = st.one_of(lists, cross_tables)


@given(anything, st.integers(3, 6), st.integers(0, 1000))
def test_no_small_count_or_total_is_shown_and_what_is_shown_is_true(
    counts: dict[Key, int], threshold: int, seed: int
) -> None:
    answer, truth = shown(counts, threshold, seed), sums(counts)
    assert set(answer) == set(truth)
    for key, value in answer.items():
        assert value is None or value == truth[key]
        assert value is None or not 0 < value < threshold


@given(anything, st.integers(3, 6), st.integers(0, 1000))
def test_no_row_or_column_hides_exactly_one_cell(counts: dict[Key, int], threshold: int, seed: int) -> None:
    answer = shown(counts, threshold, seed)
    for key, total in answer.items():
        for at in (place for place, code in enumerate(key) if code == TOTAL):
            line = [other for other in answer if other[at] != TOTAL and (*other[:at], TOTAL, *other[at + 1 :]) == key]
            hidden = [other for other in line if answer[other] is None]
            assert total is None or len(hidden) != 1


@pytest.mark.parametrize(
    ("shape", "total", "threshold"),
    [*(((n,), t, SMALL) for n, t in LISTS), *((shape, t, SMALL) for shape, t in CROSS_TABLES), *LARGER],
)
def test_who_sees_all_and_is_told_which_are_small_learns_no_more_than_that(
    shape: tuple[int, ...], total: int, threshold: int
) -> None:
    """By trying every table: a hidden small count can be each number from 1 to below the threshold."""
    everything = [dict(zip(keys(*shape), cells, strict=True)) for cells in tables(len(keys(*shape)), total)]
    for counts in everything[:: max(1, len(everything) // 60)]:
        answer = shown(counts, threshold)
        if all(answer[key] is None for key in counts):
            continue  # the list, or the inside, is withheld whole: see the next tests
        alike = [other for other in everything if classes(other, threshold) == classes(counts, threshold)]
        possible = [other for other in alike if consistent(answer, other)]
        for key, value in counts.items():
            if 0 < value < threshold:
                assert {other[key] for other in possible} == set(range(1, threshold))


def classes(counts: dict[Key, int], threshold: int) -> list[str]:
    return ["zero" if not n else "small" if n < threshold else "large" for n in counts.values()]


@pytest.mark.parametrize(("shape", "total"), [*(((n,), t) for n, t in LISTS), *CROSS_TABLES[:3]])
def test_who_replays_the_rule_on_every_table_does_not_learn_a_hidden_count(shape: tuple[int, ...], total: int) -> None:
    """For each answer, all tables that can lead to it: no hidden count is the same in all of them, but sums to 0."""
    leading = defaultdict(list)
    lot = lots(1)
    for cells in tables(len(keys(*shape)), total):
        counts = dict(zip(keys(*shape), cells, strict=True))
        for answer in {tuple(publish(counts, threshold=SMALL, lot=lot).items()) for _ in range(20)}:
            leading[answer].append(counts)
    for answer, sources in leading.items():
        for key in (key for key, value in answer if value is None and TOTAL not in key):
            assert len({counts[key] for counts in sources}) >= SMALL - 1 or not any(c[key] for c in sources)


Records = list[tuple[Key, int]]  # each in a cell, and of a person


def people(records: Records, cells: set[Key]) -> set[int]:
    return {who for cell, who in records if cell in cells}


def cells_of(counts: dict[Key, int], key: Key) -> set[Key]:
    """What a cell or a total adds up."""
    return {cell for cell in counts if all(k in (TOTAL, c) for k, c in zip(key, cell, strict=True))}


def records_of(shape: tuple[int, ...]) -> st.SearchStrategy[tuple[dict[Key, int], Records]]:
    """Counts, and the records behind them: in each cell those of one person, of two, or of up to nine."""
    whose = st.sampled_from([0, 1, 8]).flatmap(lambda last: st.lists(st.integers(0, last), max_size=12))
    drawn = st.fixed_dictionaries(dict.fromkeys(keys(*shape), whose))
    return drawn.map(
        lambda cells: (
            {key: len(all_of) for key, all_of in cells.items()},
            [(key, who) for key, all_of in cells.items() for who in all_of],
        )
    )


def computable(answer: Shown, counts: dict[Key, int]) -> Iterator[set[Key]]:
    """The cells whose sum somebody can compute: shown totals by some rows less those by some columns, less shown cells.

    Of a table that is shown as two lists: what each list does not show.
    """
    hidden = {key for key, count in counts.items() if count and answer[key] is None}
    lines = [key for key in answer if TOTAL in key and answer[key] is not None]
    if hidden == {key for key, count in counts.items() if count}:
        for at in range(len(next(iter(counts)))):
            unshown = [key for key in answer if key[at] != TOTAL and key.count(TOTAL) == len(key) - 1]
            yield {cell for key in unshown if answer[key] is None for cell in cells_of(counts, key)} if lines else set()
        return
    by_row, by_column = [key for key in lines if key[-1] == TOTAL], [key for key in lines if key[-1] != TOTAL]
    for signs in itertools.product([0, 1], repeat=len(lines)):
        chosen = {key for key, sign in zip(lines, signs, strict=True) if sign}
        times = {
            cell: sum(cell in cells_of(counts, key) for key in chosen & set(by_row))
            - sum(cell in cells_of(counts, key) for key in chosen & set(by_column))
            for cell in hidden
        }
        if set(times.values()) <= {0, 1}:
            yield {cell for cell, factor in times.items() if factor}


@given(st.sampled_from([(2,), (3,), (5,), (2, 3), (3, 3), (4, 2)]).flatmap(records_of), st.integers(0, 1000))
def test_nothing_that_is_shown_or_can_be_computed_is_of_fewer_people_than_the_threshold(
    drawn: tuple[dict[Key, int], Records], seed: int
) -> None:
    """People have several records each: their number passes no threshold, and neither does what a sum gives away."""
    counts, records = drawn
    few = {key for key in sums(counts) if 0 < len(people(records, cells_of(counts, key))) < SMALL}
    answer = publish(counts, threshold=SMALL, lot=lots(seed), few=few)
    assert not [key for key in few if answer[key] is not None]
    for cells in computable(answer, counts):
        assert len(people(records, cells)) not in range(1, SMALL)


def test_one_person_with_five_records_is_not_a_count_of_five() -> None:
    counts: dict[Key, int] = {("a",): 5, ("b",): 20, ("c",): 20}
    assert shown(counts, 5) == {**counts, (TOTAL,): 45}
    answer = publish(counts, threshold=5, lot=lots(0), few={("a",)})
    assert answer["a",] is None
    assert sorted([str(answer["b",]), str(answer["c",])]) == ["20", "None"]
    everybody_twice = {("a",), ("b",), ("c",), (TOTAL,)}
    assert set(publish(counts, threshold=5, lot=lots(0), few=everybody_twice).values()) == {None}


def test_a_total_of_a_cross_table_that_is_nearly_all_of_one_person_is_not_shown() -> None:
    """One cell of the row is hers, the other is of many: the row is not theirs to be shown."""
    counts: dict[Key, int] = {("a", "f"): 90, ("a", "m"): 9, ("b", "f"): 500, ("b", "m"): 500}
    answer = publish(counts, threshold=5, lot=lambda: 0.5, few={("a", "f"), ("a", TOTAL)})
    assert answer["a", TOTAL] is None
    assert {answer[key] for key in counts} == {None}


def test_what_hides_a_count_of_few_people_is_a_count_of_many() -> None:
    """Two counts of the same person could be computed as their sum, if they hid but each other."""
    counts: dict[Key, int] = {("a",): 6, ("b",): 7, ("c",): 30}
    answer = publish(counts, threshold=5, lot=lots(0), few={("a",), ("b",)})
    assert [answer[key] for key in counts] == [None, None, None]


@pytest.mark.parametrize(
    ("count", "people", "most", "few"),
    [(5, 5, 1, False), (5, 4, 2, True), (50, 1, 50, True), (20, 5, 15, False), (21, 5, 16, True), (3, 3, 1, True)],
)
def test_few_people_are_behind_a_count_or_one_is_behind_nearly_all_of_it(
    count: int, people: int, most: int, *, few: bool
) -> None:
    assert few_people(count, people=people, most=most, threshold=5) is few


@pytest.mark.parametrize(("shape", "total"), [((2,), 7), ((3,), 9), ((4,), 9), ((2, 2), 10), ((2, 3), 8)])
def test_a_hidden_count_of_few_people_can_be_any_number_to_itself(shape: tuple[int, ...], total: int) -> None:
    """The same promise where few people have many records: from 1 to what it is, and to one below the threshold."""
    everything = [dict(zip(keys(*shape), cells, strict=True)) for cells in tables(len(keys(*shape)), total)]
    random = Random(2)  # noqa: S311  # a test's lots can be drawn again
    for counts in everything[:: max(1, len(everything) // 60)]:
        few = {key for key, n in counts.items() if 0 < n < SMALL or (n and random.random() < 0.3)}
        answer = publish(counts, threshold=SMALL, lot=lots(3), few=few)
        if all(answer[key] is None for key in counts):
            continue
        possible = [other for other in everything if consistent(answer, other)]
        for key in few:
            others = [other for other in possible if all(same_class(counts, other, k) for k in counts if k != key)]
            assert {other[key] for other in others} >= set(range(1, max(SMALL, counts[key] + 1)))


def same_class(one: dict[Key, int], other: dict[Key, int], key: Key) -> bool:
    return classes({key: one[key]}, SMALL) == classes({key: other[key]}, SMALL)


def test_a_list_is_withheld_where_everybody_in_it_has_the_same_code() -> None:
    answer = shown({("yes",): 40, ("no",): 0}, 5)
    assert answer == {("yes",): None, ("no",): None, (TOTAL,): 40}
    assert shown({("yes",): 39, ("no",): 1}, 5) == answer


def test_small_counts_alone_do_not_hide_each_other_but_a_total_that_reaches_the_threshold_is_shown() -> None:
    assert shown({("a",): 2, ("b",): 0, ("c",): 1}, 3) == {("a",): None, ("b",): None, ("c",): None, (TOTAL,): 3}


@pytest.mark.parametrize("taken", ["b", "c"])
def test_what_hides_a_small_count_is_what_has_the_lowest_lot_and_the_rest_is_shown(taken: str) -> None:
    counts: dict[Key, int] = {("a",): 2, ("b",): 30, ("c",): 40}
    drawn = iter([0.5, *((0.1, 0.2) if taken == "b" else (0.2, 0.1))])
    answer = publish(counts, threshold=5, lot=lambda: next(drawn))
    assert {key for key, value in answer.items() if value is None} == {("a",), (taken,)}


# Rows of counts, the threshold, which are of few people though larger, and the covers that leave the most to be shown.
COVERED = [
    ([[1, 0, 4]], 3, "", "a c"),
    ([[4, 3, 0]], 3, "b", "a b"),
    ([[4, 5], [2, 5], [5, 0]], 3, "", "aa ab ba bb"),
    ([[8, 7], [4, 3], [1, 7]], 3, "", "aa ab ca cb"),
    ([[0, 8], [3, 7], [9, 2]], 3, "", "ab ba bb ca cb aa"),
    ([[10, 1, 10], [7, 9, 1]], 4, "", "ab ac bb bc"),
    ([[6, 5, 5], [2, 6, 4], [0, 5, 6]], 4, "bc", "aa ab ac ba bb bc cb cc"),
    ([[3, 4, 4], [3, 0, 0], [6, 1, 1]], 3, "", "aa ab ac ca cb cc"),
    ([[0, 0], [1, 3], [0, 2]], 3, "bb", "aa ab ba bb ca cb +a +b b+ c+"),  # as two lists
]


@pytest.mark.parametrize(("rows", "threshold", "few", "hidden"), COVERED)
def test_no_more_is_hidden_than_it_takes_to_keep_the_promise(
    rows: list[list[int]], threshold: int, few: str, hidden: str
) -> None:
    cells: dict[Key, int] = {
        (a, b): n for a, row in zip("abc", rows, strict=False) for b, n in zip("abc", row, strict=False)
    }
    counts = {key[1:]: n for key, n in cells.items()} if len(rows) == 1 else cells
    answer = publish(counts, threshold=threshold, lot=lambda: 0.5, few={tuple(few)} if few else frozenset())
    withheld = {"".join("+" if code == TOTAL else code for code in key) for key, n in answer.items() if n is None}
    assert withheld == set(hidden.split())


def test_a_list_of_a_single_code_says_what_its_total_says() -> None:
    assert shown({("all",): 9}, 5) == {("all",): 9, (TOTAL,): 9}


@pytest.mark.parametrize(("lot", "inside"), [(0.0, None), (0.2499, None), (0.25, 20), (0.99, 20)])
def test_a_quarter_of_the_cross_tables_are_two_lists_by_lot(lot: float, inside: int | None) -> None:
    counts: dict[Key, int] = {("a", "f"): 20, ("b", "f"): 30, ("a", "m"): 5, ("b", "m"): 0}
    answer = publish(counts, threshold=5, lot=lambda: lot)
    assert (answer["a", "f"], answer["a", TOTAL], answer[TOTAL, "m"]) == (inside, 25, 5)


def test_the_inside_of_a_cross_table_is_withheld_where_everybody_has_the_same_code() -> None:
    counts: dict[Key, int] = {("yes", "f"): 40, ("yes", "m"): 50, ("no", "f"): 0, ("no", "m"): 0}
    answer = publish(counts, threshold=5, lot=lambda: 0.9)
    assert {answer[key] for key in (*counts, ("yes", TOTAL), ("no", TOTAL))} == {None}


def test_a_small_total_withholds_everything_and_none_at_all_is_shown() -> None:
    assert set(shown({("a",): 1, ("b",): 3, ("c",): 0}, 5).values()) == {None}
    assert set(shown({("a",): 1, ("b",): 0}, 5).values()) == {None}
    assert set(shown({("a",): 0, ("b",): 0}, 5).values()) == {0}


def test_a_cross_table_with_a_small_total_is_shown_as_two_lists() -> None:
    counts: dict[Key, int] = {("a", "f"): 20, ("b", "f"): 30, ("a", "m"): 2, ("b", "m"): 1}
    answer = shown(counts, 5)
    assert {answer[key] for key in counts} == {None}
    assert (answer["a", TOTAL], answer["b", TOTAL], answer[TOTAL, "m"]) == (22, 31, None)


def test_large_counts_are_shown_as_they_are() -> None:
    counts: dict[Key, int] = {("a",): 12, ("b",): 5, ("c",): 0}
    assert shown(counts, 5) == {**counts, (TOTAL,): 17}


def test_a_sum_over_months_adds_what_was_shown_and_nothing_else() -> None:
    march: Shown = {("a",): 7, ("b",): None, (TOTAL,): 16}
    april: Shown = {("a",): 6, ("b",): 8, (TOTAL,): 14}
    assert add_up([march, april]) == {("a",): 13, ("b",): None, (TOTAL,): 30}


def test_a_month_is_closed_when_it_is_over_since_a_whole_day() -> None:
    december = date(2026, 12, 1)
    assert following(december) == date(2027, 1, 1)
    assert following(date(2026, 1, 31)) == date(2026, 2, 1)
    assert not is_closed(december, date(2027, 1, 1))
    assert is_closed(december, date(2027, 1, 2))
    assert months_between(date(2026, 11, 9), date(2027, 1, 31))[1:] == [december, date(2027, 1, 1)]
    assert months_between(date(2027, 1, 1), december) == []


@pytest.mark.parametrize(
    ("born", "group"),
    [
        ("2012-03-21", AgeGroup.UNDER_14),
        ("2012-03-20", AgeGroup.FROM_14_TO_17),
        ("2008-03-20", AgeGroup.FROM_18_TO_29),
        ("1996-03-20", AgeGroup.FROM_30_TO_44),
        ("1981-03-20", AgeGroup.FROM_45_TO_59),
        ("1966-03-20", AgeGroup.FROM_60),
        ("2026-03-21", AgeGroup.UNKNOWN),
    ],
)
def test_an_age_group_is_that_of_the_day_in_full_years(born: str, group: AgeGroup) -> None:
    assert age_group(date.fromisoformat(born), date(2026, 3, 20)) is group


def test_without_a_birth_date_the_age_group_is_unknown() -> None:
    assert age_group(None, date(2026, 3, 20)) is AgeGroup.UNKNOWN


def test_at_every_time_of_the_law_exactly_one_threshold_is_in_force_and_says_why() -> None:
    row = threshold_at(datetime(2026, 3, 20, tzinfo=UTC))
    assert row.value == 5
    assert all((row.reason.kk, row.reason.ru, row.reason.en, row.source))
    with pytest.raises(LookupError):
        threshold_at(datetime(1999, 1, 1, tzinfo=UTC))
    for earlier, later in itertools.pairwise(THRESHOLDS):
        assert earlier.valid_until == later.valid_from


def test_on_the_day_of_a_change_the_new_threshold_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    change = datetime(2027, 1, 1, tzinfo=UTC)
    old, new = replace(THRESHOLDS[0], valid_until=change), replace(THRESHOLDS[0], id="T-NEW", valid_from=change)
    monkeypatch.setattr(statistics, "THRESHOLDS", (old, new))
    assert threshold_at(change - timedelta(seconds=1)) is old
    assert threshold_at(change) is new


def test_a_threshold_that_would_hide_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        shown({("a",): 1, ("b",): 9}, 2)
    assert all(row.value > 2 for row in THRESHOLDS)
