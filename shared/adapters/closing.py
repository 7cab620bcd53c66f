"""Closing is never blocked: where a move of a case may not say something, it goes, and that is left out."""

from shared.contract.decisions import Decision, categories_in, objection, redact
from shared.contract.events import Envelope
from shared.contract.grounds import label
from shared.contract.policy import CLOSING
from shared.contract.vocabulary import DataCategory

ABOUT_NOBODY = frozenset({DataCategory.ROUTING})


def admissible(envelope: Envelope, decision: Decision) -> tuple[str | None, Envelope]:
    """(the rule against an event or None, the event as it may be): only a closing event is cut instead of refused."""
    if envelope.data.content.type in CLOSING and decision.permitted:
        return None, reduced(envelope, decision.categories | ABOUT_NOBODY)
    return objection(envelope.data.content, decision), envelope


def wordless(envelope: Envelope) -> Envelope:
    """The event with what routes it alone."""
    return reduced(envelope, ABOUT_NOBODY)


def reduced(envelope: Envelope, allowed: frozenset[DataCategory]) -> Envelope:
    """The event with these categories alone, and the handling label that follows from what is left."""
    content, grounds = redact(envelope.data.content, allowed), envelope.data.grounds
    handling = envelope.data.handling
    if handling is not None and grounds is not None:
        handling = label(origin=envelope.sender, grounds=grounds, categories=categories_in(content))
    data = envelope.data.model_copy(update={"content": content, "handling": handling})
    return envelope.model_copy(update={"data": data})
