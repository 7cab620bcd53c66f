"""The site as it was built: nothing of it comes from elsewhere, and it can be read without a mouse, eyes or scripts.

Not among the other tests: deploy/docs/run builds the site, and names this file.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "deploy" / "docs"
SITE = DOCS / "site"
BUILD = shlex.split(os.environ.get("QORGAU_DOCS_BUILD", ""))
HTML = sorted(SITE.rglob("*.html"))
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
LINKED = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch"}


class Seen(HTMLParser):
    """What a page fetches, its headings in order, its language, and whether it is titled and can be skipped into."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.headings: list[int] = []
        self.ids: set[str] = set()
        self.skip = self.language = ""
        self.inside = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.ids.add(said.get("id", ""))
        if tag == "html":
            self.language = said.get("lang", "")
        if tag == "article":
            self.inside += 1
        if self.inside and re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "md-skip" in said.get("class", "").split():
            self.skip = said["href"].removeprefix("#")
        if tag in FETCHED and FETCHED[tag] in said:
            self.fetched.append(said[FETCHED[tag]])
        if tag == "link" and LINKED & set(said.get("rel", "").split()):
            self.fetched.append(said["href"])

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "article"


def test_there_is_a_site() -> None:
    assert {"index.html", "tutorial.html", "404.html"} <= {path.name for path in HTML}


@pytest.mark.parametrize("path", HTML, ids=lambda path: str(path.relative_to(SITE)))
def test_a_page_fetches_nothing_from_elsewhere_and_can_be_found_ones_way_in(path: Path) -> None:
    seen = Seen(path.read_text())
    assert [address for address in seen.fetched if re.match(r"(?:https?:)?//", address)] == []
    assert seen.language == "en"
    if path.name != "404.html":
        assert seen.skip in seen.ids
        assert seen.headings[0] == 1
        assert seen.headings.count(1) == 1
        assert all(after <= before + 1 for before, after in zip(seen.headings, seen.headings[1:], strict=False))


def test_no_script_or_style_fetches_anything_from_elsewhere() -> None:
    for path in (*SITE.rglob("*.js"), *SITE.rglob("*.css")):
        said = path.read_text()
        assert not re.search(r"unpkg\.com|googleapis|gstatic|jsdelivr|cdnjs", said), path.name
        assert not re.search(r"url\([\"']?(?:https?:)?//", said), path.name


def test_every_page_can_be_searched() -> None:
    index = json.loads((SITE / "search" / "search_index.json").read_text())
    found = {entry["location"].partition("#")[0] or "index.html" for entry in index["docs"]}
    assert {str(path.relative_to(SITE)) for path in HTML} - found == {"404.html"}


def built(folder: Path, **added: str) -> tuple[int, str]:
    """How a build of the same pages ends, with something added to some of them, and what it says."""
    there = shutil.copytree(DOCS, folder / "docs", ignore=shutil.ignore_patterns("site", "__pycache__"))
    for name, text in added.items():
        with (there / "pages" / f"{name}.md").open("a") as page:
            page.write(f"\n{text}\n")
    command = [*BUILD, str(there / "mkdocs.yml")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)  # noqa: S603  # our own
    return done.returncode, done.stderr


def test_a_link_or_an_anchor_that_leads_nowhere_and_a_page_that_no_menu_names_fail_the_build(tmp_path: Path) -> None:
    lost = {"index": "[one](nowhere.md) [two](tutorial.md#nowhere)", "unnamed": "# Unnamed"}
    ended, said = built(tmp_path, **lost)
    assert ended != 0
    for fault in ("'nowhere.md'", "'tutorial.md#nowhere'", "unnamed.md"):
        assert fault in said


def test_the_menu_names_what_a_release_adds_once_it_is_there(tmp_path: Path) -> None:
    assert built(tmp_path, changelog="# Changes")[0] == 0
    assert "changelog.html" in (tmp_path / "docs" / "site" / "index.html").read_text()
