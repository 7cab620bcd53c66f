"""What events about joint assessments do: at who is invited, and at who proposed it (F4).

Whatever comes first, and however often, the copies come to stand alike: the highest round counts, an answer or a
signature counts for the round that it names alone, and the end beats everything.
"""

from typing import Any

from shared.adapters.inbox import Arrival
from shared.adapters.outbox import Work
from shared.casework.assessments import store
from shared.casework.assessments.concluding import agree, conclude
from shared.casework.assessments.ending import close
from shared.casework.assessments.tables import AssessmentRow, InvitationRow, SignatureRow
from shared.casework.consents import store as consents
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.referrals.store import PROOF
from shared.contract.assessment import ANSWER_DUE, Seat, may_sit, missing
from shared.contract.calendar import local_day
from shared.contract.events import AssessmentAnswered, AssessmentEnded, AssessmentProposed, AssessmentSigned, Event
from shared.contract.vocabulary import Side


async def on_assessment_proposed(arrival: Arrival, event: Event) -> None:
    """Keep when and where, and answer in time. Another round replaces what was said to the one before."""
    assert isinstance(event, AssessmentProposed)
    day = local_day(event.meets_at)
    if not _proposes(arrival) or not may_sit(event.seat, arrival.work.node.agency, on=day):
        return
    row = await _copy(arrival, event)
    if row is None or event.round < row.round:
        return
    is_new = event.round > row.round or row.meets_at is None
    if event.round > row.round:
        row.answer = row.agreed_at = None
    await _rest_on(arrival, row)
    row.round, row.seat, row.referral_id = event.round, event.seat, event.referral_id
    row.meets_at, row.place, row.answer_by = event.meets_at, event.place, event.answer_by
    row.agreed_at = row.agreed_at or (arrival.work.now if event.agreed else None)
    row.updated_at = arrival.work.now
    where = {"room": event.room, "call_back": event.call_back}
    await store.seal(arrival.work.session, row, where)
    if is_new:
        await _remind(arrival.work, row)


async def _copy(
    arrival: Arrival, event: AssessmentProposed | AssessmentSigned | AssessmentEnded
) -> AssessmentRow | None:
    """Our copy, locked; a new one if this is the first we hear. None if it has ended, or is another's."""
    mine, work = arrival.recipient, arrival.work
    row = await store.get(work.session, organisation_id=mine, assessment_id=event.assessment_id, lock=True)
    row = row or await store.add(
        work.session,
        AssessmentRow(
            id=event.assessment_id,
            organisation_id=mine,
            side=Side.RECEIVER,
            counterpart_id=arrival.sender,
            basis=arrival.grounds.basis,
            round=0,
            created_at=work.now,
            updated_at=work.now,
        ),
    )
    return row if row.counterpart_id == arrival.sender and row.ended_at is None else None


async def _rest_on(arrival: Arrival, row: AssessmentRow) -> None:
    """From now on it rests on these grounds."""
    grounds, session = arrival.grounds, arrival.work.session
    if grounds.consent is not None:
        await consents.remember(session, organisation_id=row.organisation_id, consent=grounds.consent)
    row.basis, row.consent_id = grounds.basis, grounds.consent.id if grounds.consent else None
    row.proof = grounds.model_dump(mode="json", include=PROOF, exclude_defaults=True)


async def _remind(work: Work, row: AssessmentRow) -> None:
    """One deadline at most: that of the answer to the round of now."""
    about: dict[str, Any] = {"organisation_id": row.organisation_id, "concerning": row.id}
    await deadlines.meet(work.session, **about, at=work.now)
    if row.answer is None and row.answer_by is not None and row.concluded_at is None:
        due = {**about, "kind": ANSWER_DUE, "due_on": row.answer_by, "remind_on": row.answer_by}
        work.session.add(day_deadline(work, **due))


def _proposes(arrival: Arrival) -> bool:
    """Whether they are who can propose one."""
    agency = arrival.work.node.trust.party(arrival.sender).agency
    return may_sit(Seat.OFFICER, agency, on=local_day(arrival.work.now))


async def on_assessment_answered(arrival: Arrival, event: Event) -> None:
    """What somebody who is invited said, to the round of now; once."""
    assert isinstance(event, AssessmentAnswered)
    found = await _proposed_here(arrival, event)
    if found is None or found[1].answer is not None:
        return
    row, invitation = found
    invitation.answer, invitation.suggests = event.answer, event.suggests
    invitation.answered_at, row.updated_at = event.at, arrival.work.now
    await store.seal_number(arrival.work.session, invitation, event.call_back)
    await arrival.work.session.flush()
    await agree(arrival.work, row)


async def on_assessment_signed(arrival: Arrival, event: Event) -> None:
    """At who proposed it a signature, which may be the last that is needed; elsewhere the outcome."""
    assert isinstance(event, AssessmentSigned)
    work = arrival.work
    mine = {"organisation_id": arrival.recipient, "assessment_id": event.assessment_id}
    row = await store.get(work.session, **mine, lock=True)  # type: ignore[arg-type]  # a literal
    if row is None or row.side == Side.RECEIVER:
        await _learn_outcome(arrival, event)
        return
    found = await _proposed_here(arrival, event)
    if found is None or event.challenging is None or event.seat != found[1].seat or row.concluded_at is not None:
        return
    signature = SignatureRow(
        assessment_id=row.id,
        organisation_id=row.organisation_id,
        round=event.round,
        seat=event.seat,
        signer_id=arrival.sender,
        signed_at=event.signed_at,
    )
    if await store.sign(work.session, signature, challenging=event.challenging):
        row.updated_at = work.now
        await conclude(work, row)


async def _learn_outcome(arrival: Arrival, event: AssessmentSigned) -> None:
    """It is kept only if it stands: with a signature of each seat that the law asks for."""
    if event.quorum is None or event.challenging is None or missing(event.quorum, on=event.held_on):
        return
    row = await _copy(arrival, event) if _proposes(arrival) else None
    if row is None or event.round < row.round or row.concluded_at is not None:
        return
    await _rest_on(arrival, row)
    row.round, row.concluded_at, row.updated_at = event.round, event.signed_at, arrival.work.now
    said = event.model_dump(
        mode="json", exclude_none=True, exclude={"assessment_id", "round", "seat", "held_on", "signed_at"}
    )
    await store.seal_outcome(arrival.work.session, row, said)
    await deadlines.meet(
        arrival.work.session, organisation_id=row.organisation_id, concerning=row.id, at=arrival.work.now
    )


async def on_assessment_ended(arrival: Arrival, event: Event) -> None:
    """There is none any more, even if it was not known here yet."""
    assert isinstance(event, AssessmentEnded)
    row = await _copy(arrival, event) if _proposes(arrival) else None
    if row is not None:
        await close(arrival.work, row, event.end)


async def _proposed_here(
    arrival: Arrival, event: AssessmentAnswered | AssessmentSigned
) -> tuple[AssessmentRow, InvitationRow] | None:
    """What was proposed here, locked, and the sender's invitation, if that is about its round of now."""
    session, mine = arrival.work.session, arrival.recipient
    row = await store.get(session, organisation_id=mine, assessment_id=event.assessment_id, lock=True)
    if row is None or row.side != Side.SENDER or row.ended_at is not None or row.round != event.round:
        return None
    invited = await store.invitations(session, organisation_id=mine, assessment_ids=[row.id])
    return next(((row, one) for one in invited if one.invited_id == arrival.sender), None)
