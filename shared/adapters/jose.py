"""The JOSE that this network writes and reads, and no other. Keys come in as arguments; nothing here knows a node.

A signature is a compact JWS (RFC 7515) by Ed25519 (RFC 9864); a sealed message a compact JWE (RFC 7516) by ECDH-ES and
A256GCM. Algorithms are fixed here and never taken from a message, and a protected header holds exactly the parameters
that are written here: whatever else may be said in one (`jku`, `jwk`, `x5c`, `crit`, `b64`, `zip` …) is refused unread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter
from joserfc.util import json_b64decode

from shared.contract.errors import SealError

LARGEST = 512 * 1024  # bytes of a token; NATS takes messages of up to 1 MiB
LARGEST_FILE = 32 * 1024**2  # the trust list: some 110 bytes for each organisation of the network
LONGEST_HEADER = 512
SIGNED = frozenset({"alg", "kid", "typ", "iat"})
SEALED = frozenset({"alg", "enc", "kid", "cty", "epk"})
POINT = frozenset({"kty", "crv", "x"})
KeyOf = Callable[[str], OKPKey]
_FAULTS = (JoseError, ValueError, TypeError, KeyError, AttributeError, AssertionError, RecursionError)


class _Signatures(JWSRegistry):
    """The library's own limits are below what one batch of receipts may need. Ours is asked first: see `read_jws`."""

    max_payload_length = LARGEST_FILE


class _Seals(JWERegistry):
    """The library's own limit is below that, too."""

    max_ciphertext_length = LARGEST


_JWS = _Signatures({"iat": HeaderParameter("when it was signed, seconds since 1970", "int")}, algorithms=["Ed25519"])
_JWE = _Seals(algorithms=["ECDH-ES", "A256GCM"])


@dataclass(frozen=True)
class Signed:
    """A signature that holds: by which key, when its maker says it was made, and over what."""

    kid: str
    at: datetime
    payload: bytes


def write_jws(payload: bytes, *, key: OKPKey, kid: str, kind: str, at: datetime) -> bytes:
    """Sign. `kind` says what sort of statement this is, so that one sort is never taken for another."""
    header = {"alg": "Ed25519", "kid": kid, "typ": f"qorgau-{kind}", "iat": int(at.timestamp())}
    return jws.serialize_compact(header, payload, key, registry=_JWS).encode()


def read_jws(token: bytes, *, kind: str, key_of: KeyOf, largest: int = LARGEST) -> Signed:
    """Verify what has at most so many bytes. `key_of` finds the key of a kid, or raises. Raises SealError."""
    header = _header(token, parts=3, names=SIGNED, largest=largest)
    try:
        if (header["alg"], header["typ"]) != ("Ed25519", f"qorgau-{kind}"):
            raise SealError("signed in another way, or for another use")
        if not isinstance(header["kid"], str) or type(header["iat"]) is not int:
            raise SealError("a signature's header that says nothing of use")
        at = datetime.fromtimestamp(header["iat"], UTC)
        payload = jws.deserialize_compact(token, key_of(header["kid"]), registry=_JWS).payload
    except (*_FAULTS, OverflowError, OSError) as error:
        raise SealError(f"not a valid signature ({type(error).__name__})") from None
    return Signed(header["kid"], at, payload)


def write_jwe(payload: bytes, *, key: OKPKey, kid: str) -> bytes:
    """Seal for the owner of a public key."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": kid, "cty": "JWT"}
    return jwe.encrypt_compact(header, payload, key, registry=_JWE).encode()


def read_jwe(token: bytes, *, key_of: KeyOf) -> bytes:
    """Open. `key_of` finds the private key of a kid, or raises. Raises SealError."""
    header = _header(token, parts=5, names=SEALED)
    try:
        if (header["alg"], header["enc"], header["cty"]) != ("ECDH-ES", "A256GCM", "JWT"):
            raise SealError("sealed in another way")
        point = header["epk"]
        if frozenset(point) != POINT or (point["kty"], point["crv"]) != ("OKP", "X25519"):
            raise SealError("sealed with a key of another kind")
        if not isinstance(header["kid"], str):
            raise SealError("a seal's header that names no key")
        return jwe.decrypt_compact(token, key_of(header["kid"]), registry=_JWE).plaintext or b""
    except _FAULTS as error:
        raise SealError(f"it can't be opened ({type(error).__name__})") from None


def _header(token: bytes, *, parts: int, names: frozenset[str], largest: int = LARGEST) -> dict[str, Any]:
    """The protected header of a compact token, if it has exactly the parameters that we write. Raises SealError."""
    if len(token) > largest:
        raise SealError("larger than a message may be")
    segments = token.split(b".", parts)
    if len(segments) != parts or len(segments[0]) > LONGEST_HEADER:
        raise SealError("not in the compact form")
    try:
        header = json_b64decode(segments[0])
    except _FAULTS as error:
        raise SealError(f"a header that can't be read ({type(error).__name__})") from None
    if not isinstance(header, dict) or frozenset(header) != names:
        raise SealError("a header with other parameters than this network writes")
    return header
