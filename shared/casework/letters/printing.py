"""A letter to a partner as it is handed over: what it says, and the page that is signed there and sent back.

It says what policy let out of the letter, and no more; the page that comes back says only which letter it confirms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.casework.disclosures import sentences as given
from shared.casework.disclosures.paper import begin
from shared.casework.disclosures.sentences import in_words, say
from shared.casework.disclosures.words import PURPOSES, Language, Words
from shared.casework.letters import sentences as s
from shared.contract.calendar import local_day
from shared.contract.events import LetterWritten
from shared.contract.vocabulary import Basis, Purpose

if TYPE_CHECKING:
    from shared.casework.disclosures.page import Page


@dataclass(frozen=True)
class Printed:
    """Who writes to whom, why, and what."""

    language: Language
    sender: str
    recipient: str
    address: str
    purpose: Purpose
    basis: Basis
    content: LetterWritten


@dataclass(frozen=True)
class Recalled:
    """Which letter is recalled, and when its consent ended: nothing of whom it was about."""

    language: Language
    sender: str
    recipient: str
    address: str
    number: str
    written_at: datetime
    at: datetime


def write(letter: Printed) -> bytes:
    """The PDF. Takes a fraction of a second of one core: not for the event loop."""
    language, content = letter.language, letter.content
    page = begin(language, title=say(s.TITLES[content.kind], language), at=content.at)
    _head(page, letter)
    page.paragraph(say(s.TITLES[content.kind], language), size=15, style="B", after=2)
    purpose, basis = say(PURPOSES[letter.purpose], language), say(s.BASES[letter.basis], language)
    page.paragraph(say(s.OPENING, language, purpose=purpose, basis=basis), after=3)
    for label, text in lines(content, language):
        page.paragraph(f"{label}: {text}", after=1)
    page.ln(2)
    page.paragraph(say(s.NO_FURTHER, language))
    page.paragraph(say(s.SEND_BACK, language))
    _page_to_sign(page, letter)
    return bytes(page.output())


def lines(content: LetterWritten, language: Language) -> Iterator[tuple[str, str]]:
    """What the letter says, each with its label; nothing for what was kept out."""
    name = " ".join(one for one in (content.family_name, content.given_name, content.patronymic) if one)
    told: dict[Words, str | None] = {
        s.NAME: name,
        s.BORN: in_words(content.birth_date, language) if content.birth_date else None,
        s.PHONE: content.phone,
        s.NEEDS: ", ".join(say(s.NEED[need], language) for need in content.needs or ()),
        s.CIRCUMSTANCES: content.circumstances,
        s.ORDER: say(s.ORDERS[content.order_kind], language) if content.order_kind else None,
        s.FROM_DAY: in_words(content.order_from, language) if content.order_from else None,
        s.UNTIL: in_words(content.order_until, language) if content.order_until else None,
        s.CALL_BACK: content.call_back,
    }
    for label, text in told.items():
        if text:
            yield say(label, language), text


def _head(page: "Page", letter: Printed) -> None:
    language, at = letter.language, letter.content.at
    page.paragraph(say(given.FROM, language, organisation=letter.sender), after=0.5)
    page.paragraph(say(given.TO, language, name=f"{letter.recipient}, {letter.address}"), after=0.5)
    page.paragraph(say(s.NUMBER, language, number=letter.content.number), after=0.5)
    page.paragraph(say(given.DATED, language, date=in_words(local_day(at), language)), after=4)


def _page_to_sign(page: "Page", letter: Printed) -> None:
    date = in_words(local_day(letter.content.at), letter.language)
    said = say(s.RECEIVED, letter.language, number=letter.content.number, date=date)
    _sign(page, letter, said=said, title=s.CONFIRMS, blanks=(s.THEIR_NUMBER, s.THEIR_DAY, s.SIGNED_BY, s.SIGNATURE))


def _sign(page: "Page", letter: Printed | Recalled, *, said: str, title: Words, blanks: tuple[Words, ...]) -> None:
    """A page of its own: to whom wrote, from whom was written to."""
    language = letter.language
    page.add_page()
    page.paragraph(say(title, language), size=15, style="B", after=4)
    page.paragraph(say(given.TO, language, name=letter.sender), after=0.5)
    page.paragraph(say(given.FROM, language, organisation=letter.recipient), after=4)
    page.paragraph(said, after=8)
    for label in blanks:
        page.paragraph(f"{say(label, language)}: {'_' * 40}", after=8)


def write_recall(recalled: Recalled) -> bytes:
    """The PDF that says that the consent of a letter has ended. Not for the event loop, either."""
    language = recalled.language
    written_on, ended_on = (in_words(local_day(one), language) for one in (recalled.written_at, recalled.at))
    page = begin(language, title=say(s.RECALL, language), at=recalled.at)
    page.paragraph(say(given.FROM, language, organisation=recalled.sender), after=0.5)
    page.paragraph(say(given.TO, language, name=f"{recalled.recipient}, {recalled.address}"), after=0.5)
    page.paragraph(say(given.DATED, language, date=ended_on), after=4)
    page.paragraph(say(s.RECALL, language), size=15, style="B", after=2)
    page.paragraph(say(s.CONSENT_ENDED, language, number=recalled.number, date=written_on, ended=ended_on))
    page.paragraph(say(s.ERASE_THERE, language))
    page.paragraph(say(s.SEND_BACK, language))
    said = say(s.ERASED_THERE, language, number=recalled.number, date=written_on)
    _sign(page, recalled, said=said, title=s.CONFIRMS_ERASURE, blanks=(s.ERASED_ON, s.SIGNED_BY, s.SIGNATURE))
    return bytes(page.output())
