"""FHIR: the Task of a referral: read, search, move."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.health.fhir.answers import FhirRoute, strong, version
from services.health.fhir.asking import Asked, ChangedTask, asked_by
from services.health.fhir.elements import Element
from services.health.fhir.following import followed
from services.health.fhir.parameters import parameters
from services.health.fhir.searching import search, standing
from services.health.fhir.service_request import service_request
from services.health.fhir.store import Such
from services.health.fhir.task import task
from shared.adapters.http import Desk, IfMatch, Reader, Writer, check_match, etag, invalid
from shared.casework.referrals import endpoints as referrals
from shared.casework.referrals.models import Reasoned, Redirection, ReferralDetails, ReferralOutcome
from shared.contract.errors import Problem
from shared.contract.vocabulary import ReasonCode, ReferralAction

router = APIRouter(prefix="/fhir/Task", route_class=FhirRoute)
STATUS_SYSTEM = "http://hl7.org/fhir/task-status"
CODE_SYSTEM = "http://hl7.org/fhir/CodeSystem/task-code"
INCLUDED = "Task:focus"
SEARCHED = (
    "_id",
    "_lastUpdated",
    "_include",
    "authored-on",
    "code",
    "focus",
    "intent",
    "owner",
    "patient",
    "requester",
    "status",
)


@router.get("/{referral_id}")
async def read_task(referral_id: UUID, desk: Reader, response: Response) -> Element:
    """How a referral stands."""
    return await _answer(desk, await referrals.read_referral(referral_id, desk, response), response)


async def _answer(desk: Desk, referral: ReferralDetails, response: Response) -> Element:
    response.headers["ETag"] = version(referral.revision)
    return task((await followed(desk, [referral]))[0])


@router.get("")
async def search_tasks(request: Request, desk: Reader) -> Element:
    """Referrals that this organisation sent or received, as Tasks, newest first."""
    asked = parameters(request.query_params.multi_items(), known=SEARCHED)
    if asked.one("_include") not in (None, INCLUDED):
        raise invalid("_include is 'Task:focus'")
    never = _excluded(asked.tokens("code", systems=[CODE_SYSTEM]), "fulfill")
    never = never or _excluded(asked.tokens("intent", systems=["http://hl7.org/fhir/task-intent"]), "order")
    given = [asked.uuids("_id", "Task"), asked.uuids("focus", "ServiceRequest"), [] if never else None]
    such = Such(
        ids=_all_of([one for one in given if one is not None]),
        statuses=standing(asked.tokens("status", systems=[STATUS_SYSTEM])),
        senders=asked.ids("requester", "Organization"),
        receivers=asked.ids("owner", "Organization"),
        persons=asked.uuids("patient", "Patient"),
        updated=asked.spans("_lastUpdated"),
        authored=asked.spans("authored-on"),
    )
    return await search(request, desk, asked, such, task, include=service_request if asked.one("_include") else None)


def _excluded(codes: list[str] | None, only: str) -> bool:
    return codes is not None and only not in codes


def _all_of(given: list[list[UUID]]) -> set[UUID] | None:
    return set.intersection(*(set(one) for one in given)) if given else None


@router.put("/{referral_id}")
async def update_task(
    referral_id: UUID, changed: ChangedTask, desk: Writer, response: Response, if_match: IfMatch = None
) -> Element:
    """Its requester or owner moves a referral, as by the REST calls: the life cycle says what may follow what."""
    if changed.id != referral_id:
        raise Problem(422, "invalid-input", "the Task's id is not the one of its address")
    before = await referrals.read_referral(referral_id, desk, response)
    one = (await followed(desk, [before]))[0]
    wanted = asked_by(changed, one)
    match = strong(if_match)
    if wanted is None:
        check_match(match, before.revision, needed=False)
        return await _answer(desk, before, response)
    # What was decided upon is what is moved: in between nobody may have moved it.
    match = etag(before.revision) if match is None else match
    after = await MOVES[wanted.action](referral_id, wanted, desk, response, match)
    return await _answer(desk, after, response)


Move = Callable[[UUID, Asked, Desk, Response, str], Awaitable[ReferralDetails]]


def _why(asked: Asked) -> Reasoned:
    return Reasoned(reason=asked.reason or ReasonCode.OTHER, text=asked.text)


# Each action by the REST call that does it.
MOVES: dict[ReferralAction, Move] = {
    ReferralAction.ACCEPT: lambda row, _, desk, response, match: referrals.accept(row, desk, response, match),
    ReferralAction.DECLINE: lambda row, asked, desk, response, match: referrals.decline(
        row, _why(asked), desk, response, match
    ),
    ReferralAction.REDIRECT: lambda row, asked, desk, response, match: referrals.redirect(
        row, Redirection(**_why(asked).model_dump(), suggested=asked.suggested), desk, response, match
    ),
    ReferralAction.START: lambda row, _, desk, response, match: referrals.start(row, desk, response, match),
    ReferralAction.COMPLETE: lambda row, _, desk, response, match: referrals.complete(
        row, ReferralOutcome(), desk, response, match
    ),
    ReferralAction.FAIL: lambda row, asked, desk, response, match: referrals.complete(
        row, ReferralOutcome(failed=_why(asked)), desk, response, match
    ),
    ReferralAction.CANCEL: lambda row, asked, desk, response, match: referrals.cancel(
        row, _why(asked), desk, response, match
    ),
    ReferralAction.WITHDRAW: lambda row, _, desk, response, match: referrals.withdraw(row, desk, response, None, match),
}
