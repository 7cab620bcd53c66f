"""A consent as its recorder signed it: the receipt that travels with whatever relies on it, and says of nobody.

It is a compact JWS over the terms (no identity, no withdrawal: that comes as an event), narrowed to one recipient and
one purpose. It goes from the recorder to that recipient and back, and no further:

- from the recorder: no receipt, no consent; its signer must be the node that speaks for the recorder and sealed the
  event. That seal was trusted a moment ago, so a receipt outlives its key, and a stolen key opens nothing by itself;
- back to the recorder: its own record of the consent decides, whoever signed what;
- from anybody to anybody else: it proves nothing.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.adapters.seal import sign, verify_any
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
    small = narrowed(grounds, recipient=recipient, decision=decision)
    if small.consent is None or not node.hosts(small.consent.recorded_by):
        return small
    return small.model_copy(update={"receipt": issue(node, small.consent, at=at)})


def proven(node: Node, grounds: Grounds, *, sender: str, recipient: str, known: Consent | None) -> Grounds:
    """The grounds of an event between two organisations, without a consent that nothing proves.

    `known`: the terms as the recipient itself has them. The event's sender must have been checked.
    """
    consent = grounds.consent
    if consent is None:
        return grounds
    if consent.recorded_by == recipient:
        holds = known is not None and known.includes(consent)
    else:
        holds = consent.recorded_by == sender and _read(node, grounds.receipt) == _unended(consent)
    return grounds if holds else grounds.model_copy(update={"consent": None, "receipt": None})


def _read(node: Node, receipt: str | None) -> Consent | None:
    """The terms of a receipt, if the node that speaks for their recorder signed them with any key it had."""
    if receipt is None:
        return None
    try:
        signer, payload = verify_any(node, receipt.encode(), kind=CONSENT)
        terms = Receipt.model_validate_json(payload).terms
    except (SealError, UntrustedSender, ValidationError):
        return None
    return terms if node.trust.node_of(terms.recorded_by) == signer else None


def _unended(consent: Consent) -> Consent:
    return consent.model_copy(update={"withdrawn_at": None})
