"""A referral as a Task: how it stands, who may act, why. Nothing of the person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.health.fhir import labels
from services.health.fhir.elements import (
    GUIDE_CODES,
    Element,
    concept,
    extension,
    filled,
    foreign,
    identifier,
    instant,
    masked,
    meta,
    reference,
)
from services.health.fhir.patient import tells_of
from services.health.fhir.statuses import CAME_BY, SAID_BESIDES, TaskStatus, Withdrawn, task_status
from shared.casework.referrals.models import MoveOut, Referral
from shared.contract.vocabulary import ReasonCode, ReferralState, Side

FULFIL = {"coding": [foreign("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", "Fulfill the focal request")]}
RESULT = {"coding": [foreign(GUIDE_CODES, "resulting-activity", "Resulting Activity")]}
REASONS = "referral-reason"
SUGGESTED = "suggested-organization"


@dataclass(frozen=True)
class Followed:
    """A referral as one side reads it, the moves that are known there, and the examinations recorded for it there."""

    referral: Referral
    organisation: str
    moves: Sequence[MoveOut] = ()
    results: Sequence[UUID] = ()

    @property
    def last(self) -> MoveOut | None:
        """The move by which the state came, where it is one that has a reason."""
        came_by = CAME_BY.get(self.referral.state)
        return next((move for move in reversed(self.moves) if move.action is came_by), None)

    @property
    def reason(self) -> ReasonCode | None:
        """The reason of that move."""
        return self.last.reason if self.last else None

    @property
    def status(self) -> TaskStatus:
        """How it stands as a Task."""
        return task_status(self.referral.state, self.reason)

    @property
    def sender(self) -> str:
        """Who asks: the Task's requester."""
        return self.organisation if self.referral.side is Side.SENDER else self.referral.counterpart_id

    @property
    def receiver(self) -> str:
        """Who is asked: the Task's owner."""
        return self.organisation if self.referral.side is Side.RECEIVER else self.referral.counterpart_id


def task(one: Followed) -> Element:
    """The Task of a referral. Its id is the referral's."""
    referral = one.referral
    content = referral.content or {}
    return filled(
        resourceType="Task",
        id=str(referral.id),
        meta=meta(
            revision=referral.revision,
            updated_at=referral.updated_at,
            security=labels.of_referral(subject=referral.subject, purpose=referral.purpose, content=referral.content),
        ),
        extension=_suggested(referral),
        identifier=[identifier("referral", referral.id)],
        status=one.status.value,
        statusReason=_reason(one),
        businessStatus=concept(referral.state, of="referral-state") if referral.state in SAID_BESIDES else None,
        intent="order",
        priority=content.get("urgency"),
        code=FULFIL,
        focus=reference("ServiceRequest", referral.id),
        authoredOn=instant(referral.created_at),
        lastModified=instant(referral.updated_at),
        requester=reference("Organization", one.sender),
        owner=reference("Organization", one.receiver),
        output=[{"type": RESULT, "valueReference": reference("Procedure", result)} for result in one.results],
    ) | {"for": whom(referral)}


def whom(referral: Referral) -> Element:
    """Whom it is about: our own record; or the number by which the ServiceRequest names them; or masked."""
    if referral.person_id is not None:
        return reference("Patient", referral.person_id)
    if tells_of(referral.content or {}):
        return {"type": "Patient", "identifier": identifier("subject-of-referral", referral.id)}
    return {"type": "Patient", **masked()}


def _reason(one: Followed) -> Element | None:
    """The guide wants a text with each reason; where nobody wrote one, that is the code in words."""
    if one.last is None:
        return None
    if one.referral.state is ReferralState.WITHDRAWN:
        return concept(Withdrawn.WITHDRAWN, of=REASONS)
    if one.reason is None:
        return None
    said = concept(one.reason, of=REASONS)
    return said if one.last.text is None else {**said, "text": one.last.text}


def _suggested(referral: Referral) -> list[Element]:
    if referral.suggested is None:
        return []
    return [extension(SUGGESTED, valueReference=reference("Organization", referral.suggested))]
