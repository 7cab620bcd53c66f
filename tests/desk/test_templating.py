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


def test_the_parts_of_what_an_entry_of_a_file_says_are_in_the_readers_words_too() -> None:
    court = {"number": "2-117/2026", "decided_on": "2026-03-02", "until": "2026-09-02"}
    said = templating.Spoken("ru").said("court", court)
    assert said == (
        "Номер: 2-117/2026, Решено: 2 марта 2026\u202fг., По какой день включительно: 2 сентября 2026\u202fг."
    )


def test_of_a_list_of_parts_each_is_said_and_what_is_empty_is_left_out() -> None:
    partners = [{"organisation": "police-talgar", "name": None}, {"name": "Талғар аудандық соты"}]
    said = templating.Spoken("ru").said("partners", {"documents": partners})
    assert said == "документы: Организация: police-talgar, Название: Талғар аудандық соты"
