"""What the parties of an agreement tell each other."""

from uuid import UUID

from shared.adapters.outbox import Outgoing, Work, emit
from shared.contract.concluding import Text
from shared.contract.events import Event
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis

PUBLIC = Grounds(basis=Basis.NO_PERSONAL_DATA)


async def tell(work: Work, event: Event, agreement_id: UUID, text: Text, *, organisation_id: str) -> None:
    """Tell every other party."""
    for party in sorted(text.agreement.parties - {organisation_id}):
        await emit(work, Outgoing(event, organisation_id, party, PUBLIC, agreement_id))
