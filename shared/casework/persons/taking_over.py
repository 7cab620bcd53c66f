"""A record of this organisation is made from what another sent, with the label that says how far it may go."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from shared.adapters.audit import Action, record
from shared.adapters.documented import Responses, problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, etag, found, note
from shared.casework.persons import store
from shared.casework.persons.details import Known
from shared.casework.persons.models import Person, shown
from shared.casework.persons.received import CATEGORY_OF
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals import store as referrals
from shared.casework.referrals.reading import readable
from shared.casework.referrals.tables import ReferralRow
from shared.casework.walls.noticing import notice
from shared.contract.errors import Problem
from shared.contract.vocabulary import Side

router = APIRouter(prefix="/persons", tags=["persons"], route_class=TransactionalRoute)


class TakingOver(BaseModel):
    """The referral, received here, that tells of the person."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"referral_id": "6f2b8c1e-58a3-4a0e-9a61-0d6c0f7f3b11"}]}
    )
    referral_id: UUID


AGAIN: Responses = {200: {"model": Person, "description": "Taken over before"}}


@router.post("/from-referral", status_code=201, responses=AGAIN | problems(404, 410))
async def take_over(body: TakingOver, desk: Writer, response: Response, _: OnceKey = None) -> Person:
    """Record a person from what came: only what may still be read. It goes no further than the basis it came on.

    Back to where it came from, or on a consent that the person gives here (`F-RECEIVED-FOR-ANOTHER`). When the basis
    ends that it came on, or the referral is withdrawn, it is erased here too. One referral makes one record: the
    second call gives the first one's, with 200.
    """
    referral = await _received(desk, body.referral_id)
    row = await store.taken_from(desk.session, organisation_id=desk.organisation, referral_id=referral.id)
    if row is None:
        row, known = await _recorded(desk, referral)
    else:
        known = await store.known(desk.session, row)
        await note(desk, Action.READ_PERSON, row.id, person_id=row.id)
        response.status_code = 200
    response.headers["ETag"] = etag(row.revision)
    return shown(row, known)


async def _recorded(desk: Desk, referral: ReferralRow) -> tuple[PersonRow, Known]:
    known = await _what_it_tells(desk, referral)
    row = PersonRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        role=referral.subject,
        anonymous=bool((referral.proof or {}).get("anonymous")),
        handling=[referral.handling] if referral.handling else None,
        taken_from=referral.id,
        created_at=desk.now,
        updated_at=desk.now,
    )
    await store.keep(desk.session, row, known)
    desk.session.add(row)
    await desk.session.flush()
    await _note(desk, row, referral)
    await notice(desk, row)
    return row, known


async def _received(desk: Desk, referral_id: UUID) -> ReferralRow:
    """The copy, locked: the end of its basis waits, and then finds the record. Problem 404 for what was sent."""
    row = await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id, for_update=True)
    referral: ReferralRow = found(row if row is not None and row.side == Side.RECEIVER else None, "referral")
    return referral


async def _what_it_tells(desk: Desk, referral: ReferralRow) -> Known:
    """Problem 409 where there is nothing of a person, or no label says how it may be handled."""
    content = await readable(desk, referral, (await referrals.contents(desk.session, [referral]))[0]) or {}
    told: dict[str, Any] = {name: content[name] for name in CATEGORY_OF if content.get(name)}
    if not told or referral.handling is None:
        raise Problem(409, "nothing-to-take-over", "what may be read of this referral says nothing of the person")
    return Known.model_validate(told)


async def _note(desk: Desk, row: PersonRow, referral: ReferralRow) -> None:
    await record(
        desk,
        organisation_id=desk.organisation,
        action=Action.PERSON_RECORDED,
        concerning=row.id,
        person_id=row.id,
        details={"referral_id": str(referral.id), "origin": referral.counterpart_id},
    )
