"""Take a step on a path, and tell the other side of it: on the duty, or on the court's decision, and else not."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from shared.adapters.audit import Action
from shared.adapters.http import Desk, found, invalid, note
from shared.adapters.outbox import Emitted, Outgoing, Work, emit
from shared.casework.directory import store as directory
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import labels_of
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.sending import fields_of_person
from shared.casework.treatment import store
from shared.casework.treatment.models import TreatmentPath, shown
from shared.casework.treatment.standing import known_steps, settle, stands
from shared.casework.treatment.tables import PathRow, StepRow
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.events import (
    Event,
    ExaminationEvaded,
    TreatmentDecided,
    TreatmentEnded,
    TreatmentMaterialsSent,
    TreatmentMoved,
)
from shared.contract.grounds import CourtDecision, Grounds
from shared.contract.treatment import BY_COURT, SINCE, after
from shared.contract.treatment_words import TreatmentStep
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency, Basis, Purpose, SubjectRole

# Who it is; his address and telephone are not among it.
HIS_NAME = frozenset({"family_name", "given_name", "patronymic", "birth_date", "sex", "iin"})


@dataclass(frozen=True)
class Doing:
    """A step that is to be taken. `details`: codes and days, as they are kept and told."""

    step: TreatmentStep
    on: date
    details: dict[str, Any] = field(default_factory=dict)


async def the_path(desk: Desk, path_id: UUID) -> PathRow:
    """The path, locked. Problem 404."""
    row = await store.get(desk.session, organisation_id=desk.organisation, path_id=path_id, lock=True)
    return found(row, "treatment path")


async def his_record(desk: Desk, person_id: UUID) -> PersonRow:
    """Problem 404, 410, 422 for another role, 409 for who is named nowhere."""
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    person = found(row, "person")
    await persons.known(desk.session, person)
    if person.role != SubjectRole.ALLEGED_OFFENDER:
        raise invalid("the path of compulsory treatment is an alleged offender's")
    if person.anonymous:
        raise Problem(409, "named-nowhere", "a patient who is anonymous has no name on this path either")
    return person


async def organisation_of(desk: Desk, named: str, agency: Agency) -> str:
    """Problem 422 for an organisation that is not known, of another agency, or without a node."""
    there = await directory.get(desk.session, organisation_id=named)
    if there is None or there.agency != agency or desk.node.trust.node_of(named) is None:
        raise invalid("the network knows no such organisation")
    return named


def check_day(desk: Desk, row: PathRow, day: date) -> None:
    """Problem 422 for a day to come, or before the path began: there need not be any limits for it."""
    if not max(row.began_on, SINCE) <= day <= local_day(desk.now):
        raise invalid("a step was taken since the path began, and not in the future")


async def take(desk: Desk, row: PathRow, doing: Doing) -> TreatmentPath:
    """Take a step: Problem 409 where it can't be taken now, 422 for a day to come."""
    check_day(desk, row, doing.on)
    steps = await known_steps(desk, row)
    if after(stands(row, steps), doing.step, desk.node.agency, row.began_on) is None:
        raise Problem(409, "not-now", "this step is not taken now, or not by this agency")
    await add(desk, row, doing)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="treatment_path", step=doing.step)
    return await as_shown(desk, row)


async def add(work: Work, row: PathRow, doing: Doing) -> Emitted:
    """Keep a step that can be taken, tell it, and see how the path stands then. Erasure never blocks it."""
    row.version += 1
    emitted = await _tell(work, row, doing)
    step = StepRow(
        organisation_id=row.organisation_id,
        path_id=row.id,
        version=row.version,
        by=work.node.agency,
        step=doing.step,
        on=doing.on,
        details=doing.details,
        kept_back_by=None if emitted.event_id is not None else emitted.decision.refusal,
        at=work.now,
    )
    await store.keep_step(work.session, step)
    await settle(work, row)
    return emitted


async def _tell(work: Work, row: PathRow, doing: Doing) -> Emitted:
    (words,) = await store.words_of(work.session, [row])
    person, mine = None, row.organisation_id
    if row.person_id is not None and doing.step in (T.EVADE, T.SEND_MATERIALS):
        person = await persons.get(work.session, organisation_id=mine, person_id=row.person_id)
    event = event_of(row, doing, await named(work, person))
    outgoing = Outgoing(
        event=event,
        sender=mine,
        recipient=row.counterpart_id,
        grounds=_grounds(doing, words.court),
        concerning=row.id,
        person_id=row.person_id,
        handling=labels_of(person) if person is not None else (),
    )
    return await emit(work, outgoing)


def event_of(row: PathRow, doing: Doing, name: dict[str, Any]) -> Event:
    """The event that tells of a step."""
    at: dict[str, Any] = {"path_id": row.id, "version": row.version}
    if doing.step is T.EVADE:
        return ExaminationEvaded(**at, evaded_on=doing.on, **name)
    if doing.step is T.SEND_MATERIALS:
        return TreatmentMaterialsSent.model_validate({**at, "sent_on": doing.on, **doing.details, **name})
    if doing.step in (T.ORDER_TREATMENT, T.DECLINE_TREATMENT):
        ordered = doing.step is T.ORDER_TREATMENT
        return TreatmentDecided.model_validate({**at, "decided_on": doing.on, "ordered": ordered, **doing.details})
    if doing.step is T.END:
        return TreatmentEnded.model_validate({**at, "ended_on": doing.on, **doing.details})
    return TreatmentMoved.model_validate({**at, "step": doing.step, "on": doing.on, **doing.details})


def _grounds(doing: Doing, court: CourtDecision | None) -> Grounds:
    by_court = doing.step in BY_COURT
    return Grounds(
        basis=Basis.COURT_DECISION if by_court else Basis.STATUTORY_DUTY,
        purpose=Purpose.COMPULSORY_TREATMENT,
        subject=SubjectRole.ALLEGED_OFFENDER,
        court=court if by_court else None,
    )


async def named(work: Work, person: PersonRow | None) -> dict[str, Any]:
    """Who it is, as far as that is known and was not erased."""
    known = (await persons.all_known(work.session, [person]))[0] if person is not None else None
    return {name: value for name, value in fields_of_person(known).items() if name in HIS_NAME}


async def as_shown(desk: Desk, row: PathRow) -> TreatmentPath:
    """The path as a call answers with it."""
    (words,) = await store.words_of(desk.session, [row])
    return shown(row, words, await known_steps(desk, row))
