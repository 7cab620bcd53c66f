"""What the software is made of is written down, with licences that suit its own (Apache-2.0)."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
COMPONENTS: list[dict[str, Any]] = json.loads((ROOT / "deploy/release/sbom.cdx.json").read_text())["components"]
LOCKS = ("requirements.lock", "requirements-build.lock")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+))?", re.MULTILINE)
# SPDX's names, and those of PyPI's classifiers where a package has no other. The LGPL's and MPL's are libraries that
# are used as they come: what uses them may have a licence of its own.
SUITABLE = {
    *("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Python-2.0"),
    *("LGPL-3.0-only", "MPL-2.0"),
    *("Apache Software License", "BSD License", "Mozilla Public License 2.0 (MPL 2.0)"),
}
HERE = {
    "python_version": "3.11",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
}  # as it was made
UNSAID = {"protobuf": "BSD-3-Clause"}  # as the file LICENSE in its wheel says


def locked() -> set[tuple[str, str]]:
    """(name, version) of what the locks install where it was made."""
    found = [one for lock in LOCKS for one in PINNED.findall((ROOT / lock).read_text())]
    return {
        (canonicalize_name(name), version) for name, version, when in found if not when or Marker(when).evaluate(HERE)
    }


def said(component: dict[str, Any]) -> list[str]:
    """Each licence that it names, by its parts where it is an expression."""
    parts = []
    for one in component.get("licenses", ()):
        licence = one.get("license", {})
        expression = [part.strip("() ") for part in re.split(r" (?:AND|OR) ", one.get("expression", ""))]
        parts += expression if "expression" in one else [licence.get("id") or licence["name"].rsplit(" :: ", 1)[-1]]
    return parts or [UNSAID[component["name"]]]


def test_it_names_what_the_lock_files_install_and_nothing_else() -> None:
    assert {(canonicalize_name(one["name"]), one["version"]) for one in COMPONENTS} == locked()


@pytest.mark.parametrize("component", COMPONENTS, ids=[one["name"] for one in COMPONENTS])
def test_each_package_has_a_licence_that_suits(component: dict[str, Any]) -> None:
    assert set(said(component)) <= SUITABLE


def test_it_can_be_traced_where_each_package_comes_from() -> None:
    assert all(one["purl"] == f"pkg:pypi/{canonicalize_name(one['name'])}@{one['version']}" for one in COMPONENTS)
