"""A file on paper: a table of its entries, oldest first, and what it can be verified with.

Codes that have words are written in the reader's language; the rest are written as they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from shared.casework.disclosures import sentences
from shared.casework.disclosures.paper import begin
from shared.casework.disclosures.sentences import in_words, say
from shared.casework.disclosures.words import Language, Words
from shared.casework.files import words as w
from shared.contract.calendar import ZONE, local_day
from shared.contract.filing import Way

if TYPE_CHECKING:
    from shared.casework.disclosures.page import Page

LONGEST = 3000  # characters of one entry: what is longer is in the document
TEXTS = ("text", "body")
NAMES = ("family_name", "given_name", "patronymic")
# Not for a reader.
BARE = frozenset({"id", "referral_id", "report_id", "rules", "fields", "rule", "source", "kk", "ru", "en"})


@dataclass(frozen=True)
class Paper:
    """A document, and the words for it: `names` of organisations, `kinds` of entries, `fields` of contents."""

    language: Language
    organisation: str
    document: Mapping[str, Any]
    names: Mapping[str, str]
    kinds: Mapping[str, Words]
    at: datetime
    fields: "Fields"


class Fields(Protocol):
    """How a field of a content is called, and what it says."""

    def called(self, name: str) -> str:
        """Its name, for a reader."""

    def said(self, name: str, value: Any) -> str:
        """Its value, for a reader."""


class AsTheyAre:
    """Fields by their names in the API, values as they are."""

    def called(self, name: str) -> str:
        """The name itself."""
        return name

    def said(self, name: str, value: Any) -> str:
        """The value, parts and lists with commas."""
        return _flat(value)


def write(paper: Paper) -> bytes:
    """The PDF. A long file takes seconds of one core: not for the event loop."""
    language, document = paper.language, paper.document
    page = begin(language, title=say(w.TITLE, language), at=paper.at)
    page.paragraph(say(sentences.FROM, language, organisation=paper.organisation), after=0.5)
    page.paragraph(say(sentences.DATED, language, date=in_words(local_day(paper.at), language)), after=3)
    page.paragraph(say(w.TITLE, language), size=15, style="B", after=2)
    page.paragraph(say(w.CASE, language, about=str(document["about"])), after=0.5)
    name = " ".join(filter(None, ((document["person"] or {}).get(part) for part in NAMES)))
    if name:
        page.paragraph(say(w.WHO, language, name=name), after=0.5)
    page.paragraph(say(w.INSIDE, language) if document["entries"] else say(w.NOTHING, language), after=2)
    if document["entries"]:
        _table(page, paper)
    record = document["record"]
    checked = {"digest": document["digest"], "position": str(record["position"]), "hash": record["chain_hash"] or "0"}
    page.paragraph(say(w.VERIFY, language, **checked), size=7.5)
    return bytes(page.output())


def _table(page: "Page", paper: Paper) -> None:
    with page.grid(column.width for column in w.COLUMNS) as table:
        table.row([say(column.heading, paper.language) for column in w.COLUMNS])
        for one in reversed(paper.document["entries"]):
            table.row(list(cells(one, paper)))
    page.ln(3)


def cells(one: Mapping[str, Any], paper: Paper) -> Iterator[str]:
    """An entry in words, in the order of `COLUMNS`: on paper, and at the desk."""
    language = paper.language
    yield _moment(one["at"])
    yield say(w.WAYS[Way(one["way"])], language)
    state = one["state"]
    what = getattr(paper.kinds[one["kind"]], language)
    yield ": ".join([what] + ([_word(w.STATES.get(state), state, language)] if state else []))
    other = one["counterpart_id"]
    yield paper.names.get(other, other) if other else ""
    said = "; ".join([*_coded(one["codes"], language), *_said(one["content"], paper)])
    yield said if len(said) <= LONGEST else said[:LONGEST] + " …"
    yield _day(one["kept_until"]) if one["kept_until"] else say(w.FOR_GOOD, language)


def _coded(codes: Mapping[str, Any], language: Language) -> Iterator[str]:
    """The codes that have words; the others are in the document."""
    for name, known in w.CODES.items():
        values = codes.get(name)
        given = values if isinstance(values, list) else [values] if values else []
        if given:
            yield ", ".join(_word(known.get(value), value, language) for value in given)


def _said(content: Mapping[str, Any], paper: Paper) -> Iterator[str]:
    """What it says: withheld fields with the rule's reason, and every other value."""
    fields, language = paper.fields, paper.language
    for kept in content.get("withheld", ()):
        reason = kept.get(language) or kept["rule"]
        yield say(w.RULE, language, field=fields.called(kept["field"]), reason=reason)
    for name, value in content.items():
        if name not in BARE | {"withheld", "stopped_by"} and value not in (None, "", [], {}):
            yield f"{fields.called(name)}: {fields.said(name, value)}" if name not in TEXTS else f"«{value}»"


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(one)}" for name, one in value.items() if one not in (None, "", [], {}))
    return ", ".join(_flat(one) for one in value) if isinstance(value, list) else str(value)


def _word(words: Words | None, code: str, language: Language) -> str:
    return getattr(words, language) if words is not None else str(code)


def _moment(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(ZONE):%d.%m.%Y %H:%M}"


def _day(iso: str) -> str:
    return f"{local_day(datetime.fromisoformat(iso)):%d.%m.%Y}"
