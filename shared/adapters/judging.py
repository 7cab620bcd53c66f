"""Deciding again, at the receiver: nothing is let in because its sender says that it may be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.closing import admissible
from shared.adapters.consent_receipts import proven
from shared.adapters.outbox import Work
from shared.adapters.senders import CLOCK_SKEW
from shared.contract.conditions import Circumstances
from shared.contract.consent import Consent
from shared.contract.decisions import NO_RULE, categories_in
from shared.contract.events import Envelope
from shared.contract.grounds import Grounds, label
from shared.contract.questions import decide_on


@dataclass(frozen=True)
class Known:
    """What an organisation knows of a basis: a consent's terms, as it knows them, and whether it has ended."""

    terms: Consent | None = None
    has_ended: bool = False


@dataclass(frozen=True)
class Judge:
    """Asks what the organisation that an event is for knows itself of a consent or a declared emergency.

    `known`: of (session, organisation, id).
    """

    known: Callable[[AsyncSession, str, UUID], Awaitable[Known]]

    async def __call__(self, work: Work, envelope: Envelope) -> tuple[str | None, Envelope]:
        """(the rule against the event or None, what of it is taken in), here and now."""
        grounds, content = envelope.data.grounds, envelope.data.content
        if grounds is None or _mislabelled(envelope):
            return NO_RULE, envelope
        stated = (getattr(content, "purpose", grounds.purpose), getattr(content, "subject", grounds.subject))
        if stated != (grounds.purpose, grounds.subject):
            return NO_RULE, envelope
        party = work.node.trust.party
        decision = decide_on(
            content,
            sender=party(envelope.sender),
            recipient=party(envelope.recipient),
            grounds=await self._standing(work, envelope, grounds),
            at=envelope.time if work.now < envelope.time <= work.now + CLOCK_SKEW else work.now,
            circumstances=Circumstances(work.node.agreements),
        )
        return admissible(envelope, decision)

    async def _standing(self, work: Work, envelope: Envelope, grounds: Grounds) -> Grounds:
        """The grounds without a consent that is not proven, and without what is known here to have ended."""
        bases = {name: getattr(grounds, name) for name in ("consent", "emergency")}
        known = {
            name: Known() if basis is None else await self.known(work.session, envelope.recipient, basis.id)
            for name, basis in bases.items()
        }
        terms = known["consent"].terms
        grounds = proven(work.node, grounds, sender=envelope.sender, recipient=envelope.recipient, known=terms)
        return grounds.model_copy(update={name: None for name, one in known.items() if one.has_ended})


def _mislabelled(envelope: Envelope) -> bool:
    """Whether an event says of its own handling anything but what follows from its grounds and its content."""
    data = envelope.data
    if data.grounds is None or data.handling is None:
        return False
    return data.handling != label(origin=envelope.sender, grounds=data.grounds, categories=categories_in(data.content))
