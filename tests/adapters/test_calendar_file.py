"""The file of decreed working days: read at the start and on change, refused with the line that is wrong."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from deploy.network import Network
from shared.adapters import watched
from shared.adapters.calendar_file import LONGEST_SOURCE, read_calendar
from shared.adapters.trust import Node, load_node
from shared.adapters.watched import Watched
from shared.contract.calendar import PUBLISHED, Amendment
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency
from tests.pair import SHELTER
from tests.workbench import Bench, bench

HEAD = "day,working,source,known_from\n"
# The refusal of a Friday is due on Wednesday the 25th of November, unless that is a day off by then.
DECREED = (
    HEAD + '2026-11-25,no,"Decree No. 7, of 20 November 2026",2026-11-20\n2026-11-28,yes,Decree No. 7,2026-11-20\n'
)
FRIDAY = "2026-11-20T12:00:00+05:00"


def test_a_file_amends_the_published_calendar() -> None:
    read = read_calendar(DECREED.encode())
    assert read.amendments[0] == Amendment(
        date(2026, 11, 25), date(2026, 11, 20), working=False, source="Decree No. 7, of 20 November 2026"
    )
    assert [read.is_business_day(date(2026, 11, day)) for day in (25, 28)] == [False, True]


def test_a_file_that_names_no_day_amends_nothing() -> None:
    assert read_calendar(HEAD.encode()) == PUBLISHED


def test_a_file_as_a_spreadsheet_saves_it_is_read_alike() -> None:
    assert read_calendar(DECREED.replace("\n", "\r\n").encode("utf-8-sig")) == read_calendar(DECREED.encode())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: the columns are day,working,source,known_from"),
        ("day;working;source;known_from\n", "line 1: the columns are"),
        (HEAD + "2026-11-25,no,Decree\n", "line 2: 3 columns instead of 4"),
        (HEAD + "\n", "line 2: 0 columns instead of 4"),
        (HEAD + "25.11.2026,no,Decree,2026-11-20\n", "line 2: day is a day, as YYYY-MM-DD"),
        (HEAD + "2026-02-30,no,Decree,2026-01-20\n", "line 2: day is a day, as YYYY-MM-DD"),
        (HEAD + "2026-11-25,no,Decree,20261120\n", "line 2: known_from is a day, as YYYY-MM-DD"),
        (HEAD + "2026-11-25,off,Decree,2026-11-20\n", "line 2: working is yes or no"),
        (HEAD + "2026-11-25,no, ,2026-11-20\n", "line 2: source names the decree"),
        (HEAD + f"2026-11-25,no,{'D' * (LONGEST_SOURCE + 1)},2026-11-20\n", "line 2: source names the decree"),
        (HEAD + "2026-11-25,no,Decree,2026-11-26\n", "line 2: known_from is after the day itself"),
        (DECREED + "2026-11-28,no,Decree No. 8,2026-11-20\n", "line 4: the same day is decreed twice as of one day"),
        (HEAD + '2026-11-25,no,"Decree,2026-11-20\n', "not CSV in UTF-8"),
    ],
)
def test_a_file_with_an_error_is_refused_with_the_line_and_the_reason(text: str, why: str) -> None:
    with pytest.raises(SettingsError, match=r"^QORGAU_CALENDAR_FILE") as refused:
        read_calendar(text.encode())
    assert why in str(refused.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(SettingsError, match="not CSV in UTF-8"):
        read_calendar(b"\xff")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    (tmp_path / "calendar.csv").write_text(HEAD)
    return tmp_path / "calendar.csv"


@pytest.fixture
async def shelter(network: Network, path: Path) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER, at=FRIDAY) as service:
        service.app.state.node = loaded(network, path, service.clock)
        yield service


def loaded(network: Network, path: Path, clock: Callable[[], Any]) -> Node:
    files = network.enrolment
    keys = files.secret("shelter", "keys")
    return load_node("shelter", Agency.SHELTER, keys, files.trust, files.operator_key, calendar_file=path, clock=clock)


def test_a_service_does_not_start_with_a_file_that_has_an_error(network: Network, path: Path) -> None:
    write(path, HEAD + "2026-11-25,perhaps,Decree,2026-11-20\n")
    with pytest.raises(SettingsError, match=r"line 2: working is yes or no"):
        loaded(network, path, lambda: None)


def write(path: Path, text: str) -> None:
    path.write_text(text)


async def refuse(service: Bench) -> dict[str, Any]:
    async with service.client(SHELTER) as client:
        answer = await client.post("/refusals", json={"refused_at": FRIDAY})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


async def test_a_deadline_counts_by_what_is_decreed_when_it_begins_and_keeps_that(shelter: Bench, path: Path) -> None:
    before = await refuse(shelter)
    assert (before["due_on"], before["calendar_version"]) == ("2026-11-25", PUBLISHED.version)
    write(path, DECREED)
    after = await refuse(shelter)
    assert (after["due_on"], after["calendar_version"]) == ("2026-11-26", read_calendar(DECREED.encode()).version)
    async with shelter.client(SHELTER) as client:
        kept = (await client.get(f"/refusals/{before['id']}")).json()
        deadlines = (await client.get("/deadlines")).json()["items"]
    assert (kept["due_on"], kept["calendar_version"]) == (before["due_on"], before["calendar_version"])
    assert [one["due_on"] for one in deadlines] == ["2026-11-25", "2026-11-26"]
    assert [one["calendar_version"] for one in deadlines] == [before["calendar_version"], after["calendar_version"]]


async def test_what_is_decreed_to_be_known_later_does_not_count_yet(shelter: Bench, path: Path) -> None:
    write(path, HEAD + "2026-11-25,no,Decree,2026-11-21\n")
    assert (await refuse(shelter))["due_on"] == "2026-11-25"
    shelter.clock.turn_to("2026-11-21T00:00:00+05:00")
    assert (await refuse(shelter))["due_on"] == "2026-11-26"


async def test_a_new_file_with_an_error_is_refused_and_the_old_one_stays_in_use(shelter: Bench, path: Path) -> None:
    write(path, DECREED)
    version = read_calendar(DECREED.encode()).version
    assert await said(shelter) == (version, "in use")
    write(path, DECREED + "tomorrow,no,Decree,2026-11-20\n")
    with capture_logs() as logs:
        assert await said(shelter) == (version, "refused")
    reason = "QORGAU_CALENDAR_FILE, line 4: day is a day, as YYYY-MM-DD"
    assert [(one["event"], one["file"], one["reason"]) for one in logs] == [("file.not_taken", "calendar", reason)]
    assert (await refuse(shelter))["due_on"] == "2026-11-26"


async def test_without_a_file_the_published_calendar_is_named(network: Network) -> None:
    async with bench(network, Agency.SHELTER) as service:
        assert await said(service) == (PUBLISHED.version, "none")


async def said(service: Bench) -> tuple[str, str]:
    """What readiness tells of the calendar."""
    transport = httpx.ASGITransport(app=service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        ready = (await client.get("/health/ready")).json()
    return ready["calendar"], ready["calendar_file"]


def test_a_calendar_file_is_watched_as_others_are(path: Path) -> None:
    file = Watched(path, name="calendar", take=read_calendar)
    write(path, DECREED)
    assert len(file.now().amendments) == 2
    path.unlink()
    assert (len(file.now().amendments), file.refused) == (2, True)
