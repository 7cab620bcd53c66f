"""Blind matching: exactly what both have comes out alike, and what travels tells no more than a class of sizes."""

import hashlib
import os
from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_core_ed25519_add, crypto_core_ed25519_from_uniform, crypto_scalarmult_ed25519_noclamp

from deploy.demo.people import iin
from shared.adapters import blinding
from shared.adapters.blinding import Blinded, Points, again, alike, blind, check, read, written
from shared.contract.comparisons import LIMITS
from shared.contract.events import MOST_TOKENS, TOKEN_BYTES

RUN = [str(UUID(int=7)), "police-19", "preventive_monitoring", "social-19", "troubled_families"]
SIZES = (8, 16)
PEOPLE = [iin("1987-06-05", 101 * n, digit=4) for n in range(24)]
sets = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=16)
# (0, -1), of order two: libsodium before December 2025 took its sum with a point of the group for one of the group.
TWO = ((1 << 255) - 20).to_bytes(32, "little")
# Of order eight: multiplied by a secret it would tell three bits of it. And the same, added to a point of the group.
SMALL = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")


def names(ours: Sequence[str], blinded: Blinded) -> list[str | None]:
    return [None if which is None else ours[which] for which in blinded.order]


def size(values: Sequence[str]) -> int:
    return next(one for one in SIZES if len(values) <= one)


def compared(ours: Sequence[str], theirs: Sequence[str]) -> tuple[set[str], set[str], list[Points]]:
    """(what the opener learns, what the answerer learns, all that travelled)"""
    opened = blind(ours, context=RUN, size=size(ours))
    answered = blind(theirs, context=RUN, size=size(theirs))
    openers_twice = again(answered.secret, opened.points)
    answerers_twice = again(opened.secret, answered.points)
    learned = alike(names(ours, opened), openers_twice, answerers_twice)
    also = alike(names(theirs, answered), answerers_twice, openers_twice)
    return set(learned), set(also), [opened.points, answered.points, openers_twice, answerers_twice]


@settings(deadline=None, max_examples=60)
@given(sets, sets)
def test_each_side_learns_exactly_what_both_have(ours: list[str], theirs: list[str]) -> None:
    learned, also, _ = compared(ours, theirs)
    assert learned == also == set(ours) & set(theirs)


@settings(deadline=None, max_examples=30)
@given(sets, st.data())
def test_what_travels_has_the_same_shape_whomever_the_others_are(theirs: list[str], data: st.DataObject) -> None:
    """Two sets of a class that have nothing in common with the other side's look alike: as many distinct points."""
    strangers = [one for one in PEOPLE if one not in theirs]
    some = st.lists(st.sampled_from(strangers), unique=True, max_size=SIZES[0])
    shapes = []
    for ours in (data.draw(some), data.draw(some)):
        learned, also, travelled = compared(ours, theirs)
        assert learned == also == set()
        assert len(set(travelled[2]) & set(travelled[3])) == 0
        shapes.append([(len(points), len(set(points)), {len(one) for one in points}) for points in travelled])
    assert shapes[0] == shapes[1]


@settings(deadline=None, max_examples=30)
@given(sets)
def test_no_identifier_and_no_hash_of_one_travels(ours: list[str]) -> None:
    _, _, travelled = compared(ours, PEOPLE[:8])
    all_of_it = [point for points in travelled for point in points]
    sent = written(all_of_it).encode() + b"".join(all_of_it)
    for one in PEOPLE:
        hashes = [hashlib.new(name, one.encode()) for name in ("md5", "sha1", "sha256", "sha512", "blake2b")]
        plain = [one.encode(), *(h.digest() for h in hashes), *(h.hexdigest().encode() for h in hashes)]
        plain += [blinding._point(["iin", one], RUN)]
        assert not any(form in sent for form in plain)


