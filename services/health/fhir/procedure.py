"""An examination as a Procedure: a result of a referral, which stays in health. Pure."""

from services.health.examinations.domain import ExaminationKind
from services.health.examinations.endpoints import Examination
from services.health.fhir.elements import Element, concept, filled, identifier, instant, masked, meta, reference
from services.health.fhir.labels import ADDICTION, REDACTED, VERY_RESTRICTED, VIOLENCE

KINDS = "examination-kind"


def procedure(one: Examination) -> Element:
    """The Procedure. Of what was erased, that there was one, and when."""
    labels = [VERY_RESTRICTED, VIOLENCE]
    labels += [ADDICTION] if one.kind is ExaminationKind.ADDICTOLOGY else []
    labels += [REDACTED] if one.findings is None else []
    return filled(
        resourceType="Procedure",
        id=str(one.id),
        meta=meta(revision=None, updated_at=one.examined_at, security=labels),
        identifier=[identifier("examination", one.id)],
        basedOn=[reference("ServiceRequest", one.referral_id)] if one.referral_id else [],
        status="completed",
        code=concept(one.kind, of=KINDS) if one.kind else masked(),
        subject=_whose(one),
        performedDateTime=instant(one.examined_at),
        note=[{"text": one.findings}] if one.findings is not None else [],
    )


def _whose(one: Examination) -> Element:
    if one.person_id is not None:
        return reference("Patient", one.person_id)
    return {"type": "Patient", **masked()}
