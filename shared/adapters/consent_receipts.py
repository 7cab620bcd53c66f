"""A consent as its recorder signed it: the receipt that travels with whatever relies on it, and says of nobody.

It is a compact JWS over the terms (no identity, no withdrawal: that comes as an event), narrowed to one recipient and
one purpose. The receiver takes no sender's word for a consent: without a receipt that holds, there is none. It outlives
the key that signed it: it holds if that key was trusted when it was made.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.adapters.seal import sign, verify_at
from shared.adapters.trust import Node
from shared.contract.conditions import Party
from shared.contract.consent import Consent
from shared.contract.decisions import Decision, narrowed
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.grounds import Grounds

CONSENT = "consent"


class Receipt(BaseModel):
    """What is signed: the terms, and when this copy was made."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    issued_at: datetime
    terms: Consent


def issue(node: Node, consent: Consent, *, at: datetime) -> str:
    """A receipt by the node of the organisation that recorded the consent."""
    receipt = Receipt(issued_at=at, terms=_unended(consent))
    return sign(node, receipt.model_dump_json(exclude={"terms": {"withdrawn_at"}}).encode(), kind=CONSENT).decode()


def travelling(node: Node, grounds: Grounds, *, recipient: Party, decision: Decision, at: datetime) -> Grounds:
    """The grounds as they travel: a consent recorded here with a fresh receipt, another with the one that came."""
    if grounds.consent is None or node.hosts(grounds.consent.recorded_by):
        small = narrowed(grounds, recipient=recipient, decision=decision)
        return (
            small if small.consent is None else small.model_copy(update={"receipt": issue(node, small.consent, at=at)})
        )
    terms = _read(node, grounds.receipt)
    return grounds.model_copy(update={"consent": terms, "receipt": grounds.receipt if terms else None})


def proven(node: Node, grounds: Grounds) -> Grounds:
    """The grounds without a consent that no valid receipt proves."""
    if grounds.consent is None or _read(node, grounds.receipt) == _unended(grounds.consent):
        return grounds
    return grounds.model_copy(update={"consent": None, "receipt": None})


def _read(node: Node, receipt: str | None) -> Consent | None:
    """The terms of a receipt, if they are signed by the node that speaks for the organisation that recorded them."""
    if receipt is None:
        return None
    try:
        signer, payload = verify_at(node, receipt.encode(), kind=CONSENT)
        terms = Receipt.model_validate_json(payload).terms
    except (SealError, UntrustedSender, ValidationError):
        return None
    return terms if node.trust.node_of(terms.recorded_by) == signer else None


def _unended(consent: Consent) -> Consent:
    return consent.model_copy(update={"withdrawn_at": None})
