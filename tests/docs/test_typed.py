"""What pages tell people to type exists."""

from pathlib import Path

import pytest

from deploy.docs.commands import commands
from deploy.docs.reference import OPERATING
from tests.docs.typed import fault_of, typed_in
from tests.newcomer import ROOT, blocks

PAGES = sorted((ROOT / "deploy" / "docs" / "pages").rglob("*.md"))
HANDWRITTEN = [ROOT / "README.md", OPERATING, *PAGES]


@pytest.mark.parametrize("path", HANDWRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_command_and_option_that_a_page_names_is_there(path: Path) -> None:
    assert [fault for typed in typed_in(path.read_text()) if (fault := fault_of(typed))] == []


def test_what_is_typed_is_found_in_blocks_in_comments_and_in_the_text() -> None:
    block = "x=$(.venv/bin/qorgau token a)  # or `qorgau doctor`\nqorgau up | tee log\n"
    page = f"Say `qorgau keys trust`.\n\n```sh\n{block}```\n"
    assert sorted(typed_in(page)) == ["doctor", "keys trust", "token a", "up"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("keys turn", "no such command"),
        ("keys rotate shelter --overlap 7", "no option --overlap"),
        ("keys rotate shelter --overlap-days", "needs a value"),
        ("keys rotate shelter police", "too many arguments"),
        ("frobnicate", "no such command"),
    ],
)
def test_what_can_not_be_typed_is_told(typed: str, wrong: str) -> None:
    assert wrong in str(fault_of(typed))


def test_what_can_be_typed_is_not() -> None:
    for typed in ("keys", "keys rotate NODE --overlap-days 3", "exchange quarantine list --all", "demo --break-broker"):
        assert fault_of(typed) is None


def test_there_are_commands_in_the_pages_to_look_at() -> None:
    named = {typed.split()[0] for path in PAGES for typed in typed_in(path.read_text()) if typed}
    assert {"init", "import", "keys", "provision", "agreements", "backup", "restore", "doctor"} <= named


def test_every_shell_block_of_a_how_to_says_where_it_is_to_be_run() -> None:
    for path in PAGES:
        if path.parent.name == "how-to":
            assert all(block.title for block in blocks(path.read_text()) if block.language == "sh"), path.name


def test_every_command_is_named_by_its_words() -> None:
    assert {"keys rotate", "exchange quarantine replay", "up"} <= set(commands())
