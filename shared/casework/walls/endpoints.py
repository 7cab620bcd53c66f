"""REST calls for walls: to be warned, to say who works on which side, to end one that is none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, Reviewer, TransactionalRoute, Writer, found, not_found, note
from shared.adapters.identity import Permission
from shared.casework.walls import store
from shared.casework.walls.noticing import settle
from shared.casework.walls.tables import WallFileRow, WallRow, WallStaffRow
from shared.casework.walls.waiting import clashes
from shared.contract.errors import Problem
from shared.contract.vocabulary import SubjectRole

router = APIRouter(prefix="/walls", tags=["walls"], route_class=TransactionalRoute)
Staff = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class Walled(BaseModel):
    """A file on one side: of a person's record or a referral."""

    model_config = ConfigDict(from_attributes=True)
    file_id: UUID
    kind: str
    side: SubjectRole


class OnSide(BaseModel):
    """Who is on a side; nobody assigned those who are there since they worked on it."""

    model_config = ConfigDict(from_attributes=True)
    staff: str
    side: SubjectRole
    assigned_by: str | None
    since: datetime


class Wall(BaseModel):
    """Both parties of a case are here. Whoever works on a side is shown that side alone; a chief both.

    `clashes`: pairs of appointments made before, in which the two would meet; to chiefs.
    """

    id: UUID
    made_at: datetime
    your_side: SubjectRole | None
    files: list[Walled]
    staff: list[OnSide]
    clashes: list[tuple[UUID, UUID]]


class Walls(BaseModel):
    """The walls that stand, newest first."""

    items: list[Wall]


class Assignment(BaseModel):
    """Who (the `sub` of their token) is to work on which side."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"staff": "nurse-7", "side": "victim"}]})
    staff: Staff
    side: SubjectRole


@router.get("")
async def list_walls(desk: Reader) -> Walls:
    """Where both parties of a case are here: to a chief all, to others those on a side of which they are."""
    chief = Permission.REVIEW in desk.caller.permissions
    walls = await store.standing(
        desk.session, organisation_id=desk.organisation, for_staff=None if chief else desk.actor
    )
    await note(desk, Action.READ_WALLS, shown=[wall.id for wall in walls])
    return Walls(items=await _shown(desk, walls))


async def _shown(desk: Desk, walls: Sequence[WallRow]) -> list[Wall]:
    files, staff = await store.files_of(desk.session, walls=walls), await store.staff_of(desk.session, walls=walls)
    return [await _wall(desk, wall, files, staff) for wall in walls]


async def _wall(desk: Desk, wall: WallRow, files: Sequence[WallFileRow], staff: Sequence[WallStaffRow]) -> Wall:
    chief = Permission.REVIEW in desk.caller.permissions
    there = [one for one in staff if one.wall_id == wall.id]
    mine = next((one.side for one in there if one.staff == desk.actor), None)
    return Wall(
        id=wall.id,
        made_at=wall.made_at,
        your_side=None if mine is None else SubjectRole(mine),
        files=[Walled.model_validate(one) for one in files if one.wall_id == wall.id and (chief or one.side == mine)],
        staff=[OnSide.model_validate(one) for one in there if chief or one.side == mine],
        clashes=await clashes(desk, wall) if chief else [],
    )


@router.post("/{wall_id}/staff", responses=problems(409))
async def put_on_a_side(wall_id: UUID, body: Assignment, desk: Writer, _: OnceKey = None) -> Wall:
    """Say who works on a side. A chief may move anybody; who is on a side may let a colleague in who is on none."""
    wall: WallRow = found(await store.get(desk.session, organisation_id=desk.organisation, wall_id=wall_id), "wall")
    there = {one.staff: one.side for one in await store.staff_of(desk.session, walls=[wall])}
    if Permission.REVIEW not in desk.caller.permissions:
        if desk.actor not in there:
            raise not_found("wall")
        if there[desk.actor] != body.side or there.get(body.staff, body.side) != body.side:
            raise Problem(409, "other-side", "only a chief moves somebody to another side")
    await store.put_staff(desk.session, wall=wall, staff={body.staff: body.side}, assigned_by=desk.actor, at=desk.now)
    if Permission.REVIEW in desk.caller.permissions:
        await settle(desk, wall)
    await note(desk, Action.CHANGED, wall.id, what="wall", to=body.side)
    return (await _shown(desk, [wall]))[0]


@router.post("/{wall_id}/end")
async def end_wall(wall_id: UUID, desk: Reviewer, _: OnceKey = None) -> Wall:
    """They are not the two parties of a case: a chief's. The same two files make no new wall."""
    wall: WallRow = found(await store.get(desk.session, organisation_id=desk.organisation, wall_id=wall_id), "wall")
    wall.ended_at = desk.now
    await settle(desk, wall)
    await note(desk, Action.CHANGED, wall.id, what="wall", ended=True)
    return (await _shown(desk, [wall]))[0]
