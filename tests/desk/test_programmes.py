"""Programmes at the desk (F7): offered, planned, who takes part, who came, and how it ended."""

import re

import httpx
import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.contract.vocabulary import Agency
from tests.casework.test_progress import AFTER, SOCIAL, Ends, ends, referred, seen
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, POLICE, send
from tests.workbench import bench

assert ends  # the fixture
LIST, OTHER = "/desk/programmes", "social-10"
NAME = "<b>Ашуды басқару</b>"


async def planned(worker: httpx.AsyncClient) -> str:
    """A programme with a session."""
    path = (await send(worker, LIST, name=NAME, purpose="psycho_correction")).headers["location"]
    starts = {"starts_at:moment": "2026-04-02T18:00", "minutes:number": "90"}
    assert (await send(worker, f"{path}/sessions", **starts)).status_code == 303
    return path


async def test_somebody_is_enrolled_by_a_referral_comes_which_is_told_on_its_consent_and_completes_it(
    ends: Ends, signed_in: SignIn
) -> None:
    _, referral = await referred(ends)
    worker = await signed_in(ends.social, SOCIAL)
    path = await planned(worker)
    page = await worker.get(path)
    assert "&lt;b&gt;Ашуды басқару&lt;/b&gt;" in page.text
    assert "90 minutes" in words(page)
    assert f'name="referral_id" value="{referral}"' in page.text
    assert (await send(worker, f"{path}/enrolments", referral_id=referral, told="consent")).status_code == 303
    page = await worker.get(path)
    assert "takes part" in words(page)
    assert referral not in page.text
    (taking_part,) = re.findall(r'href="(/desk/enrolments/[^"]+)"', page.text)
    assert "No session has begun since" in words(await worker.get(taking_part))
    ends.turn_to(AFTER)
    worker = await signed_in(ends.social, SOCIAL)
    session = re.search(r'name="session_id" value="([^"]+)"', (await worker.get(taking_part)).text)
    assert session
    for said, shown in (("no", "did not come"), ("yes", "came")):
        note = {"session_id": session[1], "attended:either": said}
        assert (await send(worker, f"{taking_part}/attendance", **note)).status_code == 303
        assert f"18:00 {shown}" in words(await worker.get(taking_part))
    await exchange(ends.police, ends.social)
    assert [one["content"]["attended"] for one in await seen(ends, referral)] == [True]
    assert (await send(worker, f"{taking_part}/end", outcome="completed")).status_code == 303
    assert "completed" in words(await worker.get(path))
    assert (await send(worker, f"{taking_part}/end", outcome="left")).status_code == 409


async def test_attendance_is_told_on_a_courts_decision_and_otherwise_to_nobody(ends: Ends, signed_in: SignIn) -> None:
    worker = await signed_in(ends.social, SOCIAL)
    path = await planned(worker)
    court = {"court.number": "7599-26/112", "court.decided_on": "2026-03-02", "court.until": "2026-04-30"}
    for said in ({"told": "court_decision", **court}, court):  # the second is told to nobody
        _, referral = await referred(ends, on_consent=False)
        assert (await send(worker, f"{path}/enrolments", referral_id=referral, **said)).status_code == 303
    shown = [
        words(await worker.get(one)) for one in re.findall(r'"(/desk/enrolments/[^"]+)"', (await worker.get(path)).text)
    ]
    told = [("a court's decision" in one, "who referred them: no" in one) for one in shown]
    assert sorted(told) == [(False, True), (True, False)]


async def test_what_does_not_fit_is_refused(ends: Ends, signed_in: SignIn) -> None:
    worker = await signed_in(ends.social, SOCIAL)
    assert (await send(worker, LIST, name="x", purpose="lodging")).status_code == 422
    path = await planned(worker)
    for wrong in ({"starts_at:moment": "2020-01-01T10:00"}, {"minutes:number": "many"}):
        starts = {"starts_at:moment": "2026-04-02T18:00", "minutes:number": "90", **wrong}
        assert (await send(worker, f"{path}/sessions", **starts)).status_code == 422, wrong
    _, referral = await referred(ends, on_consent=False)
    for told in ("court_decision", "consent", "own_request"):
        answer = await send(worker, f"{path}/enrolments", referral_id=referral, told=told)
        assert answer.status_code == 422, told
    for whom in (NOBODYS, "x"):
        answer = await send(worker, f"{path}/enrolments", referral_id=whom, told="consent")
        assert answer.status_code == 404


@pytest.mark.parametrize("role", ROLES)
async def test_programmes_are_for_the_roles_that_see_cases(network: Network, signed_in: SignIn, role: str) -> None:
    async with bench(network, Agency.HEALTH) as hospital:
        answer = await (await signed_in(hospital, "hospital-19", role)).get(LIST)
        assert answer.status_code == (200 if role in ("worker", "supervisor") else 403)


async def test_another_organisations_are_not_there_and_the_police_have_none(ends: Ends, signed_in: SignIn) -> None:
    worker, other = await signed_in(ends.social, SOCIAL), await signed_in(ends.social, OTHER)
    path = await planned(worker)
    _, referral = await referred(ends)
    assert (await send(worker, f"{path}/enrolments", referral_id=referral)).status_code == 303
    (taking_part,) = re.findall(r'href="(/desk/enrolments/[^"]+)"', (await worker.get(path)).text)
    for one in (path, taking_part):
        assert (await other.get(one)).status_code == 404
    starts = {"starts_at:moment": "2026-04-02T18:00", "minutes:number": "90"}
    assert (await send(other, f"{path}/sessions", **starts)).status_code == 404
    assert (await send(other, f"{path}/enrolments", referral_id=referral)).status_code == 404
    assert (await send(other, f"{taking_part}/end", outcome="left")).status_code == 404
    came = {"session_id": NOBODYS, "attended:either": "yes"}
    assert (await send(other, f"{taking_part}/attendance", **came)).status_code == 404
    assert path not in (await other.get(LIST)).text
    assert (await (await signed_in(ends.police, POLICE)).get(LIST)).status_code == 404
