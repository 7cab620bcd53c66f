"""One decision explained at the desk: what may leave and what stays, in the case that is described, by which rule."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response

from shared.adapters.http import Desk, Reader
from shared.casework.disclosures import words
from shared.casework.disclosures.accounting import rule_of
from shared.contract.calendar import local_day
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import Decision, decide
from shared.contract.grounds import CourtDecision, Emergency, Grounds
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Purpose, SubjectRole
from shared.desk.pages import PageRoute, query, render
from shared.desk.rules import chosen, code

router = APIRouter(prefix="/rules", route_class=PageRoute)
SOME_ID = UUID(int=1)  # the policy never looks at it


@dataclass(frozen=True)
class Described:
    """The case, as the form says it. `opened`: what a consent, if it rests on one, lets leave."""

    event: EventType = EventType.REFERRAL_REQUESTED
    to: Agency = Agency.SHELTER
    subject: SubjectRole = SubjectRole.VICTIM
    purpose: Purpose = Purpose.LODGING
    basis: Basis = Basis.CONSENT
    opened: frozenset[DataCategory] = frozenset()
    anonymous: bool = False


@router.get("/explain")
async def explain(request: Request, desk: Reader) -> Response:
    """What the rules say of a case that nobody has to have: nothing is sent, and nobody is named."""
    case = described(request)
    decision = decided(desk, case)
    return render(
        request,
        "explain.html",
        case=case,
        decision=decision,
        refusal=None if decision.permitted else rule_of(decision.refusal),
        leaves={one: [rule_of(rule) for rule in decision.openers(one)] for one in sorted(decision.categories)},
        stays={one: rule_of(rule) for one, rule in sorted(decision.withheld.items())},
        words=words,
        events=sorted({one for row in chosen(PERMITS, desk, None, None, None) for one in row.events}),
        choices={"to": Agency, "subject": SubjectRole, "purpose": Purpose, "basis": Basis},
        categories=sorted(DataCategory),
    )


def described(request: Request) -> Described:
    """The case of the query; what is no code stays as it is where nothing is said."""
    said, usual = query(request), Described()
    named = {one for one in request.query_params.getlist("opened") if one in set(DataCategory)}
    return Described(
        event=code(EventType, said.get("event")) or usual.event,
        to=code(Agency, said.get("to")) or usual.to,
        subject=code(SubjectRole, said.get("subject")) or usual.subject,
        purpose=code(Purpose, said.get("purpose")) or usual.purpose,
        basis=code(Basis, said.get("basis")) or usual.basis,
        opened=frozenset(DataCategory(one) for one in named),
        anonymous="anonymous" in said,
    )


def decided(desk: Desk, case: Described) -> Decision:
    """What is decided here and now of such a case, with the agreements that bind this organisation."""
    sender, recipient = Party(desk.node.agency, desk.organisation), Party(case.to, case.to)
    return decide(
        case.event,
        sender=sender,
        recipient=recipient,
        grounds=_grounds(desk, case),
        at=desk.now,
        circumstances=Circumstances(agreements=desk.node.agreements),
    )


def _grounds(desk: Desk, case: Described) -> Grounds:
    """A consent that was given here yesterday, an emergency that was declared here, a decision that binds: what the
    basis asks for is there."""
    day, today = timedelta(days=1), local_day(desk.now)
    consent = Consent(
        id=SOME_ID,
        recorded_by=desk.organisation,
        purposes=frozenset({case.purpose}),
        recipients=frozenset({case.to}),
        categories=case.opened,
        given_at=desk.now - day,
        valid_until=desk.now + day,
    )
    hour = timedelta(hours=1)
    danger = Emergency(id=SOME_ID, declared_by=desk.organisation, declared_at=desk.now - hour, until=desk.now + hour)
    return Grounds(
        basis=case.basis,
        purpose=case.purpose,
        subject=case.subject,
        consent=consent if case.basis is Basis.CONSENT else None,
        emergency=danger if case.basis is Basis.EMERGENCY else None,
        court=CourtDecision(number="1", decided_on=today, until=today) if case.basis is Basis.COURT_DECISION else None,
        anonymous=case.anonymous,
    )
