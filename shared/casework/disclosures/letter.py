"""The accounting as a letter that can be handed over: A4, in plain words, the same bytes for the same contents.

It holds the person's name and no other datum of theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from shared.casework.disclosures import sentences as s
from shared.casework.disclosures.accounting import Accounted, Rule
from shared.casework.disclosures.paper import begin
from shared.casework.disclosures.sentences import in_words, say, short
from shared.casework.disclosures.words import (
    BASES,
    CATEGORIES,
    DELIVERIES,
    EVENTS,
    PURPOSES,
    Delivery,
    Language,
    called,
    source_in,
)
from shared.contract.calendar import local_day
from shared.contract.vocabulary import Basis, DataCategory, EventType, Purpose

if TYPE_CHECKING:
    from shared.casework.disclosures.page import Page


@dataclass(frozen=True)
class Letter:
    """Who writes to whom, when, and what there is to tell, oldest first. `name` is None where none is on record."""

    language: Language
    organisation: str
    phone: str | None
    name: str | None
    at: datetime
    told: list[Accounted]


def write(letter: Letter) -> bytes:
    """The PDF. Takes a fraction of a second of one core: not for the event loop."""
    page = begin(letter.language, title=say(s.TITLE, letter.language), at=letter.at)
    _head(page, letter)
    numbers = _Numbers()
    if letter.told:
        _table(page, letter, numbers)
        _rules(page, letter.language, numbers)
    page.paragraph(say(s.CLOSING, letter.language))
    asked = ", ".join(part for part in (letter.organisation, letter.phone) if part)
    page.paragraph(say(s.ASK, letter.language, organisation=asked))
    page.paragraph(say(s.KEEP_SAFE, letter.language))
    return bytes(page.output())


@dataclass
class _Numbers:
    """The rules of the table, numbered as they first appear."""

    rules: dict[str, Rule] = field(default_factory=dict)

    def of(self, rules: list[Rule]) -> str:
        """The numbers of a row's rules."""
        self.rules.update({rule.rule: rule for rule in rules if rule.rule not in self.rules})
        order = list(self.rules)
        return ", ".join(str(order.index(rule.rule) + 1) for rule in rules)


def _head(page: "Page", letter: Letter) -> None:
    language = letter.language
    page.paragraph(say(s.FROM, language, organisation=letter.organisation), after=0.5)
    page.paragraph(say(s.TO, language, name=letter.name or say(s.SOMEBODY, language)), after=0.5)
    page.paragraph(say(s.DATED, language, date=in_words(local_day(letter.at), language)), after=4)
    page.paragraph(say(s.TITLE, language), size=15, style="B", after=2)
    page.paragraph(say(s.OPENING if letter.told else s.NOTHING, language), after=2)


def _table(page: "Page", letter: Letter, numbers: _Numbers) -> None:
    with page.grid(column.width for column in s.COLUMNS) as table:
        table.row([say(column.heading, letter.language) for column in s.COLUMNS])
        for one in letter.told:
            table.row(list(_cells(one, letter.language, numbers)))
    page.ln(3)


def _cells(one: Accounted, language: Language, numbers: _Numbers) -> Iterator[str]:
    """A row of the table, in the order of `COLUMNS`."""
    yield short(one.sent_at or one.at)
    yield f"{getattr(one.recipient, language) or one.recipient.id} ({say(called(one.recipient.agency), language)})"
    told = [c for c in map(DataCategory, one.categories) if c is not DataCategory.ROUTING or len(one.categories) == 1]
    what = ", ".join(say(CATEGORIES[category], language) for category in told)
    yield ": ".join(part for part in (_capital(say(EVENTS[EventType(one.event_type)], language)), what) if part)
    basis = say(s.BASIS, language, basis=say(BASES[Basis(one.basis)], language))
    yield "; ".join(([say(PURPOSES[Purpose(one.purpose)], language)] if one.purpose else []) + [basis])
    yield numbers.of(one.rules)
    yield _received(one, language)
    yield _erased(one, language)


def _received(one: Accounted, language: Language) -> str:
    if one.delivery is None:
        return say(s.NOT_THERE, language)
    return say(DELIVERIES[one.delivery], language, date=short(one.arrived_at) if one.arrived_at else "")


def _erased(one: Accounted, language: Language) -> str:
    if not one.left or one.delivery is Delivery.REFUSED:
        return say(s.NOT_THERE, language)
    if set(one.categories) <= set(one.stays):
        return say(s.NOTHING_TO_ERASE, language)
    if one.erased_at is not None:
        return say(s.ERASED, language, date=short(one.erased_at))
    if one.erasure_asked_at is not None:
        return say(s.ASKED, language, date=short(one.erasure_asked_at))
    return say(s.NO_WORD, language)


def _rules(page: "Page", language: Language, numbers: _Numbers) -> None:
    page.paragraph(say(s.RULES, language), size=9.5, style="B", after=0.5)
    for number, rule in enumerate(numbers.rules.values(), start=1):
        reason, source = getattr(rule, language) or rule.rule, source_in(language, rule.source or "")
        page.paragraph(f"{number}. {reason}" + (f" ({source})" if source else ""), size=8, after=0.3)
    page.paragraph(say(s.SECTIONS, language), size=8, after=2.5)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
