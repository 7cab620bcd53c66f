"""What events about a local agreement do at each of its parties. They may come in any order, from different parties."""

from uuid import UUID

import structlog

from shared.adapters.agreement_seal import NOTICE, SIGNED, read_statement
from shared.adapters.inbox import Arrival
from shared.casework.agreements import store
from shared.casework.agreements.moving import settle, take_in
from shared.casework.agreements.tables import AnswerRow, NoticeRow
from shared.contract.concluding import Statement, Text, name_of
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.events import (
    AgreementAnswered,
    AgreementConcluded,
    AgreementNoticeGiven,
    AgreementProposed,
    Event,
)
from shared.contract.vocabulary import Agency

log = structlog.get_logger()


async def on_agreement_proposed(arrival: Arrival, event: Event) -> None:
    """Keep the draft, to be answered in time (F16)."""
    assert isinstance(event, AgreementProposed)
    if await _kept(arrival, event.agreement_id, event.terms):
        await _settle(arrival, event.agreement_id, event.terms.version)


async def on_agreement_answered(arrival: Arrival, event: Event) -> None:
    """Keep that a party signed, if its signature holds, or declined."""
    assert isinstance(event, AgreementAnswered)
    await _alone(arrival, event.agreement_id)
    if event.signature is not None:
        said = _read(arrival, event.signature, SIGNED, party=arrival.sender)
        if said is not None and said.version == event.version:
            await _sign(arrival, event.agreement_id, event.signature, said)
    elif event.reason is not None:
        declined = {"reason": event.reason, "lines": list(event.lines)}
        await _answer(arrival, event.agreement_id, event.version, arrival.sender, **declined)
    await _settle(arrival, event.agreement_id, event.version)


async def on_agreement_concluded(arrival: Arrival, event: Event) -> None:
    """Keep the whole: whatever of it is not here yet, as far as each signature holds."""
    assert isinstance(event, AgreementConcluded)
    if not await _kept(arrival, event.agreement_id, event.terms):
        return
    for signature in event.signatures:
        said = _read(arrival, signature, SIGNED, party=None)
        if said is not None and said.is_of(event.terms):
            await _sign(arrival, event.agreement_id, signature, said)
    await _settle(arrival, event.agreement_id, event.terms.version)


async def on_agreement_notice_given(arrival: Arrival, event: Event) -> None:
    """Keep that a party ends it for all, and when."""
    assert isinstance(event, AgreementNoticeGiven)
    await _alone(arrival, event.agreement_id)
    said = _read(arrival, event.notice, NOTICE, party=arrival.sender)
    if said is None or said.ends_on is None or said.version != event.version:
        return
    row = NoticeRow(
        organisation_id=arrival.recipient,
        agreement_id=event.agreement_id,
        version=event.version,
        party_id=said.party,
        notice=event.notice,
        sha256=said.sha256,
        ends_on=said.ends_on,
        given_at=arrival.work.now,
    )
    await store.keep(arrival.work.session, row)
    await _settle(arrival, event.agreement_id, event.version)


async def _alone(arrival: Arrival, agreement_id: UUID) -> None:
    await store.alone(arrival.work.session, organisation_id=arrival.recipient, agreement_id=agreement_id)


async def _settle(arrival: Arrival, agreement_id: UUID, version: int) -> None:
    await settle(arrival.work, agreement_id, version, organisation_id=arrival.recipient)


async def _kept(arrival: Arrival, agreement_id: UUID, text: Text) -> bool:
    """Whether the text is kept here now: drafted by social services, and not under another agreement's name."""
    await _alone(arrival, agreement_id)
    ends = {"organisation_id": arrival.recipient, "drafter_id": arrival.sender}
    drafts = arrival.work.node.trust.party(arrival.sender).agency is Agency.SOCIAL
    named = text.agreement.id == name_of(agreement_id, text.agreement.region)
    if drafts and named and await take_in(arrival.work, agreement_id, text, **ends):
        return True
    log.warning("agreement.not_kept", agreement=str(agreement_id), version=text.version)
    return False


async def _sign(arrival: Arrival, agreement_id: UUID, token: str, said: Statement) -> None:
    await _answer(arrival, agreement_id, said.version, said.party, signature=token, sha256=said.sha256)


async def _answer(arrival: Arrival, agreement_id: UUID, version: int, party: str, **answer: object) -> None:
    mine = {"organisation_id": arrival.recipient, "agreement_id": agreement_id, "version": version, "party_id": party}
    row = AnswerRow.model_validate({**mine, "answered_at": arrival.work.now, **answer})
    await store.keep(arrival.work.session, row)


def _read(arrival: Arrival, token: str, kind: str, *, party: str | None) -> Statement | None:
    """What was signed; None where the signature does not hold, or is not that of the party that sends it."""
    try:
        said = read_statement(arrival.work.node.trust.whole, token, kind=kind, now=arrival.work.now)
    except (SealError, UntrustedSender) as error:
        log.warning("agreement.signature_does_not_hold", error=type(error).__name__)
        return None
    return said if party in (None, said.party) else None
