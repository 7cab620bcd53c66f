"""REST calls that show local agreements (F16): those that the caller's organisation is a party to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from shared.adapters import paging
from shared.adapters.documented import problems
from shared.adapters.http import Desk, Reader, TransactionalRoute, not_found
from shared.casework.agreements import store
from shared.casework.agreements.models import AgreementFile, AgreementOut, shown
from shared.casework.agreements.standing import Known, known
from shared.contract.concluding import Bundle
from shared.contract.errors import Problem

router = APIRouter(prefix="/agreements", tags=["agreements"], route_class=TransactionalRoute)
Which = Annotated[int | None, Query(ge=1, le=1000, description="a version; without it the last that all have signed")]


@router.get("")
async def list_agreements(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[AgreementOut]:
    """Agreements and drafts, each of their versions, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    found = await known(desk, cut, organisation_id=desk.organisation)
    return paging.Page(items=[shown(one) for one in found], next=following)


@router.get("/{agreement_id}")
async def read_agreement(agreement_id: UUID, desk: Reader) -> AgreementFile:
    """An agreement with all its versions: what each says, who signed or declined it, where it stands."""
    return await file_of(desk, agreement_id)


@router.get("/{agreement_id}/bundle", responses=problems(409))
async def export_bundle(agreement_id: UUID, desk: Reader, version: Which = None) -> Bundle:
    """The text that all parties signed, with their signatures and notices, for `qorgau agreements sign`.

    Anybody can check it by the network's trust list, without asking a service.
    """
    found = await versions_of(desk, agreement_id)
    wanted = [one for one in found if one.standing.concluded and version in (None, one.row.version)]
    if not wanted:
        raise Problem(409, "not-concluded", "not all of its parties have signed it")
    signatures = sorted(one.signature for one in wanted[0].answers if one.signature is not None)
    notices = [one.notice for one in wanted[0].notices]
    return Bundle(text=wanted[0].text, signatures=tuple(signatures), notices=tuple(notices))


async def versions_of(desk: Desk, agreement_id: UUID) -> list[Known]:
    """All versions, the newest first. Problem 404 where the organisation is no party."""
    mine = desk.organisation
    rows = await store.versions(desk.session, organisation_id=mine, agreement_id=agreement_id)
    if not rows:
        raise not_found("agreement")
    return await known(desk, rows, organisation_id=mine)


async def file_of(desk: Desk, agreement_id: UUID) -> AgreementFile:
    """As it stands now."""
    newest, *earlier = [shown(one) for one in await versions_of(desk, agreement_id)]
    return AgreementFile(**newest.model_dump(), earlier=earlier)
