"""Whether a message comes from who may say it: the signature alone says only which node signed."""

from datetime import datetime, timedelta

from shared.adapters.jetstream import EVERYONE, state_subject
from shared.adapters.trust import Node
from shared.contract.decisions import decide, objection
from shared.contract.errors import UntrustedSender
from shared.contract.events import Envelope, EventsReceived
from shared.contract.grounds import NO_PERSONAL_DATA
from shared.contract.policy import STATE_EVENTS

CLOCK_SKEW = timedelta(minutes=5)


def check_sender(node: Node, envelope: Envelope, *, signer: str, subject: str) -> None:
    """The signer is the node that subject and source name, and speaks for the sender; we host the recipient."""
    if subject.split(".")[2:] != [signer, node.name] or envelope.source != f"/nodes/{signer}":
        raise UntrustedSender("signed by another node than the one that sent it")
    if isinstance(envelope.data.content, EventsReceived):
        if (envelope.sender, envelope.recipient) != (signer, node.name):
            raise UntrustedSender("a receipt for another node")
        return
    if node.trust.node_of(envelope.sender) != signer:
        raise UntrustedSender("the node does not speak for the sending organisation")
    if not node.hosts(envelope.recipient):
        raise UntrustedSender("the recipient is not hosted here")


def check_announcer(node: Node, envelope: Envelope, *, signer: str, subject: str, now: datetime) -> None:
    """An announcement, by who speaks for the organisation that the subject names, of now, and nothing personal."""
    content, about = envelope.data.content, envelope.sender
    if subject != state_subject(signer, content.type, about) or envelope.source != f"/nodes/{signer}":
        raise UntrustedSender("announced under another name than its own")
    if content.type not in STATE_EVENTS or envelope.recipient != EVERYONE:
        raise UntrustedSender("not something that is announced")
    if node.trust.node_of(about) != signer:
        raise UntrustedSender("the node does not speak for the announced organisation")
    if envelope.time > now + CLOCK_SKEW:
        raise UntrustedSender("announced for the future")
    party = node.trust.party(about)
    decision = decide(content.type, sender=party, recipient=party, grounds=NO_PERSONAL_DATA, at=now)
    if objection(content, decision) is not None:
        raise UntrustedSender("it holds what is never announced")
