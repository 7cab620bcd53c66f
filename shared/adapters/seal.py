"""Sign and encrypt what leaves, open and verify what comes.

A directed event is a signature inside a seal for the receiving node: the broker sees neither content nor sender's
organisation. An announcement is a signature alone. Either is over the whole envelope, so event id, type, sender,
recipient, subject, consent and time can't be changed, and nothing of one event can be put into another.
"""

from datetime import datetime

from shared.adapters.jose import Signed, read_jwe, read_jws, write_jwe, write_jws
from shared.adapters.trust import Node
from shared.adapters.trust_list import CLOCK_SKEW, TrustedKey
from shared.contract.errors import SealError, UntrustedSender

EVENT = "event"


def sign(node: Node, payload: bytes, *, kind: str = EVENT) -> bytes:
    """A compact JWS by this node's newest key. `kind` (event, consent …) keeps one sort from passing for another.

    Raises UntrustedSender while the trust list lets this node sign with none of its keys.
    """
    kid, key = node.signing_key()
    return write_jws(payload, key=key, kid=kid, kind=kind, at=node.clock())


def seal(node: Node, payload: bytes, *, recipient: str) -> bytes:
    """A compact JWE for the node `recipient` around this node's signature over `payload`.

    Raises UntrustedSender where this node has no key to sign with, or the recipient none to seal with.
    """
    key = node.trust.encryption_key(recipient)
    return write_jwe(sign(node, payload), key=key.public, kid=key.kid)


def verify(node: Node, token: bytes, *, kind: str = EVENT) -> tuple[str, bytes]:
    """(the signing node, the payload) of what arrives now: its key must be trusted now, whenever it says it signed.

    Raises SealError or UntrustedSender.
    """
    signed, key = _signed(node, token, kind)
    now = node.clock()
    if key.revoked_at is not None and now >= key.revoked_at:
        raise UntrustedSender("signed with a key that was revoked")
    if not key.speaks(now, skew=CLOCK_SKEW):
        raise UntrustedSender("signed with a key that is not valid now")
    return key.node, signed.payload


def verify_at(node: Node, token: bytes, at: datetime | None = None, *, kind: str = EVENT) -> tuple[str, bytes]:
    """(the signing node, the payload) of a statement that outlives keys, such as a checkpoint of the record.

    It holds if its key was trusted at `at`, and had not been revoked by then. Give as `at` a moment that you vouch for,
    such as when you took it in; None believes the signature's own time, which a thief of a key can date back.
    Raises SealError or UntrustedSender.
    """
    signed, key = _signed(node, token, kind)
    if not key.speaks(signed.at if at is None else at, skew=CLOCK_SKEW):
        raise UntrustedSender("signed with a key that was not valid then")
    return key.node, signed.payload


def verify_any(node: Node, token: bytes, *, kind: str) -> tuple[str, bytes]:
    """(the signing node, the payload), by any key that node ever had: for what that node says again at this moment.

    Raises SealError or UntrustedSender.
    """
    signed, key = _signed(node, token, kind)
    return key.node, signed.payload


def unseal(node: Node, token: bytes) -> tuple[str, bytes]:
    """(the signing node, the payload) of a directed event for this node. Raises SealError or UntrustedSender."""
    try:
        opened = read_jwe(token, key_of=node.decryption_key)
    except SealError as error:
        raise SealError(f"not sealed for this node: {error}") from None
    return verify(node, opened)


def _signed(node: Node, token: bytes, kind: str) -> tuple[Signed, TrustedKey]:
    """A signature that holds, and the key of the trust list that made it, whether or not that is trusted now."""
    signed = read_jws(token, kind=kind, key_of=lambda kid: node.trusted_key(kid).public)
    return signed, node.trusted_key(signed.kid)
