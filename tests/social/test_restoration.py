"""A plan to restore rights: who asked for it learns how it goes on her consent; a review is due within 30 days (F5)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from deploy.network import Network
from services.social.plans.domain import ReviewRow, next_review
from shared.casework.loops import watch_deadlines
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NOW, SHELTER, SPOKEN, UNTIL, made, person
from tests.workbench import Bench, bench

SOCIAL, SCHOOL = "social-19", "№ 12 мектеп"
GOALS: list[dict[str, Any]] = [
    {"kind": "documents", "partners": [{"organisation": "police-19"}]},
    {"kind": "education", "partners": [{"name": SCHOOL}]},
    {"kind": "psychologist"},
]


@dataclass
class Ends:
    """A shelter that asks for a plan, an akimat that makes it, and a worker at each."""

    shelter: Bench
    social: Bench
    warden: httpx.AsyncClient
    worker: httpx.AsyncClient

    def turn_to(self, iso: str) -> None:
        for service in (self.shelter, self.social):
            service.clock.turn_to(iso)


@pytest.fixture
async def ends(network: Network) -> AsyncIterator[Ends]:
    async with (
        bench(network, Agency.SHELTER, at=NOW) as shelter,
        bench(network, Agency.SOCIAL, at=NOW) as social,
        shelter.client(SHELTER) as warden,
        social.client(SOCIAL) as worker,
    ):
        yield Ends(shelter, social, warden, worker)


async def asked(ends: Ends, *, on_consent: bool = True) -> tuple[str, str]:
    """(consent, referral), accepted."""
    whom = await person(ends.warden)
    purpose = "restoration_of_rights"
    given = {"person_id": whom, "purposes": [purpose], "recipients": ["social"], "categories": ["identity"]}
    consent = await made(await ends.warden.post("/consents", json={**given, "valid_until": UNTIL, **SPOKEN}))
    basis = {"kind": "consent", "consent_id": consent} if on_consent else {"kind": "no_personal_data"}
    body = {"to": {"organisation": SOCIAL}, "purpose": purpose, "person_id": whom, "basis": basis}
    referral = await made(await ends.warden.post("/referrals", json={**body, "call_back": "+7 727 000 00 02"}))
    await exchange(ends.shelter, ends.social)
    assert (await ends.worker.post(f"/referrals/{referral}/accept")).status_code == 200
    return consent, referral


async def planned(ends: Ends, **more: Any) -> dict[str, Any]:
    answer = await ends.worker.post("/plans", json={"goals": GOALS, **more})
    assert answer.status_code == 201, answer.text
    await exchange(ends.shelter, ends.social)
    return dict(answer.json())


async def told(ends: Ends, referral: str) -> list[dict[str, Any]]:
    return list((await ends.warden.get(f"/referrals/{referral}/progress")).json()["items"])


async def reminders(ends: Ends) -> list[str]:
    async with ends.social.work() as work:
        await watch_deadlines(work)
    items = (await ends.worker.get("/reminders")).json()["items"]
    assert {one["deadline"]["kind"] for one in items} <= {"plan_review"}
    return [one["kind"] for one in items]


async def test_who_asked_learns_which_rights_are_restored_and_nothing_else(ends: Ends) -> None:
    _, referral = await asked(ends)
    plan = await planned(ends, referral_id=referral)
    assert (plan["told"], plan["kept_back_by"], plan["review_on"]) == (True, None, "2026-04-19")
    done = {"kind": "documents", "progress": "done", "text": "Жеке куәлігі берілді."}
    assert (await ends.worker.post(f"/plans/{plan['id']}/entries", json=done)).json()["told"] is True
    await exchange(ends.shelter, ends.social)
    (one,) = await told(ends, referral)
    assert (one["kind"], one["revision"], one["content"]["review_on"]) == ("plan", 2, "2026-04-19")
    assert one["content"]["goals"] == [
        {"kind": "documents", "progress": "done"},
        {"kind": "education", "progress": "planned"},
    ]
    assert not {SCHOOL, "куәлігі", "psychologist"} & set(str(one).split())
    kept = (await ends.worker.get(f"/plans/{plan['id']}")).json()
    assert [entry["text"] for entry in kept["entries"]] == ["Жеке куәлігі берілді."]
    assert [goal["partners"] for goal in kept["goals"]][:2] == [
        [{"organisation": "police-19", "name": None}],
        [{"organisation": None, "name": SCHOOL}],
    ]


async def test_without_her_consent_nobody_learns_how_it_goes(ends: Ends) -> None:
    _, referral = await asked(ends, on_consent=False)
    plan = await planned(ends, referral_id=referral)
    assert (plan["told"], plan["kept_back_by"]) == (False, "NO-RULE")
    assert await told(ends, referral) == []
    assert (await planned(ends))["kept_back_by"] == "no referral"


async def test_when_she_takes_her_consent_back_it_is_erased_and_the_plan_ends(ends: Ends) -> None:
    consent, referral = await asked(ends)
    plan = await planned(ends, referral_id=referral)
    await ends.warden.post(f"/consents/{consent}/withdraw")
    await exchange(ends.shelter, ends.social)
    (gone,) = await told(ends, referral)
    assert (gone["content"], gone["erased_at"] is not None) == ({}, True)
    left = (await ends.worker.get(f"/plans/{plan['id']}")).json()
    assert (left["closed_at"] is not None, left["review_on"]) == (True, None)
    assert [goal["partners"] for goal in left["goals"]] == [[], [], []]
    assert (await ends.worker.get("/deadlines")).json()["items"] == []


async def test_a_consent_that_runs_out_lets_nothing_more_be_told(ends: Ends) -> None:
    _, referral = await asked(ends)
    plan = await planned(ends, referral_id=referral)
    ends.turn_to("2026-06-01T05:00:00+05:00")
    assert (await told(ends, referral))[0]["content"] == {}
    answer = await ends.worker.post(f"/plans/{plan['id']}/reviews", json={})
    assert (answer.status_code, answer.json()["kept_back_by"]) == (201, "F-NO-LIVE-CONSENT")


async def test_a_review_that_is_due_is_called_to_mind_and_one_that_is_late_is_seen(ends: Ends) -> None:
    plan = await planned(ends)
    ends.turn_to("2026-04-15T23:59:00+05:00")
    assert await reminders(ends) == []
    ends.turn_to("2026-04-16T00:00:00+05:00")
    assert await reminders(ends) == ["due_soon"]
    ends.turn_to("2026-04-20T00:00:00+05:00")
    assert await reminders(ends) == ["overdue", "due_soon"]
    assert [one["review_overdue"] for one in (await ends.worker.get("/plans")).json()["items"]] == [True]
    body = {"review_on": "2026-05-01", "text": "Баспана кезегінде."}
    again = (await ends.worker.post(f"/plans/{plan['id']}/reviews", json=body)).json()
    assert (again["review_on"], again["review_overdue"]) == ("2026-05-01", False)
    (due,) = (await ends.worker.get("/deadlines")).json()["items"]
    assert due["due_on"] == "2026-05-01"


async def test_a_plan_is_reviewed_in_thirty_days_at_most(ends: Ends) -> None:
    for day in ("2026-03-20", "2026-04-20"):
        answer = await ends.worker.post("/plans", json={"goals": GOALS, "review_on": day})
        assert answer.status_code == 422, day
    assert (await planned(ends, review_on="2026-04-19"))["review_on"] == "2026-04-19"


async def test_a_closed_plan_is_due_no_more_and_changes_no_more(ends: Ends) -> None:
    plan = await planned(ends)
    path = f"/plans/{plan['id']}"
    assert (await ends.worker.post(f"{path}/close", json={})).json()["review_on"] is None
    assert (await ends.worker.get("/deadlines")).json()["items"] == []
    for call in ("entries", "reviews", "close"):
        body = {"kind": "documents", "progress": "done"} if call == "entries" else {}
        assert (await ends.worker.post(f"{path}/{call}", json=body)).status_code == 409, call


@pytest.mark.parametrize(
    "goals",
    [
        [],
        [{"kind": "documents"}, {"kind": "documents"}],
        [{"kind": "documents", "partners": [{}]}],
        [{"kind": "documents", "partners": [{"organisation": "nobody-19"}]}],
        [{"kind": "custody", "partners": [{"organisation": "police-19", "name": "сот"}]}],
    ],
)
async def test_what_is_not_a_plan_is_refused(ends: Ends, goals: list[dict[str, Any]]) -> None:
    assert (await ends.worker.post("/plans", json={"goals": goals})).status_code == 422


def test_the_limit_is_that_of_the_day_on_which_the_plan_was_made() -> None:
    first, then = datetime(2010, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    rows = (
        ReviewRow(timedelta(days=30), timedelta(days=3), "before", first, then),
        ReviewRow(timedelta(days=10), timedelta(days=3), "since", then),
    )
    before, since = (next_review(datetime(2026, month, 2, tzinfo=UTC), rows=rows) for month in (5, 6))
    assert before is not None
    assert since is not None
    assert (before.due_on, since.due_on, since.remind_on) == (date(2026, 6, 1), date(2026, 6, 12), date(2026, 6, 9))
