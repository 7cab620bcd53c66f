"""Templates, in three languages: compiled once, escaped always."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, cast

import jinja2
from babel.support import NullTranslations

from shared.desk import language
from shared.desk.faults import fault
from shared.desk.labels import label
from shared.desk.language import LANGUAGES, Language
from shared.desk.marks import N_
from shared.desk.reasons import reason

YES, NO = N_("yes"), N_("no")
# Of FIELDS, as ISO 8601.
DAYS = {"birth_date", "happened_on", "order_from", "order_until", "held_on", "decided_on", "until"}
MOMENTS = {"happened_at", "admitted_at", "arrived_at", "erased_at", "starts_at"}
TEMPLATES = Path(__file__).parent / "templates"


class Compiled(jinja2.BytecodeCache):
    """Templates that are compiled once for all languages: their words are looked up as a page is written. The languages
    have the code in common, not a copy each."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """What another language has compiled."""
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """For the other languages."""
        self.known[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


@cache
def environment(speaks: Language, own: tuple[Path, ...] = ()) -> jinja2.Environment:
    """Templates of one language, the desk's and an agency's `own`: everything is escaped, and a name that nobody gave
    is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES, *own]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        bytecode_cache=COMPILED,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = language.translations(speaks)
    cast(Any, made).install_gettext_translations(words, newstyle=True)
    made.filters["day"] = lambda value: language.day(value, speaks)
    made.filters["moment"] = lambda value: language.moment(value, speaks)
    made.filters["kilometres"] = lambda value: language.kilometres(value, speaks)
    made.filters["shown"] = lambda value, kind=None: _shown(value, words, kind)
    made.filters["said_of"] = lambda value, name: _said_of(value, name, words, speaks)
    made.filters["fault"] = lambda kind: words.gettext(fault(kind))
    made.filters["reason"] = lambda said, values: reason(said, values, words)
    made.filters["label"] = lambda code, kind=None: words.gettext(label(code, kind))
    return made


def _shown(value: object, words: NullTranslations, kind: str | None) -> str:
    """A value of an event: codes by their words, lists with commas, the rest as it is."""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one, words, kind) for one in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{_shown(key, words, 'field')}: {_shown(one, words, kind)}" for key, one in value.items() if one
        )
    return words.gettext(label(str(value), kind))


def _said_of(value: object, name: str, words: NullTranslations, speaks: Language) -> str:
    """What an event says in a field of this name: yes or no, a day, a moment, or codes and text."""
    if isinstance(value, bool):
        return words.gettext(YES if value else NO)
    if isinstance(value, str | date) and name in DAYS:
        return language.day(value, speaks)
    if isinstance(value, str) and name in MOMENTS:
        return language.moment(datetime.fromisoformat(value), speaks)
    return _shown(value, words, None)


@dataclass(frozen=True)
class Spoken:
    """Fields of entries of a file in a reader's words."""

    speaks: Language

    def called(self, name: str) -> str:
        """The field's name; of what is kept by codes, the code's words."""
        ours = label(name, "entry")
        return self._words.gettext(ours if ours != name else label(name))

    def said(self, name: str, value: object) -> str:
        """What it says; of its parts, what each says that says something."""
        if isinstance(value, dict):
            told = [(part, one) for part, one in value.items() if one not in (None, "", [], {})]
            return ", ".join(f"{self.called(part)}: {self.said(part, one)}" for part, one in told)
        if isinstance(value, list):
            return ", ".join(self.said(name, one) for one in value)
        return _said_of(value, name, self._words, self.speaks)

    @property
    def _words(self) -> NullTranslations:
        return language.translations(self.speaks)


def compile_all(own: tuple[Path, ...]) -> None:
    """Compile each page's template, so that nobody waits for that: half a second or so, in a thread of its own."""
    for speaks in LANGUAGES:
        made = environment(speaks, own)
        for template in made.list_templates():
            made.get_template(template)
