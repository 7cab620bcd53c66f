"""Referrals as FHIR shows them: what the REST calls show, with the moves and results that a Task tells besides."""

from collections.abc import Sequence
from uuid import UUID

from services.health.examinations import store as examinations
from services.health.fhir import store
from services.health.fhir.task import Followed
from shared.adapters.http import Desk
from shared.casework.referrals.models import MoveOut, Referral
from shared.casework.referrals.store import texts
from shared.casework.referrals.tables import MoveRow


async def followed(desk: Desk, referrals: Sequence[Referral]) -> list[Followed]:
    """Each with its moves and results. Whoever calls this has recorded the read."""
    ids = [one.id for one in referrals]
    rows = await store.moves_of(desk.session, organisation_id=desk.organisation, referral_ids=ids)
    theirs = {one.id: _of_its_sides(desk, one, rows.get(one.id, [])) for one in referrals}
    moves = await _moves(desk, [row for found in theirs.values() for row in found])
    results = await examinations.of_referrals(desk.session, organisation_id=desk.organisation, referral_ids=ids)
    return [
        Followed(one, desk.organisation, moves=moves.get(one.id, []), results=results.get(one.id, []))
        for one in referrals
    ]


def _of_its_sides(desk: Desk, referral: Referral, rows: Sequence[MoveRow]) -> list[MoveRow]:
    """A move that somebody else sent has no effect."""
    return [row for row in rows if row.author_id in (desk.organisation, referral.counterpart_id)]


async def _moves(desk: Desk, rows: list[MoveRow]) -> dict[UUID, list[MoveOut]]:
    found: dict[UUID, list[MoveOut]] = {}
    for row, text in zip(rows, await texts(desk.session, rows), strict=True):
        found.setdefault(row.referral_id, []).append(MoveOut.model_validate({**row.model_dump(), "text": text}))
    return found
