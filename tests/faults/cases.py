"""Cases that two services play while something breaks, and what must be true of both databases afterwards."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from deploy.demo.office import eventually
from shared.contract.vocabulary import Agency
from tests.faults.figures import Figures
from tests.faults.two import SHELTER, Two, insist

REFERRAL: dict[str, Any] = {
    "to": {"organisation": SHELTER},
    "purpose": "lodging",
    "basis": {"kind": "no_personal_data"},
    "household": {"adults": 1, "children": 0},
    "call_back": "+7 727 000 01 02",
}
OTHER = {Agency.POLICE: Agency.SHELTER, Agency.SHELTER: Agency.POLICE}
WAITING = "select 1 from outbox where next_attempt_at is not null union all select 1 from inbox where receipt_due"
SEEN = """
select id::text, state,
    (select count(*) from referral_moves m where m.referral_id = r.id),
    (select count(*) from messages m where m.referral_id = r.id)
from referrals r
"""
# What tables may not lose, and may not get twice.
KEYS = {"outbox": "id", "inbox": "event_id", "referrals": "id", "quarantine": "id"}
APPLIED = "select details ->> 'event_id' from audit where action = 'received'"


@dataclass
class Cases:
    """Referrals whose calls were answered, and what was there before them."""

    both: Two
    deaths: int
    before: dict[tuple[Agency, str], set[str]]
    answered: list[str] = field(default_factory=list)

    async def play(self, count: int = 1) -> None:
        """So many cases at once: referred, accepted, and each side writes to the other."""
        await asyncio.gather(*(self._play() for _ in range(count)))

    async def refer(self) -> str:
        """The police refer somebody. It is answered; whether it has arrived is another question."""
        referral = str((await insist(self.both.officer, "/referrals", REFERRAL))["id"])
        self.answered.append(referral)
        return referral

    async def answer(self, referral: str) -> None:
        """The shelter accepts, and they write to each other."""
        await eventually("the referral arrives", lambda: self._is_there(referral))
        await insist(self.both.warden, f"/referrals/{referral}/accept")
        words = {"body": "Ждём её до вечера."}
        workers = (self.both.officer, self.both.warden)
        await asyncio.gather(*(insist(worker, f"/referrals/{referral}/messages", words) for worker in workers))

    async def _play(self) -> None:
        await self.answer(await self.refer())

    async def _is_there(self, referral: str) -> bool:
        """Not to be seen while the database is down."""
        try:
            return referral in await self.new(Agency.SHELTER, "referrals")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    async def nothing_is_lost_or_done_twice(self, *, others: int = 0) -> Figures:
        """Wait until nobody has anything to send; then every answered call took effect at both, once, and no other did.

        `others`: how many processes besides the two were killed.
        """
        await eventually("everything has its receipt", self._all_settled)
        figures = Figures(kills=self.both.deaths() - self.deaths + others)
        for sender, receiver in OTHER.items():
            figures += await self._crossed(sender, receiver)
        expected = [(referral, "accepted", 1, 2) for referral in sorted(self.answered)]
        for agency in OTHER:
            mine = await self.new(agency, "referrals")
            seen = sorted(tuple(row) for row in await self.both.ask(agency, SEEN) if row[0] in mine)
            assert seen == expected, agency
            assert not await self.new(agency, "quarantine")
        return figures

    async def new(self, agency: Agency, table: str) -> set[str]:
        """The keys of what came since the beginning."""
        return await _keys(self.both, agency, table) - self.before[agency, table]

    async def _all_settled(self) -> bool:
        return not any([await self.both.ask(agency, WAITING) for agency in OTHER])

    async def _crossed(self, sender: Agency, receiver: Agency) -> Figures:
        sent, came = await self.new(sender, "outbox"), await self.new(receiver, "inbox")
        rows = await self.both.ask(sender, "select id::text, state, attempts from outbox")
        mine = [row for row in rows if row["id"] in sent]
        assert {row["state"] for row in mine} == {"received"}
        applied = [row[0] for row in await self.both.ask(receiver, APPLIED) if row[0] in sent]
        assert len(applied) == len(set(applied))
        assert came == sent == set(applied)
        copies = sum(row["attempts"] - 1 for row in mine)
        return Figures(events=len(sent), duplicates=copies, lost=len(sent - came))


async def begin(both: Two) -> Cases:
    """No case yet. Nothing of earlier ones is on its way."""
    before = {(agency, table): await _keys(both, agency, table) for agency in OTHER for table in KEYS}
    return Cases(both, both.deaths(), before)


async def _keys(both: Two, agency: Agency, table: str) -> set[str]:
    return {str(row[0]) for row in await both.ask(agency, f"select {KEYS[table]} from {table}")}  # noqa: S608  # KEYS
