"""Sessions at the desk: begun by signing in, seen with every page, ended by leaving, idleness or age."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from sqlmodel import col, delete, select

from shared.adapters import vault
from shared.adapters.claims import Claims
from shared.adapters.database import WHOLE_NODE
from shared.adapters.identity import Caller
from shared.adapters.outbox import Work
from shared.adapters.settings import Settings
from shared.desk.tables import DeskSession

COOKIE = "qorgau-desk"
PATH = "/desk"
LIVE = f"{PATH}/live"
SALT = 32  # characters
SEEN_EVERY = timedelta(seconds=30)  # a row is not written with every picture of a page


@dataclass(frozen=True)
class Signed:
    """Somebody who is signed in. `key` is the browser's secret."""

    key: str
    name: str
    caller: Caller
    ends_at: datetime

    @property
    def form_key(self) -> str:
        """What a form of this session carries, and a page of another site can't know.

        Another one in each form: what stays the same in pages that are compressed could be guessed by their length.
        """
        return self._form_key(secrets.token_hex(SALT // 2))

    def knows(self, form_key: str) -> bool:
        """Whether a page of this session carried it."""
        return hmac.compare_digest(form_key.encode(), self._form_key(form_key[:SALT]).encode())

    def _form_key(self, salt: str) -> str:
        return salt + hmac.new(self.key.encode(), b"form" + salt.encode(), hashlib.sha256).hexdigest()


async def begin(state: Any, claims: Claims) -> str:
    """A new session for who signed in: its key. Raises Problem 403 where they have nothing to do here."""
    caller: Caller = state.identity.whose(claims)
    key, now = secrets.token_urlsafe(32), state.clock()
    async with state.database.transaction(organisation=caller.organisation) as session:
        row = DeskSession(
            id=_fingerprint(key),
            organisation_id=caller.organisation,
            created_at=now,
            seen_at=now,
            ends_at=now + timedelta(seconds=state.settings.desk_longest),
        )
        whose = vault.Subject(caller.organisation, vault.NOBODY)
        row.sealed = await vault.close(session, place=_place(row.id), subject=whose, value=claims)
        session.add(row)
    return key


async def find(request: Request) -> Signed | None:
    """Who the browser's key belongs to; None where the session ended or has been idle for too long."""
    key, state = request.cookies.get(COOKIE), request.app.state
    if not key:
        return None
    now: datetime = state.clock()
    async with state.database.transaction(organisation=WHOLE_NODE) as session:
        row = (await session.exec(select(DeskSession).where(DeskSession.id == _fingerprint(key)))).first()
        ends_at = None if row is None else min(row.ends_at, row.seen_at + timedelta(seconds=state.settings.desk_idle))
        if row is None or ends_at is None or ends_at <= now:
            return None
        claims = await vault.open_(session, place=_place(row.id), sealed=row.sealed)
        if claims is None:
            return None
        if now - row.seen_at > SEEN_EVERY and not _by_itself(request):
            row.seen_at = now
    caller = state.identity.whose(claims)
    return Signed(key, str(claims.get("name") or caller.subject), caller, ends_at)


def idle_since(settings: Settings, now: datetime) -> datetime:
    """A session that was not seen since then has ended."""
    return now - timedelta(seconds=settings.desk_idle)


def _by_itself(request: Request) -> bool:
    """Whether the page asked, and not the one who sits before it: that does not keep a session alive."""
    return request.headers.get("hx-request") == "true" or request.url.path == LIVE


async def end(request: Request, key: str) -> None:
    """End a session, wherever its key is still kept."""
    async with request.app.state.database.transaction(organisation=WHOLE_NODE) as session:
        await session.exec(delete(DeskSession).where(col(DeskSession.id) == _fingerprint(key)))


async def delete_ended(work: Work) -> int:
    """Delete the sessions whose time is over."""
    return (await work.session.exec(delete(DeskSession).where(col(DeskSession.ends_at) <= work.now))).rowcount


def hand_over(response: Response, request: Request, key: str) -> None:
    """Give the browser its key: not to scripts, not to other sites, not in the clear but on this host itself."""
    response.set_cookie(COOKIE, key, path=PATH, httponly=True, samesite="lax", secure=request.url.scheme == "https")


def forget(response: Response) -> None:
    """Take the key from the browser."""
    response.delete_cookie(COOKIE, path=PATH)


def _fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _place(row_id: str) -> vault.Place:
    return vault.Place("desk_sessions", row_id)
