"""The command line for people: what it shows, what it does, and how it ends."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.demo.office import eventually
from deploy.demo.stage import Stage
from qorgau.commands import beds, referrals
from shared.contract.vocabulary import Agency
from tests.network import Access

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers
ASKED = {"purpose": "lodging", "basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01"}


class Terminal:
    """Somebody of one organisation before a terminal."""

    def __init__(self, access: Access, agency: Agency, organisation: str, *roles: str) -> None:
        token = access.enrolment.token(organisation=organisation, roles=roles or ("worker",))
        self.env = {"QORGAU_URL": access.urls[agency], "QORGAU_TOKEN": token, "COLUMNS": "200"}

    async def __call__(self, *words: str, **env: str) -> Any:
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, words, env={**self.env, **env}))

    async def reads(self, *words: str) -> Any:
        """What is answered, as JSON."""
        done = await self(*words, "--json")
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
async def warden(access: Access, stage: Stage) -> Terminal:
    return Terminal(access, Agency.SHELTER, stage.cast.far_shelter, "worker", "bed-counter")


async def came(stage: Stage, warden: Terminal) -> str:
    """A referral that came from the police."""
    to = {"organisation": stage.cast.far_shelter}
    sent = await stage.offices[stage.cast.police].post("/referrals", {"to": to, **ASKED})

    async def is_there() -> bool:
        waiting = await warden.reads("referrals", "list", "--state", "requested")
        return sent["id"] in [one["id"] for one in waiting]

    await eventually("the referral is in the box", is_there)
    return str(sent["id"])


async def test_what_came_is_listed_taken_and_done(stage: Stage, warden: Terminal) -> None:
    referral = await came(stage, warden)
    listed = await warden("referrals", "list")
    assert referral in listed.stdout
    for word, state in (("accept", "accepted"), ("start", "in_progress"), ("complete", "completed")):
        assert (await warden.reads("referrals", word, referral))["state"] == state
    shown = await warden("referrals", "show", referral)
    assert "completed" in shown.stdout
    assert stage.cast.police in shown.stdout


async def test_what_came_is_declined_for_a_reason_and_what_went_is_taken_back_for_one(
    access: Access, stage: Stage, warden: Terminal
) -> None:
    declined, cancelled = await came(stage, warden), await came(stage, warden)
    assert (await warden.reads("referrals", "decline", declined, "--reason", "no_room"))["state"] == "declined"
    officer = Terminal(access, Agency.POLICE, stage.cast.police)
    done = await officer.reads("referrals", "cancel", cancelled, "--reason", "no_longer_needed")
    assert done["state"] == "cancelled"


async def test_places_are_counted_and_seen_by_all(access: Access, stage: Stage, warden: Terminal) -> None:
    counted = ("room-7", "--for", "women_with_children", "--capacity", "6", "--occupied")
    assert (await warden.reads("beds", "set", *counted, "4", "--new"))["free"] == 2
    assert (await warden.reads("beds", "set", *counted, "5"))["free"] == 1
    assert [one["occupied"] for one in await warden.reads("beds", "ours") if one["unit"] == "room-7"] == [5]
    officer = Terminal(access, Agency.POLICE, stage.cast.police)

    ours = (stage.cast.far_shelter, "room-7")

    async def is_seen() -> bool:
        board = await officer.reads("beds", "list", "--for", "women_with_children")
        return [one["free"] for one in board if (one["organisation_id"], one["unit"]) == ours] == [1]

    await eventually("the police see the place", is_seen)


async def test_a_no_of_the_service_is_said_and_is_the_exit_code(warden: Terminal) -> None:
    done = await warden("referrals", "accept", str(uuid4()))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("404 ")
    refused = await warden("referrals", "list", QORGAU_TOKEN="nobody's")
    assert (refused.exit_code, refused.stderr[:3]) == (1, "401")


async def test_nobody_there_is_another_exit_code_and_so_is_a_command_that_is_not_understood(
    warden: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qorgau.client.talk.FIRST_WAIT", 0.01)
    done = await warden("referrals", "list", QORGAU_URL=NOWHERE)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "no answer" in done.stderr
    assert (await warden("referrals", "accept")).exit_code == 2


def commands() -> Iterator[str]:
    for group in (referrals.app, beds.app):
        yield from (str(one.name or (one.callback and one.callback.__name__)) for one in group.registered_commands)


def test_nothing_but_these_can_be_done_from_here() -> None:
    assert set(commands()) == {"list", "show", "accept", "decline", "start", "complete", "cancel", "ours", "set"}
