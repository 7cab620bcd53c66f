"""When who proposed an assessment knows that it is agreed, and that its outcome stands: both told to who takes part."""

from datetime import date
from typing import Any

from shared.adapters.outbox import Work, emit
from shared.casework.assessments import store
from shared.casework.assessments.tables import AssessmentRow
from shared.casework.assessments.telling import known_of, propose, to_invited
from shared.casework.deadlines import store as deadlines
from shared.contract.assessment import ANSWER_DUE, AssessmentAnswer, Seat, missing, outcome
from shared.contract.calendar import local_day
from shared.contract.events import AssessmentSigned

HER_NAME = ("family_name", "given_name", "patronymic", "birth_date")


def held_on(row: AssessmentRow) -> date:
    """The day whose rows count for it."""
    return local_day(row.meets_at or row.created_at)


async def agree(work: Work, row: AssessmentRow) -> None:
    """Once all have answered nothing is waited for; once all whose signatures it needs come, everyone is told."""
    mine = {"organisation_id": row.organisation_id, "assessment_ids": [row.id]}
    invited = await store.invitations(work.session, **mine)  # type: ignore[arg-type]  # a literal
    if all(one.answer is not None for one in invited):
        await deadlines.meet(
            work.session, organisation_id=row.organisation_id, concerning=row.id, at=work.now, kinds=(ANSWER_DUE,)
        )
    come = {Seat(one.seat) for one in invited if one.answer == AssessmentAnswer.ACCEPTED}
    if row.agreed_at is None and not missing({*come, Seat.OFFICER}, on=held_on(row)):
        row.agreed_at = row.updated_at = work.now
        await propose(work, row)


async def conclude(work: Work, row: AssessmentRow) -> None:
    """If the signatures suffice the outcome stands, and each who took part is told it, and whose it is."""
    mine = {"organisation_id": row.organisation_id, "assessment_ids": [row.id]}
    every = await store.signatures(work.session, **mine)  # type: ignore[arg-type]  # a literal
    rows = [one for one in every if one.round == row.round]
    said = await store.signed(work.session, rows)
    signed = {Seat(one.seat): what for one, what in zip(rows, said, strict=True) if what is not None}
    found = outcome(signed, on=held_on(row))
    if found is None or row.concluded_at is not None:
        return
    quorum = sorted(missing((), on=held_on(row)))
    row.concluded_at = row.updated_at = work.now
    said_of_it = {"challenging": found, "quorum": quorum}
    await store.seal_outcome(work.session, row, said_of_it)
    await _tell(work, row, {**said_of_it, **await _her_name(work, row)}, signers={one.signer_id for one in rows})


async def _tell(work: Work, row: AssessmentRow, said: dict[str, Any], *, signers: set[str]) -> None:
    """Who took part: who had accepted, or has signed."""
    here = {"assessment_id": row.id, "round": row.round, "seat": Seat.OFFICER}
    event = AssessmentSigned.model_validate({**here, "held_on": held_on(row), "signed_at": work.now, **said})
    for invitation, letter in await to_invited(work, row):
        if invitation.answer == AssessmentAnswer.ACCEPTED or letter.to in signers:
            await emit(work, letter.saying(event))


async def _her_name(work: Work, row: AssessmentRow) -> dict[str, Any]:
    known, _ = await known_of(work, row)
    return {name: getattr(known, name) for name in HER_NAME} if known is not None else {}
