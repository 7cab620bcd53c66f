"""Referrals in the file, with their moves, what was done about unanswered ones, and the bed that is held."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.escalation.tables import StepRow
from shared.casework.files.source import Case, Removed, Rows, Source, Told, either, entry, id_of, ids_of
from shared.casework.messages.tables import MessageRow
from shared.casework.progress import store as progress
from shared.casework.progress.tables import ProgressRow
from shared.casework.referrals import store
from shared.casework.referrals.reading import readable
from shared.casework.referrals.tables import MoveRow, ReferralRow
from shared.casework.walls.noticing import forget_walls
from shared.contract.filing import Noun, Way
from shared.contract.vocabulary import ReferralAction, Side
from shared.contract.vocabulary import ReferralState as State

OPEN = (State.REQUESTED, State.ACCEPTED, State.IN_PROGRESS)
KINDS = {
    "referral": Words("жолдама", "направление", "a referral"),
    "referral_moved": Words("жолдама күйінің өзгеруі", "изменение направления", "a referral was moved"),
    "escalation_step": Words(
        "жауапсыз жолдама туралы қадам", "шаг по направлению без ответа", "a step about an unanswered referral"
    ),
}
# Since when a referral is over; null while it is not.
ENDED = sa.case((col(ReferralRow.state).not_in(OPEN), col(ReferralRow.updated_at)))


def ended_of(table: Any) -> sa.ColumnElement[Any]:
    """The same of the referral that a row of another table belongs to."""
    mine = (col(ReferralRow.id) == table.referral_id, col(ReferralRow.organisation_id) == table.organisation_id)
    return sa.select(ENDED).where(*mine).correlate(table).scalar_subquery()


def entries(case: Case) -> Sequence[Rows]:
    """That it was sent or came, each move of either side, and each step about one that nobody answered."""
    row, mine = ReferralRow, [col(ReferralRow.organisation_id) == case.organisation_id]
    said = {name: col(getattr(row, name)) for name in ("purpose", "subject", "basis", "hold", "hold_state", "replaces")}
    made = entry(
        "referral",
        either(col(row.side) == Side.SENDER, Way.SENT, Way.RECEIVED),
        noun=Noun.REFERRALS,
        at=col(row.created_at),
        about=col(row.id),
        ended=ENDED,
        referral=col(row.id),
        counterpart=col(row.counterpart_id),
        state=col(row.state),
        codes=said | {"consent_id": col(row.consent_id), "erased_at": col(row.erased_at)},
    )
    return [made.where(*mine, col(row.id) == sa.any_(case.referrals)), _moves(case), _steps(case)]


def _moves(case: Case) -> Rows:
    row = MoveRow
    moved = entry(
        "referral_moved",
        either(col(row.author_id) == case.organisation_id, Way.SENT, Way.RECEIVED),
        noun=Noun.REFERRALS,
        at=col(row.at),
        about=col(row.referral_id),
        key=(col(row.version), col(row.side), col(row.author_id)),
        ended=ended_of(row),
        referral=col(row.referral_id),
        counterpart=col(row.author_id),
        state=col(row.action),
        codes={"reason": col(row.reason), "suggested": col(row.suggested)},
    )
    return moved.where(case.of(row))


def _steps(case: Case) -> Rows:
    row = StepRow
    open_ = sa.and_(col(row.done_at).is_(None), col(row.moot_at).is_(None))
    state = sa.case((open_, "planned"), (col(row.done_at).is_not(None), "taken"), else_="not_needed")
    step = entry(
        "escalation_step",
        either(open_, Way.DUE, Way.DONE),
        noun=Noun.REFERRALS,
        at=col(row.due_at),
        about=col(row.referral_id),
        key=(col(row.step),),
        ended=ended_of(row),
        referral=col(row.referral_id),
        state=state,
        codes={"step": col(row.step), "rule": col(row.row), "next_organisation": col(row.next_organisation)},
    )
    return step.where(case.of(row))


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """What crossed, as far as it may still be read; and what was written with moves."""
    whose = ReferralRow.organisation_id == desk.organisation
    query = select(ReferralRow).where(whose, col(ReferralRow.id).in_(ids_of(entries)))
    rows = list((await desk.session.exec(query)).all())
    found: dict[UUID, dict[str, Any]] = {}
    for row, content in zip(rows, await store.contents(desk.session, rows), strict=True):
        may_be_read = await readable(desk, row, content) or {}
        found[id_of("referral", row.id)] = {name: value for name, value in may_be_read.items() if value is not None}
    mine = MoveRow.organisation_id == desk.organisation
    moves = (await desk.session.exec(select(MoveRow).where(mine, col(MoveRow.referral_id).in_(ids_of(entries))))).all()
    for move, text in zip(moves, await store.texts(desk.session, moves), strict=True):
        if text:
            found[id_of("referral_moved", move.referral_id, move.version, move.side, move.author_id)] = {"text": text}
    return found


async def forget(work: Work, row: ReferralRow) -> None:
    """With a referral goes all that hangs on it, what finds whom it tells of, and its keys.

    That somebody withdrew stays, as the accounting does: by that it is known that it was erased there.
    """
    whose = row.organisation_id
    for told in await progress.of_referral(work.session, organisation_id=whose, referral_id=row.id):
        await vault.destroy(work.session, subject=progress.subject_of(told), at=work.now, renewable=True)
    for table in (MoveRow, StepRow, MessageRow, ProgressRow):
        mine = [col(table.organisation_id) == whose, col(table.referral_id) == row.id]
        if table is MoveRow:
            mine.append(col(MoveRow.action) != ReferralAction.WITHDRAW)
        await work.session.exec(delete(table).where(*mine))
    await forget_walls(work, organisation_id=whose, file_id=row.id)
    for kept in (row.id, store.retained_id(row.id)):
        await vault.destroy(work.session, subject=vault.Subject(whose, kept), at=work.now)


SOURCE = Source(
    noun=Noun.REFERRALS,
    tables=(ReferralRow, MoveRow, StepRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(ReferralRow, col(ReferralRow.updated_at), col(ReferralRow.state).not_in(OPEN), also=forget),),
)
