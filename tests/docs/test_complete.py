"""Everything that there is stands on its page of the reference."""

import re
from functools import cache

import httpx
import pytest
from prometheus_client import REGISTRY, generate_latest

from deploy.cli import COMMANDS, HIDDEN
from deploy.commands.policy_table import Row
from deploy.docs.api import call_anchor, calls_of
from deploy.docs.commands import commands
from deploy.docs.events import anchor as event_anchor
from deploy.docs.reference import generated
from deploy.docs.rules import anchor as rule_anchor
from shared.adapters.settings import Settings
from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS
from shared.contract.policy import FORBIDS, PERMITS, RETENTION
from shared.contract.vocabulary import Agency, DataCategory, EventType
from tests.network import Access


@cache
def pages() -> dict[str, str]:
    return generated()


def section(page: str, anchor: str) -> str:
    """What stands under a heading. Fails where there is none of that anchor."""
    _, found, after = pages()[page].partition(f"{{ #{anchor} }}\n")
    assert found, f"{page} has no section #{anchor}"
    return re.split(r"^#{2,3} ", after, maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("agency", list(Agency))
async def test_every_call_that_a_service_answers_stands_on_a_page(access: Access, agency: Agency) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        served = (await client.get(f"{access.urls[agency]}/openapi.json")).json()
    there = pages()["reference/api/everywhere.md"] + pages()[f"reference/api/{agency}.md"]
    missing = [call.name for call in calls_of(served) if there.count(f"{{ #{call_anchor(call)} }}") != 1]
    assert missing == []


@pytest.mark.parametrize("agency", list(Agency))
async def test_every_shape_that_a_service_knows_is_described(access: Access, agency: Agency) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        shapes = (await client.get(f"{access.urls[agency]}/openapi.json")).json()["components"]["schemas"]
    there = pages()["reference/api/everywhere.md"] + pages()[f"reference/api/{agency}.md"]
    missing = {name for name in shapes if f"{{ #shape-{name.lower()} }}" not in there}
    assert missing <= {"ProblemDetails", "HTTPValidationError", "ValidationError"}


def test_a_call_is_told_with_who_may_make_it_what_it_takes_and_what_it_answers() -> None:
    told = section("reference/api/everywhere.md", "post-v1-referrals")
    assert "Needs the permission `write` (worker, supervisor)." in told
    assert "Takes [NewReferral](#shape-newreferral)." in told
    assert "`Idempotency-Key`" in told
    assert "`201` [SentReferral](#shape-sentreferral)" in told
    assert "| `household` |" in section("reference/api/everywhere.md", "shape-newreferral")


@pytest.mark.parametrize("event", list(EVENTS))
def test_every_event_is_told_with_each_field_and_its_category(event: EventType) -> None:
    told = section("reference/events.md", event_anchor(event))
    categories = fields_of(EVENTS[event])
    lines = {name: line for line in told.splitlines() if (name := line.partition("` |")[0].removeprefix("| `"))}
    assert {name for name, category in categories.items() if f"| `{category}` |" not in lines[name]} == set()
    for rule in (row.id for row in PERMITS if event in row.events):
        assert f"(rules.md#{rule_anchor(rule)})" in told


def test_every_category_of_data_is_explained() -> None:
    told = section_after("reference/events.md", "## Categories of data")
    assert [category for category in DataCategory if f"| `{category}` |" not in told] == []


def section_after(page: str, heading: str) -> str:
    return pages()[page].partition(f"{heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("row", [*PERMITS, *FORBIDS, *RETENTION], ids=lambda row: row.id)
def test_every_rule_is_told_with_its_source_and_its_reasons(row: Row) -> None:
    told = section("reference/rules.md", rule_anchor(row.id))
    assert all(words in told for words in (row.reason.kk, row.reason.ru, row.reason.en, row.source))


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_told_with_its_default_and_what_it_is(name: str) -> None:
    (line,) = (one for one in pages()["reference/settings.md"].splitlines() if f"| `QORGAU_{name.upper()}` |" in one)
    default, about = (cell.strip() for cell in line.split(" | ")[-2:])
    info = Settings.model_fields[name]
    expected = "**needed**" if info.is_required() else f"`{info.default}`" if info.default is not None else ""
    assert default == expected
    assert about.strip("| ")


def test_every_metric_that_a_service_shows_is_told() -> None:
    shown = re.findall(r"^# TYPE (qorgau_\w+) (\w+)$", generate_latest(REGISTRY).decode(), re.MULTILINE)
    shown = [(name, kind) for name, kind in shown if not name.endswith("_created")]
    assert len(shown) > 20
    assert [name for name, kind in shown if f"| `{name}` | {kind}" not in pages()["reference/metrics.md"]] == []


def test_every_command_is_told_with_each_option() -> None:
    assert set(COMMANDS) - HIDDEN == {typed.split()[0] for typed, one in commands().items() if not one.hidden}
    for typed, command in commands().items():
        if command.hidden:
            continue
        told = section("reference/commands.md", f"qorgau-{typed.replace(' ', '-')}")
        options = [name for one in command.params for name in one.opts if name.startswith("-")]
        assert [name for name in options if f"`{name}`" not in told] == []


def test_no_two_sections_of_a_page_have_one_address() -> None:
    for page, text in pages().items():
        anchors = re.findall(r"\{ #([^ ]+) \}$", text, re.MULTILINE)
        assert sorted(anchors) == sorted(set(anchors)), page


def test_the_handbook_of_operations_stands_in_the_site_as_it_is() -> None:
    assert pages()["how-to/operating.md"].startswith("# Running Qorgau\n")
