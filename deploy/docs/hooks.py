"""What MkDocs calls: generated pages stand beside the written ones, and the menu names only what is there."""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from deploy.docs.reference import generated

# Pages of a release; a checkout may be without them.
OF_A_RELEASE = frozenset({"changelog.md", "deprecation.md"})
# Where the theme's script would fetch what an old browser lacks, or what a page here never has (a diagram).
ELSEWHERE = re.compile(r"https://unpkg\.com/[^\"'`]*")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leave pages of a release out of the menu where there are none."""
    folder = Path(config.docs_dir)
    missing = {name for name in OF_A_RELEASE if not (folder / name).exists()}
    config.nav = _without(config.nav or [], missing)
    return config


def _without(menu: list[Any], missing: set[str]) -> list[Any]:
    """The menu without these pages, and without a heading that nothing is under any more."""
    kept: list[Any] = []
    for entry in menu:
        if isinstance(entry, str):
            kept += [entry] if entry not in missing else []
            continue
        for title, under in entry.items():
            below = _without(under, missing)
            kept += [{title: below}] if below else []
    return kept


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is generated."""
    for path, text in generated().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_post_build(config: MkDocsConfig) -> None:
    """Let the theme's script fetch nothing from elsewhere, in whatever browser: nobody else learns who reads here."""
    for script in Path(config.site_dir).rglob("*.js"):
        script.write_text(ELSEWHERE.sub("data:,", script.read_text()))
