"""What the searches for Tasks and ServiceRequests have in common: both are views of the same referrals."""

from collections.abc import Callable, Collection, Sequence

from fastapi import Request

from services.health.fhir import store
from services.health.fhir.bundle import searchset
from services.health.fhir.elements import OURS, Element
from services.health.fhir.following import followed
from services.health.fhir.parameters import Asked
from services.health.fhir.statuses import task_status
from services.health.fhir.store import Such
from services.health.fhir.task import Followed
from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import Desk, note
from shared.casework.referrals.reading import as_read
from shared.contract.vocabulary import ReasonCode, ReferralState

MISTAKEN = (None, ReasonCode.SENT_BY_MISTAKE)


async def search(
    request: Request,
    desk: Desk,
    asked: Asked,
    such: Such,
    shape: Callable[[Followed], Element],
    *,
    include: Callable[[Followed], Element] | None = None,
) -> Element:
    """A page of an organisation's referrals in a shape, newest first; recorded as the same read as a box of them."""
    limit, whose = asked.count, desk.organisation
    rows = await store.page(desk.session, organisation_id=whose, such=such, cursor=asked.cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_REFERRAL, shown=[row.id for row in cut])
    found = await followed(desk, await as_read(desk, cut))
    included = [include(one) for one in found] if include else []
    return page_of(request, [shape(one) for one in found], following=following, included=included)


def page_of(
    request: Request, found: list[Element], *, following: str | None = None, included: Sequence[Element] = ()
) -> Element:
    """A page with its links."""
    here, url = f"{base(request)}/{request.url.path.rpartition('/')[2]}", request.url
    self_link = f"{here}?{url.query}" if url.query else here
    next_link = f"{here}?{url.include_query_params(_cursor=following).query}" if following else None
    return searchset(found, base=base(request), self_link=self_link, next_link=next_link, included=included)


def base(request: Request) -> str:
    """Where FHIR begins here: at the address that the service was told, or else at the one that was called."""
    public: str | None = request.app.state.settings.public_url
    return f"{(public or str(request.base_url)).rstrip('/')}/v1/fhir"


def standing(
    wanted: Collection[str] | None, status: Callable[[ReferralState, ReasonCode | None], str] = task_status
) -> list[tuple[ReferralState, bool]] | None:
    """The states that one of these statuses stands for, each with whether the referral was sent by mistake."""
    if wanted is None:
        return None
    pairs = [(state, reason) for state in ReferralState for reason in MISTAKEN]
    return [(state, reason is not None) for state, reason in pairs if status(state, reason) in wanted]


def system(name: str) -> str:
    """The URL of a code system of ours."""
    return f"{OURS}/CodeSystem/{name}"
