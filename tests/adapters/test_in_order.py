"""Checkpoints in the order of the chain: none is lost or told twice, and few are in memory at once."""

import tracemalloc
from hashlib import sha256

import pytest

from shared.adapters import in_order
from shared.adapters.in_order import InOrder

MANY, FEW, MEGABYTE = 30_000, 500, 1_000_000


def hash_of(position: int) -> str:
    return sha256(str(position).encode()).hexdigest()


@pytest.fixture(autouse=True)
def _few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "AT_A_TIME", FEW)


@pytest.mark.parametrize("many", [0, 1, FEW - 1, FEW, FEW + 1, 3 * FEW + 7])
def test_what_came_in_any_order_is_there_in_the_chains_order_each_position_once(many: int) -> None:
    found = InOrder()
    found.take((n * 7919 % many + 1, hash_of(n * 7919 % many + 1)) for n in range(many))
    found.take((n, hash_of(n)) for n in range(1, many + 1))  # of another witness
    assert list(found) == [(n, {hash_of(n)}) for n in range(1, many + 1)]
    assert list(found) == list(found)
    assert bool(found) is (many > 0)


def test_two_hashes_of_one_position_are_both_told() -> None:
    found = InOrder()
    found.take([(5, hash_of(1)), (2**53 - 1, hash_of(3)), (5, hash_of(2))])
    assert list(found) == [(5, {hash_of(1), hash_of(2)}), (2**53 - 1, {hash_of(3)})]


@pytest.mark.parametrize("said", [(-1, hash_of(1)), (1, "ab"), (1, "nothing"), (2**64, hash_of(1))])
def test_what_is_no_checkpoint_is_an_error(said: tuple[int, str]) -> None:
    with pytest.raises((ValueError, OverflowError)):
        InOrder().take([said])


def test_many_need_no_more_memory_than_few() -> None:
    found = InOrder()
    tracemalloc.start()
    try:
        found.take((n, hash_of(n)) for n in range(MANY, 0, -1))
        assert sum(1 for _ in found) == MANY
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MEGABYTE  # all of them would be three
