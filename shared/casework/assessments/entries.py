"""Joint assessments in the file of whose state is assessed: at who proposed them, and at who is invited."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.assessments import store
from shared.casework.assessments.reading import shown
from shared.casework.assessments.tables import AssessmentRow, InvitationRow, SignatureRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, either, entry, ids_of, latest
from shared.contract.filing import Noun, Way
from shared.contract.vocabulary import Side

KINDS = {
    "assessment": Words("бірлескен бағалау", "совместная оценка", "a joint assessment"),
    "assessment_answered": Words(
        "бірлескен бағалауға жауап", "ответ о совместной оценке", "an answer about a joint assessment"
    ),
    "assessment_signed": Words(
        "бірлескен бағалауға қол қойылды", "совместная оценка подписана", "a joint assessment was signed"
    ),
    "assessment_concluded": Words(
        "бірлескен бағалаудың қорытындысы", "итог совместной оценки", "the outcome of a joint assessment"
    ),
    "assessment_ended": Words(
        "бірлескен бағалау тоқтатылды", "совместная оценка прекращена", "a joint assessment ended"
    ),
}
ENDED = latest(col(AssessmentRow.concluded_at), col(AssessmentRow.ended_at))
# What an entry says of all that may be read of an assessment.
READ = {"assessment": ("room", "call_back"), "assessment_concluded": ("outcome",)}


def entries(case: Case) -> Sequence[Rows]:
    """That it was proposed, who answered and who signed, what it came to, and that it ended."""
    row, mine = AssessmentRow, case.of(AssessmentRow)
    here = col(row.side) == Side.SENDER
    common: dict[str, Any] = {
        "noun": Noun.ASSESSMENTS,
        "about": col(row.id),
        "referral": col(row.referral_id),
        "ended": ENDED,
    }
    by: dict[str, Any] = {"counterpart": col(row.counterpart_id)}
    said = {name: col(getattr(row, name)) for name in ("meets_at", "place", "seat", "basis", "answer_by", "answer")}
    states = ((col(row.ended_at), "ended"), (col(row.concluded_at), "concluded"), (col(row.agreed_at), "agreed"))
    state = sa.case(*((at.is_not(None), name) for at, name in states), else_="proposed")
    proposed = entry(
        "assessment",
        either(here, Way.SENT, Way.RECEIVED),
        at=col(row.created_at),
        state=state,
        codes=said,
        **by,
        **common,
    )
    theirs = either(here, Way.DONE, Way.RECEIVED)
    concluded = entry("assessment_concluded", theirs, at=col(row.concluded_at), **by, **common)
    over = entry("assessment_ended", theirs, at=col(row.ended_at), state=col(row.end), **by, **common)
    return [
        proposed.where(mine),
        concluded.where(mine, col(row.concluded_at).is_not(None)),
        over.where(mine, col(row.ended_at).is_not(None)),
        *(one.where(mine) for one in _of_others(common)),
    ]


def _of_others(common: dict[str, Any]) -> tuple[Rows, Rows]:
    """What those who are invited said to the round of now, and who has signed."""
    asked, signed = InvitationRow, SignatureRow
    answered = entry(
        "assessment_answered",
        Way.RECEIVED,
        at=col(asked.answered_at),
        key=(col(asked.invited_id),),
        counterpart=col(asked.invited_id),
        state=col(asked.answer),
        codes={"seat": col(asked.seat), "suggests": col(asked.suggests)},
        **common,
    )
    names = entry(
        "assessment_signed",
        either(col(signed.signer_id) == col(signed.organisation_id), Way.DONE, Way.RECEIVED),
        at=col(signed.signed_at),
        key=(col(signed.round), col(signed.seat)),
        counterpart=col(signed.signer_id),
        codes={"seat": col(signed.seat), "round": col(signed.round)},
        **common,
    )
    return answered.where(*_of(asked), col(asked.answered_at).is_not(None)), names.where(*_of(signed))


def _of(table: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(table.assessment_id) == col(AssessmentRow.id),
        col(table.organisation_id) == col(AssessmentRow.organisation_id),
    )


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """Where it is held, and what it came to, as far as that may still be read."""
    told = [one for one in entries if one.kind in READ]
    mine = (AssessmentRow.organisation_id == desk.organisation, col(AssessmentRow.id).in_(ids_of(told)))
    rows = (await desk.session.exec(select(AssessmentRow).where(*mine))).all()
    read = {one.id: one.model_dump(mode="json", exclude_none=True) for one in await shown(desk, rows)}
    return {
        one.id: {name: read[one.about][name] for name in READ[one.kind] if read[one.about].get(name)}
        for one in told
        if one.about in read
    }


async def forget(work: Work, row: AssessmentRow) -> None:
    """Who was invited and who signed goes with it, and its key."""
    for table in (InvitationRow, SignatureRow):
        mine = (col(table.assessment_id) == row.id, col(table.organisation_id) == row.organisation_id)
        await work.session.exec(delete(table).where(*mine))
    await vault.destroy(work.session, subject=store.subject(row), at=work.now)


SOURCE = Source(
    noun=Noun.ASSESSMENTS,
    tables=(AssessmentRow, InvitationRow, SignatureRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(AssessmentRow, ENDED, also=forget),),
)
