"""REST calls for webhooks: set one up, try it, see how its calls went, let it go on or tell again, end it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from shared.adapters import paging, webhook
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reviewer, TransactionalRoute, found, invalid, note
from shared.adapters.idempotency import forget_answers
from shared.adapters.settings import LOOPBACK, Settings
from shared.casework.changes.endpoints import place_of
from shared.casework.changes.models import Kind
from shared.casework.webhooks import store
from shared.casework.webhooks.calling import try_out
from shared.casework.webhooks.tables import WebhookRow
from shared.contract.errors import Problem, SettingsError

router = APIRouter(prefix="/webhooks", tags=["events"], route_class=TransactionalRoute)
MOST = 20  # of one organisation
TRIED_AT_ONCE = 2  # each keeps a connection to the database until it is answered
Url = Annotated[str, StringConstraints(min_length=8, max_length=2000, pattern=r"^[^\x00-\x20\x7f]*$")]
A_WEBHOOK: JsonDict = {"url": "https://his.example.kz/qorgau", "types": ["received.referral", "changed.referral"]}
FROM: JsonDict = {"after": "0d3c9a52-6f0e-9a43-5d1c-2b7b0b6c1f5e"}


class NewWebhook(BaseModel):
    """Whom to call about what. `types`: only these, or all that begin so; none: all. It begins with what is to come, or
    behind `after`, an event's id."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [A_WEBHOOK]})
    url: Url
    types: list[Kind] = Field(default=[], max_length=50)
    after: UUID | None = None


class Webhook(BaseModel):
    """A subscription. `failing_since`: since when nobody takes what is told; `next_try_at`: when it is tried again.
    `disabled_at`: it was given up, and waits for somebody to let it go on. `url`: null where it can't be read."""

    id: UUID
    url: str | None
    types: list[str]
    created_at: datetime
    failed_attempts: int
    failing_since: datetime | None
    next_try_at: datetime | None
    disabled_at: datetime | None


class WebhookWithSecret(Webhook):
    """As it was set up, with the secret that its calls are signed with (Standard Webhooks): it is shown this once."""

    secret: str


class Webhooks(BaseModel):
    """All of an organisation."""

    items: list[Webhook]


class WebhookDelivery(BaseModel):
    """One call. `type`: as one asks for it. `failure`: `Status500` and the like, or the kind of error; null where
    it was taken."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    event_id: UUID
    type: str
    attempt: int
    at: datetime
    ms: int
    failure: str | None


class TriedOut(BaseModel):
    """Whether a call that tells of nothing was taken; null for `failure` means that it was."""

    failure: str | None


class Replay(BaseModel):
    """From where to tell again: behind that event. Without it, on from where it stopped."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [FROM]})
    after: UUID | None = None


@router.post("", status_code=201, responses=problems(409))
async def set_up_webhook(
    body: NewWebhook, desk: Reviewer, request: Request, response: Response, _: OnceKey = None
) -> WebhookWithSecret:
    """Have a system of one's own called whenever something happens: with ids and kinds, of nobody a word."""
    _check(body.url, request.app.state.settings)
    if len(await store.of_organisation(desk.session, organisation_id=desk.organisation)) >= MOST:
        raise Problem(409, "too-many", f"an organisation has at most {MOST} webhooks: end one first")
    words = store.Words(url=body.url, secret=webhook.new_secret())
    row = WebhookRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        sealed=None,
        types=body.types,
        position=await _begins(desk, body.after),
        created_at=desk.now,
        not_before=desk.now,
    )
    await store.seal(desk.session, row, words)
    desk.session.add(row)
    await note(desk, Action.WEBHOOK_CHANGED, row.id, made=True)
    response.headers["Location"] = f"/v1/webhooks/{row.id}"
    return WebhookWithSecret(**_shown(row, words).model_dump(), secret=words.secret)


async def _begins(desk: Desk, after: UUID | None) -> int:
    return await place_of(desk.session, organisation_id=desk.organisation, after=after or "now")


