"""What it costs to seal 2 kB and to open them, beside the JOSE library alone, and beside the bare operations."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe, jws
from joserfc.jwk import OKPKey

from deploy.network import Network
from shared.adapters.seal import seal, unseal
from shared.contract.vocabulary import Agency
from tests.bench.measure import OURS, Contenders, Effort, timed
from tests.workbench import node_of

TWO_KB = b"{" + b"x" * 2046 + b"}"
JOSERFC, BARE = "joserfc, JWS in JWE", "sign, agree twice, encrypt, decrypt, verify"


@asynccontextmanager
async def contenders(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """From the police to a shelter, and back to what was said."""
    police, shelter = (node_of(network, agency) for agency in (Agency.POLICE, Agency.SHELTER))

    def ours() -> bytes:
        return unseal(shelter, seal(police, TWO_KB, recipient="shelter"))[1]

    calls: dict[str, Callable[[], bytes]] = {OURS: ours, JOSERFC: by_joserfc(), BARE: by_bare_operations()}
    for name, call in calls.items():
        if call() != TWO_KB:
            raise AssertionError(f"{name}: what was opened is not what was sealed")
    yield {name: timed(call, effort.calls) for name, call in calls.items()}


def by_joserfc() -> Callable[[], bytes]:
    """The same algorithms by the library's own calls, and no check of headers, keys or trust."""
    signing, sealing = OKPKey.generate_key("Ed25519"), OKPKey.generate_key("X25519")
    signed_as, sealed_as = {"alg": "Ed25519"}, {"alg": "ECDH-ES", "enc": "A256GCM"}

    def call() -> bytes:
        signed = jws.serialize_compact(signed_as, TWO_KB, signing, algorithms=["Ed25519"])
        sealed = jwe.encrypt_compact(sealed_as, signed, sealing, algorithms=["ECDH-ES", "A256GCM"])
        opened = jwe.decrypt_compact(sealed, sealing, algorithms=["ECDH-ES", "A256GCM"]).plaintext or b""
        return jws.deserialize_compact(opened, signing, algorithms=["Ed25519"]).payload

    return call


def by_bare_operations() -> Callable[[], bytes]:
    """The cryptography that cannot be left out, without any format."""
    signing, theirs = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()

    def call() -> bytes:
        signature, nonce, mine = signing.sign(TWO_KB), os.urandom(12), X25519PrivateKey.generate()
        sealed = AESGCM(mine.exchange(theirs.public_key())).encrypt(nonce, signature + TWO_KB, None)
        opened = AESGCM(theirs.exchange(mine.public_key())).decrypt(nonce, sealed, None)
        signing.public_key().verify(opened[:64], opened[64:])
        return opened[64:]

    return call