def test_the_same_person_is_another_point_in_every_run_and_to_every_pair() -> None:
    contexts = [RUN, [str(UUID(int=8)), *RUN[1:]], [RUN[0], "police-23", *RUN[2:]], [*RUN[:4], "minors_who_suffered"]]
    assert len({blinding._point(["iin", PEOPLE[0]], context) for context in contexts}) == len(contexts)


def test_a_secret_is_fresh_each_time_and_so_is_the_order() -> None:
    runs = [blind(PEOPLE, context=RUN, size=32) for _ in range(8)]
    assert len({run.secret for run in runs}) == 8
    assert len({point for run in runs for point in run.points}) == 8 * 32
    assert len({tuple(run.order) for run in runs}) == 8


def test_a_set_is_filled_up_and_no_more_than_full() -> None:
    assert [len(blind(PEOPLE[:n], context=RUN, size=8).points) for n in (0, 1, 8)] == [8, 8, 8]
    for wrong in (PEOPLE[:9], [PEOPLE[0], PEOPLE[0]]):
        with pytest.raises(ValueError, match="more values than"):
            blind(wrong, context=RUN, size=8)


@pytest.mark.parametrize(
    "wrong",
    [
        bytes(32),
        b"\x01" + bytes(31),
        b"\xff" * 32,
        SMALL,
        TWO,
        crypto_core_ed25519_add(crypto_core_ed25519_from_uniform(b"\x07" * 32), SMALL),
        crypto_core_ed25519_add(crypto_core_ed25519_from_uniform(b"\x07" * 32), TWO),
    ],
    ids=[
        "zero",
        "identity",
        "no point",
        "of order eight",
        "of order two",
        "a point and one of eight",
        "and one of two",
    ],
)
def test_what_is_no_point_of_the_group_is_never_raised_to_a_secret(wrong: bytes) -> None:
    made = blind(PEOPLE[:2], context=RUN, size=8)
    with pytest.raises(ValueError, match="no set of distinct points"):
        again(made.secret, [made.points[0], wrong])
    with pytest.raises(ValueError, match="no set of distinct points"):
        check([made.points[0], wrong])


def test_a_set_that_was_blinded_here_is_one() -> None:
    made = blind(PEOPLE[:2], context=RUN, size=8)
    check(made.points)
    check(again(made.secret, made.points))


def test_points_survive_their_way() -> None:
    points = blind(PEOPLE, context=RUN, size=32).points
    assert read(written(points), sizes=(32,)) == points


@pytest.mark.parametrize("wrong", [None, "", "AAAA", "%%%%", "A", "ж"])
def test_what_is_no_set_is_refused(wrong: str | None) -> None:
    with pytest.raises(ValueError, match="no set of distinct points"):
        read(wrong, sizes=(8,))


def test_a_set_of_another_size_or_with_a_point_twice_is_refused() -> None:
    points = blind(PEOPLE[:3], context=RUN, size=8).points
    for some in (points[:7], [*points[:7], points[0]], [*points, os.urandom(32)]):
        with pytest.raises(ValueError, match="no set of distinct points"):
            read(written(some), sizes=(8,))


def test_points_that_do_not_belong_to_our_places_tell_nothing() -> None:
    made = blind(PEOPLE[:3], context=RUN, size=8)
    with pytest.raises(ValueError, match="no set of distinct points"):
        alike(made.order, made.points[:7], made.points)


def test_a_point_is_what_the_library_says_of_it() -> None:
    """A known answer: whoever changes how identifiers become points can compare with no older version."""
    point = blinding._point(["iin", "870605400013"], RUN)
    assert len(point) == TOKEN_BYTES
    two = (2).to_bytes(32, "little")
    assert crypto_scalarmult_ed25519_noclamp(two, point) == crypto_core_ed25519_add(point, point)
    assert point.hex() == "c9ea1c6b7b26430bf3cb6520d5253c1c6b7fee6a430f7fee38a6045917afb9ba"


def test_the_largest_set_fits_into_an_event() -> None:
    assert max(size for row in LIMITS for size in row.sizes) == MOST_TOKENS