def _check(url: str, settings: Settings) -> None:
    """Problem 422 for an address that can't be called."""
    try:
        host = webhook.check(url)
    except SettingsError as error:
        raise invalid(str(error)) from None
    if host in LOOPBACK and not settings.webhooks_private:
        raise invalid("a webhook does not lead to this host itself (the operator can allow it)")


@router.get("")
async def list_webhooks(desk: Reviewer) -> Webhooks:
    """Whom this organisation has called."""
    rows = await store.of_organisation(desk.session, organisation_id=desk.organisation)
    words = await store.words_of(desk.session, rows)
    return Webhooks(items=[_shown(row, said) for row, said in zip(rows, words, strict=True)])


@router.get("/{webhook_id}")
async def read_webhook(webhook_id: UUID, desk: Reviewer) -> Webhook:
    """One, and how it goes with it."""
    return await _read(desk, await _find(desk, webhook_id))


@router.delete("/{webhook_id}", status_code=204)
async def end_webhook(webhook_id: UUID, desk: Reviewer) -> None:
    """Call there no more. The log of its calls goes with it."""
    row = await _find(desk, webhook_id, for_update=True)
    await store.remove(desk.session, row)
    await forget_answers(desk.session, organisation_id=desk.organisation, concerning=row.id)
    await note(desk, Action.WEBHOOK_CHANGED, row.id, ended=True)


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(
    webhook_id: UUID, desk: Reviewer, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[WebhookDelivery]:
    """How its calls went, newest first; they are kept for 30 days."""
    row = await _find(desk, webhook_id)
    rows: Any = await store.deliveries(desk.session, webhook_id=row.id, cursor=cursor, limit=limit)
    shown, more = paging.cut(rows, limit, at="at")
    return paging.Page[WebhookDelivery](items=[WebhookDelivery.model_validate(one) for one in shown], next=more)


@router.post("/{webhook_id}/test", responses=problems(409))
async def test_webhook(webhook_id: UUID, desk: Reviewer, request: Request) -> TriedOut:
    """Call it now, with an event of type `kz.qorgau.test.v1` that tells of nothing."""
    row = await _find(desk, webhook_id)
    under_way: set[str] = request.app.state.trying
    if desk.organisation in under_way or len(under_way) >= TRIED_AT_ONCE:
        raise Problem(409, "not-now", "another test call is under way: wait until it has been answered")
    under_way.add(desk.organisation)
    try:
        await note(desk, Action.WEBHOOK_CHANGED, row.id, tried=True)
        return TriedOut(failure=await try_out(desk, row, request.app.state.settings))
    finally:
        under_way.discard(desk.organisation)


@router.post("/{webhook_id}/replay", responses=problems(409))
async def replay_webhook(webhook_id: UUID, body: Replay, desk: Reviewer, _: OnceKey = None) -> Webhook:
    """Let it go on at once, also where it was given up; or tell again, or leave out, what lies behind an event."""
    row = await _find(desk, webhook_id, for_update=True)
    if body.after is not None:
        row.position = await _begins(desk, body.after)
    row.attempts, row.failing_since, row.disabled_at, row.not_before = 0, None, None, desk.now
    await note(desk, Action.WEBHOOK_CHANGED, row.id, replayed=True)
    return await _read(desk, row)


async def _find(desk: Desk, webhook_id: UUID, *, for_update: bool = False) -> WebhookRow:
    """Problem 404 where this organisation has none such."""
    row = await store.get(desk.session, organisation_id=desk.organisation, webhook_id=webhook_id, for_update=for_update)
    return found(row, "webhook")


async def _read(desk: Desk, row: WebhookRow) -> Webhook:
    (words,) = await store.words_of(desk.session, [row])
    return _shown(row, words)


def _shown(row: WebhookRow, words: store.Words | None) -> Webhook:
    return Webhook(
        id=row.id,
        url=words.url if words else None,
        types=row.types,
        created_at=row.created_at,
        failed_attempts=row.attempts,
        failing_since=row.failing_since,
        next_try_at=row.not_before if row.failing_since and row.disabled_at is None else None,
        disabled_at=row.disabled_at,
    )
