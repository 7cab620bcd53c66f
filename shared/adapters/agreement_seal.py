"""Signatures on local agreements (F16): by a party's node, over the hash of the canonical text, for any node to check.

What is signed outlives keys: a signature holds if its key was trusted when it was made. One by a key that was revoked
since holds no more, since a thief can date back: its party signs the next version with another.
"""

from datetime import date, datetime

from shared.adapters.jose import read_jws
from shared.adapters.seal import sign
from shared.adapters.trust import Node
from shared.adapters.trust_list import CLOCK_SKEW, TrustedKey, TrustList
from shared.contract.agreement import Agreement
from shared.contract.concluding import Bundle, Statement, Text, first_day_without
from shared.contract.errors import SealError, UntrustedSender

SIGNED = "agreement"
NOTICE = "agreement-notice"


def sign_text(node: Node, text: Text, *, party: str) -> str:
    """The signature of an organisation that this node speaks for. Raises UntrustedSender without a key to sign with."""
    return _signed(node, text, party=party, ends_on=None, kind=SIGNED)


def sign_notice(node: Node, text: Text, *, party: str, ends_on: date) -> str:
    """Its notice that an agreement ends for all on a day. Raises UntrustedSender without a key to sign with."""
    return _signed(node, text, party=party, ends_on=ends_on, kind=NOTICE)


def _signed(node: Node, text: Text, *, party: str, ends_on: date | None, kind: str) -> str:
    about = {"agreement": text.agreement.id, "version": text.version, "sha256": text.sha256}
    said = Statement(**about, party=party, ends_on=ends_on)
    return sign(node, said.model_dump_json(exclude_none=True).encode(), kind=kind).decode()


def read_statement(trust: TrustList, token: str, *, kind: str, now: datetime) -> Statement:
    """What a party said, by the node that spoke for it then. Raises SealError or UntrustedSender."""

    def key_of(kid: str) -> TrustedKey:
        key = trust.by_kid.get(kid)
        if key is None or key.use != "sign":
            raise UntrustedSender("signed with a key that the trust list does not know")
        return key

    signed = read_jws(token.encode(), kind=kind, key_of=lambda kid: key_of(kid).public)
    try:
        said = Statement.model_validate_json(signed.payload)
    except ValueError:
        raise SealError("a signature that says nothing of an agreement") from None
    key = key_of(signed.kid)
    if key.revoked_at is not None or not key.speaks(signed.at, skew=CLOCK_SKEW) or signed.at > now + CLOCK_SKEW:
        raise UntrustedSender("signed with a key that was not valid then, or was revoked")
    if trust.at(signed.at).node_of(said.party) != key.node:
        raise UntrustedSender("signed by a node that did not speak for the party")
    if (said.ends_on is None) == (kind == NOTICE):
        raise SealError("a notice says from when on, and a signature does not")
    return said


def check_bundle(trust: TrustList, bundle: Bundle, *, now: datetime) -> Agreement:
    """The agreement as it binds: signed by every party, until the earliest notice that one of them gave.

    Raises SealError, which names the parties that are missing, or UntrustedSender.
    """
    text = bundle.text
    signers = {_of(text, read_statement(trust, one, kind=SIGNED, now=now)).party for one in bundle.signatures}
    missing = text.agreement.parties - signers
    if missing:
        raise SealError(f"not signed by {', '.join(sorted(missing))}")
    notices = [_of(text, read_statement(trust, one, kind=NOTICE, now=now)).ends_on for one in bundle.notices]
    ends_on = first_day_without(text.agreement, [day for day in notices if day is not None])
    return text.agreement.model_copy(update={"valid_until": ends_on})


def _of(text: Text, said: Statement) -> Statement:
    if not said.is_of(text):
        raise SealError("a signature of another text, or of who is no party")
    return said
