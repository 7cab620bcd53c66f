"""Today: what waits for me; and that it does, for who asked to be told while the page lies in the background."""

from fastapi import APIRouter, Request, Response

from shared.adapters.http import Reader
from shared.casework.deadlines.endpoints import list_deadlines, list_reminders
from shared.casework.notifications.kinds import lines
from shared.casework.notifications.waiting import counted, waiting
from shared.casework.referrals.endpoints import list_referrals
from shared.casework.warnings.endpoints import list_warnings
from shared.contract.vocabulary import ReferralState
from shared.desk.language import of_request
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, render

router = APIRouter(route_class=PageRoute)
AT_MOST = 20
# On which page something that is due is done; its id follows where the path ends with a stroke.
DONE_AT = {
    "refusal_notice": "/desk/refusals/",
    "report_received": "/desk/reports/",
    "report_registered": "/desk/reports/",
    "referral_answered": "/desk/referrals/",
    "order_ends": "/desk/orders",
    "guardian_answers": "/desk/guardianship/",
    "emergency_review": "/desk/emergencies",
    "register_review": "/desk/registers/",
    "comparison_answer": "/desk/comparisons/",
    "registers_reconciled": "/desk/comparisons",
    "wall_staffed": "/desk/walls",
    "both_parties_here": "/desk/walls",
    "court_decides": "/desk/treatment/",
    "treatment_ends": "/desk/treatment/",
    "agreement_answer": "/desk/agreements/",
    "agreement_signatures": "/desk/agreements/",
    "agreement_ends": "/desk/agreements/",
    "letter_confirmed": "/desk/letters/",
    "letter_recalled": "/desk/letters/",
    "inquiry_answer": "/desk/inquiries/",
    "inquiry_awaited": "/desk/inquiries/",
    "plan_review": "/desk/plans/",
    "assessment_answer": "/desk/assessments/",
}


@router.get("")
async def today(request: Request, desk: Reader) -> Response:
    """Referrals to answer, what is due, what passed: the newest first."""
    things = await waiting(desk.session, organisation_id=desk.organisation, now=desk.now)
    to_answer = await list_referrals(desk, box="incoming", state=ReferralState.REQUESTED, limit=AT_MOST)
    sent = await list_referrals(desk, box="outgoing", state=ReferralState.REQUESTED, limit=AT_MOST)
    return render(
        request,
        "today.html",
        things=sorted(f"{thing.kind}-{thing.id}" for thing in things),
        says=lines(counted(things), of_request(request)),
        waiting=to_answer.items,
        sent=sent.items,
        deadlines=(await list_deadlines(desk)).items,
        reminders=(await list_reminders(desk)).items[:AT_MOST],
        warnings=(await list_warnings(desk, limit=AT_MOST, unread=True)).items,
        names=await names_of(desk, request),
        done_at=DONE_AT,
    )
