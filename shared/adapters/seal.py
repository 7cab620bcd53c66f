"""Sign and encrypt what leaves, open and verify what comes: JOSE, so that partners can read it with any library.

A directed event is a JWS (RFC 7515, Ed25519 of RFC 9864) inside a JWE (RFC 7516, ECDH-ES and A256GCM) for the
receiving node; the broker sees neither content nor sender's organisation. An announcement is a JWS alone. The
algorithms are fixed here and never taken from a message.
"""

from joserfc import jwe, jws
from joserfc.errors import JoseError

from shared.adapters.trust import Node
from shared.contract.errors import SealError

SIGN = ["Ed25519"]
ENCRYPT = ["ECDH-ES", "A256GCM"]
LARGEST = 512 * 1024


def sign(node: Node, payload: bytes) -> bytes:
    """A compact JWS by this node over `payload`."""
    header = {"alg": "Ed25519", "kid": node.name}
    return jws.serialize_compact(header, payload, node.keys.signing_key, algorithms=SIGN).encode()


def seal(node: Node, payload: bytes, *, recipient: str) -> bytes:
    """A compact JWE for the node `recipient` around this node's signature over `payload`."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": recipient, "cty": "JWT"}
    key = node.trust.encryption_key(recipient)
    return jwe.encrypt_compact(header, sign(node, payload), key, algorithms=ENCRYPT).encode()


def verify(node: Node, token: bytes) -> tuple[str, bytes]:
    """(the signing node, the payload) of an announcement. Raises SealError or UntrustedSender."""
    if len(token) > LARGEST:
        raise SealError("larger than a message may be")
    try:
        signer = str(jws.extract_compact(token).headers().get("kid"))
        key = node.trust.verifying_key(signer)
        return signer, jws.deserialize_compact(token, key, algorithms=SIGN).payload
    except (JoseError, ValueError) as error:
        raise SealError(f"not a valid signature ({type(error).__name__})") from None


def unseal(node: Node, token: bytes) -> tuple[str, bytes]:
    """(the signing node, the payload) of a directed event for this node. Raises SealError or UntrustedSender."""
    if len(token) > LARGEST:
        raise SealError("larger than a message may be")
    try:
        opened = jwe.decrypt_compact(token, node.keys.decryption_key, algorithms=ENCRYPT).plaintext
    except (JoseError, ValueError) as error:
        raise SealError(f"not sealed for this node ({type(error).__name__})") from None
    return verify(node, opened or b"")
