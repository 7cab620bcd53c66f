"""The police and social services are told that a preventive conversation was held (F12): on the duty, and no more."""

from typing import Any
from uuid import uuid5

from shared.adapters.http import Desk, invalid
from shared.adapters.outbox import Outgoing, emit
from shared.casework.conversations.tables import ConversationRow
from shared.casework.directory import store as directory
from shared.casework.directory.responsible import responsible
from shared.casework.referrals.whom import referral_with
from shared.contract.events import ConversationHeld
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose, SubjectRole

TOLD = (Agency.POLICE, Agency.SOCIAL)


async def whom(desk: Desk, named: list[str] | None) -> list[str]:
    """Those who were named, or else who is responsible for this district. Problem 422 for one that is not told."""
    if named is None:
        found = [await responsible(desk, agency=agency) for agency in TOLD]
        return [one for one in found if one is not None and one != desk.organisation]
    for one in named:
        there = await directory.get(desk.session, organisation_id=one)
        if there is None or there.agency not in TOLD or desk.node.trust.node_of(one) is None:
            raise invalid("the network knows no such organisation of the police or of social services")
        if one == desk.organisation:
            raise invalid("it is told to another organisation")
    return list(dict.fromkeys(named))


async def tell(desk: Desk, row: ConversationRow, recipients: list[str]) -> list[dict[str, Any]]:
    """Tell each under an id of its own, so that no two can compare theirs. It was held, whoever can be told of it."""
    told = []
    for there in recipients:
        mine = {"organisation_id": desk.organisation, "person_id": row.person_id, "counterpart": there}
        referral = await referral_with(desk.session, **mine)  # type: ignore[arg-type]  # a literal
        event = ConversationHeld(
            conversation_id=uuid5(row.id, there),
            referral_id=referral.id if referral is not None else None,
            held_on=row.held_on,
        )
        grounds = Grounds(
            basis=Basis.STATUTORY_DUTY, purpose=Purpose.PREVENTIVE_CONVERSATION, subject=SubjectRole(row.subject)
        )
        outgoing = Outgoing(event, desk.organisation, there, grounds, event.conversation_id, row.person_id)
        emitted = await emit(desk, outgoing)
        kept_back_by = None if emitted.event_id is not None else emitted.decision.refusal
        told.append({"recipient_id": there, "kept_back_by": kept_back_by})
    return told
