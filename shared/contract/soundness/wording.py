"""What a row says of itself: its id, its words, its dates, and its versions."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from shared.contract.policy.rows import family
from shared.contract.soundness.fault import Fault, Kind, Row, Table


def faults_of_rows(table: Table) -> tuple[Fault, ...]:
    """Ids that are used twice, words that are missing, dates that make no sense."""
    counted = Counter(row.id for row in table.rows)
    twice = (Fault(Kind.DUPLICATE, (rule,), f"{n} rows have this id") for rule, n in counted.items() if n > 1)
    return (*twice, *(fault for row in table.rows for fault in (*_missing_words(row), *_wrong_dates(row))))


def faults_of_versions(table: Table) -> tuple[Fault, ...]:
    """Versions of one rule follow each other without overlap and without a gap.

    A rule keeps its id when the law changes; later versions add `@` and what tells them apart, as in
    `P-F3-REFUSAL-NOTICE@2027`.
    """
    families: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(table.rows, key=lambda row: row.valid_from):
        families[family(row.id)].append(row)
    followed = (pair for rows in families.values() for pair in pairwise(rows) if pair[0].id != pair[1].id)
    return tuple(fault for before, after in followed for fault in _between(before, after))


def _between(before: Row, after: Row) -> Iterator[Fault]:
    ids = (before.id, after.id)
    if before.valid_until is None or before.valid_until > after.valid_from:
        yield Fault(Kind.VERSIONS_OVERLAP, ids, "both versions of this rule are valid at once", after.valid_from)
    elif before.valid_until < after.valid_from:
        yield Fault(Kind.VERSIONS_APART, ids, "no version of this rule is valid between the two", before.valid_until)


def _missing_words(row: Row) -> Iterator[Fault]:
    said = {"reason in Kazakh": row.reason.kk, "reason in Russian": row.reason.ru, "reason in English": row.reason.en}
    for what, text in {**said, "source in law": row.source}.items():
        if not text.strip():
            yield Fault(Kind.NO_WORDS, (row.id,), f"its {what} is missing")


def _wrong_dates(row: Row) -> Iterator[Fault]:
    dates = [row.valid_from] if row.valid_until is None else [row.valid_from, row.valid_until]
    if any(day.tzinfo is None for day in dates):
        yield Fault(Kind.WRONG_DATES, (row.id,), "its dates have no time zone")
    elif row.valid_until is not None and row.valid_until <= row.valid_from:
        yield Fault(Kind.WRONG_DATES, (row.id,), "it ends before it begins")
