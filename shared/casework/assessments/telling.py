"""What organisations tell each other of an assessment, on the grounds that it was proposed on.

Who proposed it tells everyone who is invited, and they tell who proposed it, and nobody else: none of them learns from
the exchange who the others are.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.adapters.outbox import Outgoing, Work, emit
from shared.casework.assessments import store
from shared.casework.assessments.tables import AssessmentRow, InvitationRow
from shared.casework.consents import store as consents
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of, labels_of
from shared.casework.persons.details import Known
from shared.contract.capacity import Capacity
from shared.contract.decisions import Decision
from shared.contract.events import AssessmentProposed, Event
from shared.contract.grounds import Grounds, Handling
from shared.contract.vocabulary import Basis, Purpose, SubjectRole


@dataclass(frozen=True)
class Letter:
    """To whom something about an assessment can be said, and on which grounds."""

    row: AssessmentRow
    to: str
    grounds: Grounds
    handling: tuple[Handling, ...] = ()
    capacity: Capacity | None = None

    def saying(self, event: Event) -> Outgoing:
        """An event to them."""
        return Outgoing(
            event=event,
            sender=self.row.organisation_id,
            recipient=self.to,
            grounds=self.grounds,
            concerning=self.row.id,
            person_id=self.row.person_id,
            handling=self.handling,
            capacity=self.capacity,
        )


async def grounds_of(work: Work, row: AssessmentRow) -> Grounds:
    """On what everything about it relies, with the consent's terms as they are now."""
    consent_id: UUID | None = row.consent_id
    consent = None
    if consent_id is not None:
        consent = await consents.terms_now(work.session, row.organisation_id, consent_id)
    return Grounds(
        basis=Basis(row.basis),
        purpose=Purpose.JOINT_ASSESSMENT,
        subject=SubjectRole.VICTIM,
        consent=consent,
        **(row.proof or {}),
    )


async def known_of(work: Work, row: AssessmentRow) -> tuple[Known | None, tuple[Handling, ...]]:
    """What is known here of whom it is about, and the labels of what came from elsewhere."""
    if row.person_id is None:
        return None, ()
    person = await persons.get(work.session, organisation_id=row.organisation_id, person_id=row.person_id)
    if person is None:
        return None, ()
    return (await persons.all_known(work.session, [person]))[0], labels_of(person)


async def to_invited(work: Work, row: AssessmentRow) -> list[tuple[InvitationRow, Letter]]:
    """Everyone who is invited, with a letter to them from who proposed it."""
    grounds, (known, labels) = await grounds_of(work, row), await known_of(work, row)
    mine = {"organisation_id": row.organisation_id, "assessment_ids": [row.id]}
    invited = await store.invitations(work.session, **mine)  # type: ignore[arg-type]  # a literal
    capacity = capacity_of(known) if known is not None else None
    return [(one, Letter(row, one.invited_id, grounds, labels, capacity)) for one in invited]


async def to_proposer(work: Work, row: AssessmentRow) -> Letter:
    """A letter to who proposed it."""
    return Letter(row, row.counterpart_id or "", await grounds_of(work, row))


async def propose(work: Work, row: AssessmentRow) -> Decision | None:
    """Tell everyone when and where, and whether that is agreed. None, or a decision that lets it not leave to one.

    One who can't be told keeps it from nobody else: where it shall leave to all or to nobody, the caller sees to that.
    """
    ((where, _),) = await store.opened(work.session, [row])
    when = row.model_dump(include={"round", "meets_at", "place", "answer_by"})
    same = {"assessment_id": row.id, **when, **where, "agreed": row.agreed_at is not None}
    against = None
    for invitation, letter in await to_invited(work, row):
        theirs = {"seat": invitation.seat, "referral_id": invitation.referral_id}
        emitted = await emit(work, letter.saying(AssessmentProposed.model_validate({**same, **theirs})))
        if emitted.event_id is None:
            against = against or emitted.decision
    return against
