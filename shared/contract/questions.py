"""`decide_on()`: as `decide()`, for an event at hand. A question is not asked if its answer could not be given (F14).

So the consent to a question covers both ways: to who is asked, and what the answer says back to who asks. The consent
travels with the question as far as that, signed by who recorded it; who is asked sees that it reaches, and answers on
it: an answer may always go to who recorded the consent (`Consent.names`), for the same purpose, within its categories.
"""

from dataclasses import replace
from datetime import datetime

from shared.contract.conditions import NOTHING_MORE, Circumstances, Party
from shared.contract.decisions import Decision, decide
from shared.contract.events import Event, InformationAnswered, InformationRequested
from shared.contract.grounds import Grounds
from shared.contract.information import SAYS
from shared.contract.vocabulary import Basis

NOT_IN_CONSENT = "F-NOT-IN-CONSENT"


def decide_on(
    event: Event,
    *,
    sender: Party,
    recipient: Party,
    grounds: Grounds,
    at: datetime,
    circumstances: Circumstances = NOTHING_MORE,
) -> Decision:
    """What of an event may go from `sender` to `recipient` at a time, if what it asks for may come back."""
    made = decide(event.type, sender=sender, recipient=recipient, grounds=grounds, at=at, circumstances=circumstances)
    if not isinstance(event, InformationRequested) or not made.permitted:
        return made
    back = decide(
        InformationAnswered.type,
        sender=recipient,
        recipient=sender,
        grounds=grounds,
        at=at,
        circumstances=Circumstances(circumstances.agreements),
    )
    says, consent = SAYS[event.kind], grounds.consent
    if not back.permitted:
        return back
    if grounds.basis is Basis.CONSENT and (consent is None or says not in consent.categories):
        return Decision(permitted=False, withheld={says: NOT_IN_CONSENT}, rules=(*made.rules, NOT_IN_CONSENT))
    return replace(made, answer=frozenset({says}))
