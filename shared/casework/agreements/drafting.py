"""REST calls by which social services draft a local agreement, and changes of it (F16)."""

from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, invalid, note
from shared.casework.agreements import store
from shared.casework.agreements.models import AgreementFile, NewAgreement, NewVersion
from shared.casework.agreements.moving import take_in
from shared.casework.agreements.reading import file_of, versions_of
from shared.casework.agreements.telling import tell
from shared.casework.directory import store as directory
from shared.contract.agreement import Agreement
from shared.contract.calendar import local_day
from shared.contract.concluding import Text, follows, name_of
from shared.contract.errors import Problem
from shared.contract.events import AgreementProposed
from shared.contract.policy import FORBIDS, PERMITS, RETENTION
from shared.contract.soundness.agreements import faults_of_agreements
from shared.contract.soundness.fault import Table

router = APIRouter(prefix="/agreements", tags=["agreements"], route_class=TransactionalRoute)
HIGHEST_VERSION = 1000


@router.post("", status_code=201)
async def draft_agreement(body: NewAgreement, desk: Writer, response: Response, _: OnceKey = None) -> AgreementFile:
    """Draft the agreement of a region. The draft goes to all parties, whose supervisors sign or decline it.

    Lines that could have no effect, because an agreement can only narrow the policy, are told back.
    """
    agreement_id = uuid4()
    await _propose(desk, agreement_id, body, region=body.region, version=1)
    response.headers["Location"] = f"/v1/agreements/{agreement_id}"
    return await file_of(desk, agreement_id)


@router.post("/{agreement_id}/versions", status_code=201, responses=problems(404, 409))
async def draft_change(agreement_id: UUID, body: NewVersion, desk: Writer, _: OnceKey = None) -> AgreementFile:
    """Draft a change: a new version, which all parties sign again. Until they have, the one before stays in force."""
    await store.alone(desk.session, organisation_id=desk.organisation, agreement_id=agreement_id)
    found = await versions_of(desk, agreement_id)
    newest = found[0]
    if newest.row.drafter_id != desk.organisation:
        raise Problem(409, "not-the-drafter", "who drafted it proposes its changes")
    if newest.row.version == HIGHEST_VERSION:
        raise Problem(409, "last-version", "draft another agreement")
    region, version = newest.text.agreement.region, newest.row.version + 1
    agreement = await _propose(desk, agreement_id, body, region=region, version=version)
    if not all(follows(agreement, one.text.agreement) for one in found):
        raise invalid("a change leaves no party out: who wants to leave gives notice")
    return await file_of(desk, agreement_id)


async def _propose(desk: Desk, agreement_id: UUID, body: NewVersion, *, region: str, version: int) -> Agreement:
    mine = desk.organisation
    said = body.model_dump(exclude={"region"})
    agreement = Agreement.model_validate({**said, "id": name_of(agreement_id, region), "region": region})
    await _check(desk, agreement)
    text = Text(version=version, agreement=agreement)
    await take_in(desk, agreement_id, text, organisation_id=mine, drafter_id=mine)
    await tell(desk, AgreementProposed(agreement_id=agreement_id, terms=text), agreement_id, text, organisation_id=mine)
    await note(desk, Action.AGREEMENT_DRAFTED, agreement_id, version=version, sha256=text.sha256)
    return agreement


async def _check(desk: Desk, agreement: Agreement) -> None:
    """Problem 422 for what can't be agreed."""
    if desk.organisation not in agreement.parties:
        raise invalid("who drafts an agreement is a party to it")
    if agreement.valid_from < local_day(desk.now):
        raise invalid("an agreement does not begin in the past")
    there = await directory.named(desk.session, organisation_ids=agreement.parties)
    if any(one.kato[:2] != agreement.region for one in there.values()):
        raise invalid("its parties are organisations of its region")
    if set(there) != agreement.parties or not all(desk.node.trust.node_of(one) for one in agreement.parties):
        raise invalid("the network knows no such organisation")
    table = Table(permits=PERMITS, forbids=FORBIDS, retention=RETENTION)
    useless = [fault.what for fault in faults_of_agreements(table, (agreement,))]
    if useless:
        raise Problem(422, "lines-without-effect", "an agreement can only narrow the policy", {"lines": useless})
