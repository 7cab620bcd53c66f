"""Private set intersection by Diffie-Hellman (Meadows 1986; Huberman, Franklin and Hogg 1999), in libsodium's ed25519.

Each identifier is hashed to a point of the prime-order group, under a context that names the comparison and both sides:
the same person is another point in every run. Each side raises its own points to a secret of its own, the other raises
them again to its secret; the order of the two does not matter, so what both have comes out alike, and nothing else can
be told apart from chance (decisional Diffie-Hellman). A secret is drawn for one comparison, used for one set of the
other side's points, and destroyed. Plain hashes of twelve digits could be tried out in minutes; these can't be without
a secret.

A set is filled up with points that stand for nobody and shuffled: who gets it learns a class of sizes, no number, and
which of its own entries came out alike, not where they stood.

libsodium does all arithmetic and refuses what is no point of the prime-order group (from PyNaCl 1.6.2 on also a point
with a part of order two, CVE-2025-69277). What is ours is how a set is hashed, filled up and shuffled. The hash adds
two Elligator maps, as RFC 9380 does; it is none of that document's named suites. Nobody outside has reviewed it.

It is safe against who follows the protocol and is curious, and no more: nothing proves that a set is the register, or
that all of it was raised to one secret. What that lets a side do: `shared.contract.comparisons`.
"""

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import TypeVar

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_core_ed25519_from_uniform,
    crypto_core_ed25519_is_valid_point,
    crypto_core_ed25519_scalar_reduce,
    crypto_scalarmult_ed25519_noclamp,
)
from nacl.exceptions import RuntimeError as SodiumError

from shared.adapters.wrapping import canonical
from shared.contract.events import TOKEN_BYTES

WIDE = 64  # bytes from which a scalar is reduced, so that each is as likely as any other
NO_TOKENS = "no set of distinct points of the group"
Points = list[bytes]
Place = TypeVar("Place")


@dataclass(frozen=True)
class Blinded:
    """A set as it is sent. `order`: which of the values stands where; None: nobody."""

    secret: bytes
    order: list[int | None]
    points: Points


def blind(values: Sequence[str], *, context: Sequence[str], size: int) -> Blinded:
    """A set of distinct values under a fresh secret, filled up to `size` and shuffled. Raises ValueError for more."""
    if len(values) > size or len(set(values)) < len(values):
        raise ValueError("more values than the set has places, or one of them twice")
    secret = crypto_core_ed25519_scalar_reduce(os.urandom(WIDE))
    order: list[int | None] = [*range(len(values)), *([None] * (size - len(values)))]
    SystemRandom().shuffle(order)
    points = [_point(["nobody", os.urandom(WIDE).hex()] if i is None else ["iin", values[i]], context) for i in order]
    return Blinded(secret, order, again(secret, points))


def again(secret: bytes, points: Points) -> Points:
    """The points, raised to a secret, in their order. Raises ValueError for what is no point of the prime-order group:
    another would give the secret away bit by bit."""
    try:
        return [crypto_scalarmult_ed25519_noclamp(secret, point) for point in points]
    except SodiumError:
        raise ValueError(NO_TOKENS) from None


def check(points: Points) -> None:
    """Raises ValueError for what `again` would refuse: asked before a set of somebody else's is kept."""
    if not all(crypto_core_ed25519_is_valid_point(point) for point in points):
        raise ValueError(NO_TOKENS)


def alike(places: Sequence[Place | None], ours_twice: Points, theirs_twice: Points) -> list[Place]:
    """What of ours the other side has, too: `places` say what each of our points stands for; None: nobody.

    Raises ValueError for points that do not belong to these places.
    """
    if len(ours_twice) != len(places):
        raise ValueError(NO_TOKENS)
    there = set(theirs_twice)
    found = zip(places, ours_twice, strict=True)
    return [place for place, point in found if place is not None and point in there]


def written(points: Points) -> str:
    """As they travel."""
    return urlsafe_b64encode(b"".join(points)).decode().rstrip("=")


def read(tokens: str | None, *, sizes: Sequence[int]) -> Points:
    """What travelled. Raises ValueError for anything but distinct points, as many as one of these sizes."""
    try:
        raw = urlsafe_b64decode((tokens or "") + "=" * (-len(tokens or "") % 4))
    except ValueError:
        raise ValueError(NO_TOKENS) from None
    points = [raw[at : at + TOKEN_BYTES] for at in range(0, len(raw), TOKEN_BYTES)]
    if len(raw) % TOKEN_BYTES or len(points) not in sizes or len(set(points)) < len(points):
        raise ValueError(NO_TOKENS)
    return points


def _point(value: list[str], context: Sequence[str]) -> bytes:
    """A point of which nobody knows the logarithm: two maps added, as RFC 9380 does it, so that all are as likely."""
    wide = hashlib.sha512(canonical(["qorgau registers 1", *context, *value])).digest()
    one, other = wide[:TOKEN_BYTES], wide[TOKEN_BYTES:]
    return crypto_core_ed25519_add(crypto_core_ed25519_from_uniform(one), crypto_core_ed25519_from_uniform(other))
