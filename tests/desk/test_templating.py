"""The pages' templates: each of them compiles, and once for all languages."""

from pathlib import Path
from typing import Any

import jinja2
import pytest

from shared.contract.vocabulary import Agency
from shared.desk import templating

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("agency", Agency)
def test_every_template_of_an_agency_is_compiled_once_for_all_languages(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    compile_one = jinja2.Environment.compile

    def counted(self: jinja2.Environment, source: str, name: str, *rest: Any, **more: Any) -> Any:
        compiled.append(name)
        return compile_one(self, source, name, *rest, **more)

    monkeypatch.setattr(jinja2.Environment, "compile", counted)
    monkeypatch.setattr(templating, "COMPILED", templating.Compiled())
    templating.environment.cache_clear()
    own = (ROOT / "services" / agency / "templates",)
    templating.compile_all(own)
    there = templating.environment("kk", own).list_templates()
    assert sorted(compiled) == there
    assert {"base.html", "today.html"} < set(there)
