"""Administration is a supervisor's: what the service knows of its organisation, and what could not be taken in."""

import shutil
from pathlib import Path

import pytest
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.identity import ROLES
from shared.casework.referrals.tables import ReferralRow
from tests.adapters.test_inbox import count
from tests.deploy.test_quarantine_command import kept, signed_by_a_key_to_come
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import OTHER, POLICE, SHELTER, send
from tests.workbench import Bench

WHERE = "/desk/administration"
SECRET = "<script>Сәрсенова</script>"


@pytest.mark.parametrize("role", ROLES)
async def test_administration_is_a_supervisors(police: Bench, signed_in: SignIn, role: str) -> None:
    browser = await signed_in(police, POLICE, role)
    page = await browser.get(WHERE)
    assert page.status_code == (200 if role == "supervisor" else 403)
    assert (f'href="{WHERE}"' in (await browser.get("/desk")).text) == (role == "supervisor")


async def test_it_shows_the_organisation_the_roles_and_who_is_signed_in_of_this_organisation_alone(
    police: Bench, signed_in: SignIn
) -> None:
    chief = await signed_in(police, POLICE, "supervisor")
    await signed_in(police, POLICE, who="another")
    await signed_in(police, OTHER)
    page = await chief.get(WHERE)
    assert POLICE in page.text
    assert "Signed in at the desk now: 2" in words(page)
    assert "This service keeps no list of staff." in words(page)
    assert "statistician ( statistician ): take statistics" in words(page)
    assert "police/sign-1" in page.text
    assert "Units" not in words(page)


async def test_what_could_not_be_taken_in_is_counted_by_sender_and_reason_and_not_shown(
    police: Bench, signed_in: SignIn
) -> None:
    chief = await signed_in(police, POLICE, "supervisor")
    assert "What could not be taken in Nothing." in words(await chief.get(WHERE))
    for said in (SECRET, f"{SECRET} 2"):
        await police.inbox.receive("qorgau.directed.shelter.police", said.encode())
    await police.inbox.receive(f"qorgau.directed.{SECRET}.police", b"3")
    page = await chief.get(WHERE)
    assert "Сәрсенова" not in page.text
    assert "<script>С" not in page.text
    assert "shelter" in words(page).partition("What could not be taken in")[2]
    assert " 2 " in words(page).partition("What could not be taken in")[2]


async def test_what_could_not_be_taken_in_is_given_in_again_by_a_supervisor(
    shelter: Bench, signed_in: SignIn, network: Network, tmp_path: Path
) -> None:
    receiving, ahead = await signed_by_a_key_to_come(shelter, network, tmp_path)
    await shelter.inbox.receive("qorgau.directed.police.shelter", b"noise")
    shelter.app.state.node = receiving.node
    chief = await signed_in(shelter, SHELTER, "supervisor")
    await send(chief, f"{WHERE}/again")
    assert [one.state for one in await kept(shelter)] == ["kept", "kept"]
    shutil.copy(ahead.list, tmp_path / "now" / ahead.list.name)
    await send(chief, f"{WHERE}/again")
    assert sorted(one.state for one in await kept(shelter)) == ["kept", "taken"]
    async with shelter.work() as work:
        given = (await work.session.exec(select(AuditEntry).where(col(AuditEntry.action) == Action.REPLAYED))).all()
    assert await count(shelter, ReferralRow) == 1
    assert {one.actor for one in given} == {f"dev@{SHELTER}"}


async def test_a_shelters_units_are_its_own(shelter: Bench, signed_in: SignIn) -> None:
    async with shelter.client(SHELTER) as client:
        counted = await client.put("/beds/rooms", json={"for": "women_with_children", "capacity": 4, "occupied": 1})
        assert counted.is_success, counted.text
    ours = words(await (await signed_in(shelter, SHELTER, "supervisor")).get(WHERE))
    theirs = words(await (await signed_in(shelter, "shelter-near-19", "supervisor")).get(WHERE))
    assert "rooms · women with children · 3 of 4" in ours
    assert "rooms" not in theirs
