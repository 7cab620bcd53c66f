"""Notice that both parties of a case are here, from what is lawfully held: one record names whom another is of.

By keyed indexes alone: an IIN, or names and birth date. Nothing leaves, nothing is asked of anybody else.
"""

from datetime import timedelta
from uuid import UUID

from shared.adapters.database import unwalled
from shared.adapters.outbox import Work
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import alarm
from shared.casework.persons import store as persons
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.casework.walls import store
from shared.casework.walls.store import File, Pair
from shared.casework.walls.tables import WallRow
from shared.contract.events import ReferralRequested
from shared.contract.vocabulary import SubjectRole
from shared.contract.walls import BOTH_HERE, STAFFED, is_walled, other_side, side_of, sides

KINDS = (STAFFED, BOTH_HERE)


async def notice(work: Work, person: PersonRow) -> None:
    """A record was made or corrected: put up the walls that follow from it, and take down those that do no more."""
    await _notice(work, person.organisation_id, person.id)


async def notice_referral(work: Work, referral: ReferralRow, event: ReferralRequested) -> None:
    """A referral came that may tell of somebody whom a record here names."""
    if not is_walled(work.node.agency, work.now):
        return
    whose, tells = referral.organisation_id, event.model_dump(mode="json")
    if await persons.index_referral(work.session, organisation_id=whose, referral_id=referral.id, tells=tells):
        await _notice(work, whose, referral.id)


async def forget_walls(work: Work, *, organisation_id: str, file_id: UUID) -> None:
    """What told who somebody is was erased: no index finds the file, and no wall rests on it."""
    await persons.forget_index(work.session, organisation_id=organisation_id, file_id=file_id)
    for wall in await store.walls_of(work.session, organisation_id=organisation_id, file_id=file_id):
        await _take_down(work, wall)


async def _notice(work: Work, organisation_id: str, file_id: UUID) -> None:
    if not is_walled(work.node.agency, work.now):
        return
    await work.session.flush()
    async with unwalled(work.session):
        found = await store.pairs_of(work.session, organisation_id=organisation_id, file_id=file_id)
        meant = {await _raise(work, organisation_id, pair) for pair in sorted(found)}
        for wall in await store.walls_of(work.session, organisation_id=organisation_id, file_id=file_id):
            if wall.id not in meant and wall.ended_at is None:
                await _take_down(work, wall)


async def _raise(work: Work, organisation_id: str, pair: Pair) -> UUID | None:
    """The wall between two files; who worked on either is on its side from now on, and is told."""
    naming = await persons.get(work.session, organisation_id=organisation_id, person_id=pair.naming)
    if naming is None:
        return None
    side = side_of(SubjectRole(naming.role))
    files = [*_files(naming, side), *await _named(work, organisation_id, pair.named, other_side(side))]
    hers, his = (pair.naming, pair.named) if side is SubjectRole.VICTIM else (pair.named, pair.naming)
    wall = WallRow(organisation_id=organisation_id, id=store.wall_id(hers, his), hers=hers, his=his, made_at=work.now)
    if await store.raise_wall(work.session, wall=wall, files=files):
        await _staff(work, wall, files)
        _warn(work, wall)
    return wall.id


async def _named(work: Work, organisation_id: str, named: UUID, side: SubjectRole) -> list[File]:
    """The files of whom a record names: a record with the referral that it was taken over from, or a referral."""
    person = await persons.get(work.session, organisation_id=organisation_id, person_id=named)
    if person is not None:
        return _files(person, side)
    referral = await referrals.get(work.session, organisation_id=organisation_id, referral_id=named)
    return [File(named, "referral", side)] if referral is not None else []


def _files(person: PersonRow, side: SubjectRole) -> list[File]:
    came = [File(person.taken_from, "referral", side)] if person.taken_from is not None else []
    return [File(person.id, "person", side), *came]


async def _staff(work: Work, wall: WallRow, files: list[File]) -> None:
    """By the record: who worked on her file is on her side, who worked on his alone on his."""
    worked = {}
    for side in (SubjectRole.VICTIM, SubjectRole.ALLEGED_OFFENDER):
        ids = [file.id for file in files if file.side is side]
        worked[side] = await store.who_worked(
            work.session, organisation_id=wall.organisation_id, files=ids, node=work.node.name
        )
    placed = sides(worked, assigned={})
    await store.put_staff(work.session, wall=wall, staff=placed, assigned_by=None, at=work.now)


def _warn(work: Work, wall: WallRow) -> None:
    """An alarm for the chief, and one for each side, which the other does not see."""
    for kind, concerning in ((STAFFED, wall.id), (BOTH_HERE, wall.hers), (BOTH_HERE, wall.his)):
        work.session.add(
            alarm(work, organisation_id=wall.organisation_id, kind=kind, concerning=concerning, within=timedelta())
        )


async def settle(work: Work, wall: WallRow) -> None:
    """The chief has seen to it: nobody is reminded any more."""
    for concerning in (wall.id, wall.hers, wall.his):
        await deadlines.meet(
            work.session, organisation_id=wall.organisation_id, concerning=concerning, at=work.now, kinds=KINDS
        )


async def _take_down(work: Work, wall: WallRow) -> None:
    await settle(work, wall)
    await store.take_down(work.session, wall=wall)
