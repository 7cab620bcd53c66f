"""REST calls by which a party's supervisor signs a local agreement, declines it, or gives notice (F16)."""

from uuid import UUID

from fastapi import APIRouter

from shared.adapters.agreement_seal import sign_notice, sign_text
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reviewer, TransactionalRoute, invalid, note
from shared.casework.agreements import store
from shared.casework.agreements.models import AgreementFile, Declining, Notice, Signing
from shared.casework.agreements.moving import settle
from shared.casework.agreements.reading import file_of, versions_of
from shared.casework.agreements.standing import Known
from shared.casework.agreements.tables import AnswerRow, NoticeRow
from shared.casework.agreements.telling import tell
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.events import AgreementAnswered, AgreementNoticeGiven
from shared.contract.vocabulary import AgreementState

router = APIRouter(prefix="/agreements", tags=["agreements"], route_class=TransactionalRoute)
LASTING = (AgreementState.CONCLUDED, AgreementState.IN_FORCE)


@router.post("/{agreement_id}/sign", responses=problems(409))
async def sign_agreement(agreement_id: UUID, body: Signing, desk: Reviewer, _: OnceKey = None) -> AgreementFile:
    """Sign the newest version, with the key of this organisation's node. Once all parties have, it is concluded."""
    found = await _to_answer(desk, agreement_id, body.version)
    if body.sha256 != found.text.sha256:
        raise Problem(409, "another-text", "this is not the text that was shown; read it again")
    signature = sign_text(desk.node, found.text, party=desk.organisation)
    event = AgreementAnswered(agreement_id=agreement_id, version=body.version, signature=signature)
    await _answer(desk, found, event, sha256=found.text.sha256)
    await note(desk, Action.AGREEMENT_SIGNED, agreement_id, version=body.version, sha256=found.text.sha256)
    return await file_of(desk, agreement_id)


@router.post("/{agreement_id}/decline", responses=problems(409))
async def decline_agreement(agreement_id: UUID, body: Declining, desk: Reviewer, _: OnceKey = None) -> AgreementFile:
    """Do not sign the newest version: it can't be concluded any more, and who drafted it may propose another."""
    found = await _to_answer(desk, agreement_id, body.version)
    if any(number > len(found.text.agreement.exchanges) for number in body.lines):
        raise invalid("it names a line that the draft does not have")
    event = AgreementAnswered(agreement_id=agreement_id, **body.model_dump())
    await _answer(desk, found, event)
    await note(desk, Action.AGREEMENT_DECLINED, agreement_id, version=body.version, reason=body.reason)
    return await file_of(desk, agreement_id)


@router.post("/{agreement_id}/notice", responses=problems(409))
async def give_notice(agreement_id: UUID, body: Notice, desk: Reviewer, _: OnceKey = None) -> AgreementFile:
    """End what was concluded, for all its parties, from a day on: the last version that all of them signed."""
    mine = desk.organisation
    await store.alone(desk.session, organisation_id=mine, agreement_id=agreement_id)
    lasting = [one for one in await versions_of(desk, agreement_id) if one.state in LASTING]
    if not lasting:
        raise Problem(409, "not-concluded", "no version of it is concluded and has not ended")
    found = lasting[0]
    if mine in {one.party_id for one in found.notices}:
        raise Problem(409, "notice-given", "this organisation has given notice already")
    if body.ends_on <= local_day(desk.now):
        raise invalid("a notice names a later day than today")
    version, text = found.row.version, found.text
    notice = sign_notice(desk.node, text, party=mine, ends_on=body.ends_on)
    about = {"organisation_id": mine, "agreement_id": agreement_id, "version": version, "party_id": mine}
    row = {**about, "notice": notice, "sha256": text.sha256, "ends_on": body.ends_on, "given_at": desk.now}
    await store.keep(desk.session, NoticeRow.model_validate(row))
    event = AgreementNoticeGiven(agreement_id=agreement_id, version=version, notice=notice)
    await tell(desk, event, agreement_id, text, organisation_id=mine)
    await settle(desk, agreement_id, version, organisation_id=mine)
    await note(desk, Action.AGREEMENT_NOTICE_GIVEN, agreement_id, version=version, ends_on=body.ends_on.isoformat())
    return await file_of(desk, agreement_id)


async def _to_answer(desk: Desk, agreement_id: UUID, version: int) -> Known:
    """The newest version, if it waits for this organisation's answer. Problem 404 or 409."""
    await store.alone(desk.session, organisation_id=desk.organisation, agreement_id=agreement_id)
    found = (await versions_of(desk, agreement_id))[0]
    if version != found.row.version:
        raise Problem(409, "another-version", "the newest version is the one to answer; read it again")
    if found.state is not AgreementState.DRAFT:
        raise Problem(409, "not-a-draft", "this version waits for no answer any more", {"state": found.state})
    if desk.organisation in {one.party_id for one in found.answers}:
        raise Problem(409, "answered", "this organisation has answered it")
    return found


async def _answer(desk: Desk, found: Known, event: AgreementAnswered, *, sha256: str | None = None) -> None:
    """Keep our answer, tell the others, and do what follows from it."""
    mine, row = desk.organisation, found.row
    said = {**event.model_dump(mode="json", exclude={"agreement_id"}), "sha256": sha256}
    about = {"organisation_id": mine, "agreement_id": row.id, "party_id": mine, "answered_at": desk.now}
    await store.keep(desk.session, AnswerRow.model_validate({**about, **said}))
    await tell(desk, event, row.id, found.text, organisation_id=mine)
    await settle(desk, row.id, row.version, organisation_id=mine)
