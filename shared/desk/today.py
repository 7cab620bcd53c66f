"""Today: what waits for me."""

from fastapi import APIRouter, Request, Response

from shared.adapters.http import Reader
from shared.casework.deadlines.endpoints import list_deadlines, list_reminders
from shared.casework.referrals.endpoints import list_referrals
from shared.contract.vocabulary import ReferralState
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
}


@router.get("")
async def today(request: Request, desk: Reader) -> Response:
    """Referrals to answer, what is due, what passed: the newest first."""
    waiting = await list_referrals(desk, box="incoming", state=ReferralState.REQUESTED, limit=AT_MOST)
    sent = await list_referrals(desk, box="outgoing", state=ReferralState.REQUESTED, limit=AT_MOST)
    return render(
        request,
        "today.html",
        waiting=waiting.items,
        sent=sent.items,
        deadlines=(await list_deadlines(desk)).items,
        reminders=(await list_reminders(desk)).items[:AT_MOST],
        names=await names_of(desk, request),
        done_at=DONE_AT,
    )
