"""The policy's table for people: rows with their columns in words, and what may go from whom to whom at most."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rich.table import Table

from deploy.commands.policy_words import WORDS, Language, told
from shared.contract.calendar import start_of
from shared.contract.capacity import AGES, AgeRow
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Condition, Forbid, Permit, Reason, Retention
from shared.contract.policy.rows import ALL_BASES, ALL_EVENTS, ALL_PURPOSES, ALL_SUBJECTS
from shared.contract.soundness.fault import is_valid
from shared.contract.soundness.reach import possible
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Purpose, Recipient

Row = Permit | Forbid | Retention


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows to show: those that speak of all that is given."""

    flow: str | None = None
    event: EventType | None = None
    sender: Agency | None = None
    recipient: Recipient | None = None
    basis: Basis | None = None
    category: DataCategory | None = None
    on: date | None = None

    def takes(self, row: Row) -> bool:
        """Whether a row is chosen. What an agency keeps is about its own store: no event, sender or basis has a say."""
        named = self.flow is None or self.flow in row.flow.split(", ")
        return named and (self.on is None or is_valid(row, start_of(self.on))) and self._speaks(row)

    def _speaks(self, row: Row) -> bool:
        if isinstance(row, Retention):
            kept = self.category is None or self.category in row.keeps
            agency = self.recipient is None or self.recipient in row.agencies
            return kept and agency and self.event is None and self.sender is None and self.basis is None
        return (
            (self.event is None or self.event in row.events)
            and (self.sender is None or self.sender in row.senders)
            and (self.recipient is None or self.recipient in row.recipients)
            and (self.basis is None or self.basis in row.bases)
            and (self.category is None or self.category in row.categories)
        )

    def ages(self) -> list[AgeRow]:
        """Ages of consent: shown where nothing else was asked for."""
        if self not in (Choice(), Choice(on=self.on)):
            return []
        return [row for row in AGES if self.on is None or _age_row_is_valid(row, self.on)]


def _age_row_is_valid(row: AgeRow, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or on < row.valid_until)


def tables(choice: Choice, language: Language) -> Iterator[Table]:
    """Permits, forbids, retention and ages, each as a table; none where nothing was chosen."""
    words = WORDS[language]
    for rows, what in ((PERMITS, words.opens), (FORBIDS, words.takes), (RETENTION, words.keeps)):
        chosen = [row for row in rows if choice.takes(row)]
        if chosen:
            table = _table({words.rule: 40, words.who: 32, what: 18})
            for row in chosen:
                table.add_row(_rule(row, language), who_tells_whom(row, language), _categories(row, language))
            yield table
    if choice.ages():
        yield _ages(choice.ages(), language)


def matrix(choice: Choice, at: datetime) -> Table:
    """For each event, between whom: the categories that leave if every condition is met."""
    permits = tuple(row for row in PERMITS if choice.takes(row) and is_valid(row, at))
    forbids = tuple(row for row in FORBIDS if is_valid(row, at))
    pairs: dict[EventType, dict[tuple[Agency, Recipient], set[DataCategory]]] = defaultdict(lambda: defaultdict(set))
    for (cell, _), categories in possible(permits, forbids).items():
        chosen = choice.sender in (None, cell.sender) and choice.recipient in (None, cell.recipient)
        if chosen and choice.event in (None, cell.event) and choice.basis in (None, cell.basis):
            pairs[cell.event][cell.sender, cell.recipient] |= categories
    table = _table({"event": 27, "from": 16, "to": 16, "at most": 28}, lines=False)
    for event in sorted(pairs):
        for number, line in enumerate(_together(pairs[event], choice.category)):
            table.add_row("" if number else event.value, *line)
        table.add_section()
    return table


def _together(
    pairs: dict[tuple[Agency, Recipient], set[DataCategory]], category: DataCategory | None
) -> Iterator[tuple[str, str, str]]:
    """Pairs that may say the same on one line: senders with the same recipients, for the same categories."""
    recipients: dict[tuple[Agency, frozenset[DataCategory]], set[Recipient]] = defaultdict(set)
    for (sender, recipient), categories in pairs.items():
        if category is None or category in categories:
            recipients[sender, frozenset(categories)].add(recipient)
    lines: dict[tuple[frozenset[Recipient], frozenset[DataCategory]], set[Agency]] = defaultdict(set)
    for (sender, said), those in recipients.items():
        lines[frozenset(those), said].add(sender)
    for (to, said), together in lines.items():
        yield words_of(together, Agency, "all"), _whom(to, "all"), words_of(said, (), "all")


def as_json(choice: Choice) -> dict[str, list[dict[str, Any]]]:
    """The chosen rows with every column, for programs."""
    named: tuple[tuple[str, tuple[Row, ...]], ...] = (
        ("permits", PERMITS),
        ("forbids", FORBIDS),
        ("retention", RETENTION),
    )
    shown = {name: [_plain(row) for row in rows if choice.takes(row)] for name, rows in named}
    return shown | {"ages": [_plain(row) for row in choice.ages()]}


def _plain(row: Row | AgeRow | Reason) -> dict[str, Any]:
    return {field.name: _plain_value(getattr(row, field.name)) for field in fields(row)}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Reason):
        return _plain(value)
    if isinstance(value, frozenset):
        return sorted(value, key=lambda item: item or "")
    return value.isoformat() if isinstance(value, date) else value


def _table(widths: dict[str, int], *, lines: bool = True) -> Table:
    """Columns that fit into a hundred characters and grow with the terminal; an id is never broken."""
    table = Table(show_lines=lines, expand=True)
    for column, width in widths.items():
        table.add_column(column, overflow="fold", min_width=width, ratio=width)
    return table


def _rule(row: Row, language: Language) -> str:
    validity = f"{row.valid_from:%Y-%m-%d} – {f'{row.valid_until:%Y-%m-%d}' if row.valid_until else ''}"
    return f"[bold]{row.id}[/bold]\n{told(row.reason, language)}\n{row.flow}: {row.source}\n{validity}"


def who_tells_whom(row: Row, language: Language) -> str:
    """Between whom a row holds, of which events, about whom, what for and on which basis: a line each."""
    words = WORDS[language]
    if isinstance(row, Retention):
        return f"{words_of(row.agencies, Agency, words.all)}: {row.of.value}"
    lines = [
        f"{words_of(row.senders, Agency, words.all)} → {_whom(row.recipients, words.all)}",
        words_of(row.events, ALL_EVENTS, words.all),
        f"{words.about}: {words_of(row.subjects, ALL_SUBJECTS, words.all)}",
        f"{words.basis}: {words_of(row.bases, ALL_BASES, words.all)}",
    ]
    if isinstance(row, Permit):
        lines.insert(3, f"{words.purpose}: {words_of(row.purposes, ALL_PURPOSES, words.all)}")
    elif row.condition is not Condition.ALWAYS:
        lines.append(f"{words.when}: {row.condition.value}")
    return "\n".join(lines)


def _categories(row: Row, language: Language) -> str:
    categories = row.keeps if isinstance(row, Retention) else row.categories
    return words_of(categories, DataCategory, WORDS[language].all)


def words_of(values: Iterable[StrEnum | None], every: Iterable[StrEnum | None], all_of_them: str) -> str:
    """Values in order; where nearly all are meant, all but which."""
    named, known = set(values), set(every)
    if named == known:
        return all_of_them
    missing = known - named
    if known and len(named) > len(known) / 2 and len(missing) <= 5 and len(known) > 5:
        return f"{all_of_them} − {', '.join(sorted(str(value) for value in missing))}"
    return ", ".join(sorted(value or "none" for value in named))


def _whom(recipients: frozenset[Recipient], all_of_them: str) -> str:
    """Agencies, then partners: `all` is all agencies."""
    agencies, partners = recipients & frozenset(Agency), recipients - frozenset(Agency)
    named = ([words_of(agencies, Agency, all_of_them)] if agencies else []) + sorted(partners)
    return ", ".join(named)


def _ages(rows: list[AgeRow], language: Language) -> Table:
    words = WORDS[language]
    table = _table({words.purpose: 50, "≥": 4, words.source: 35})
    for row in rows:
        table.add_row(words_of(row.purposes, Purpose, words.all), str(row.age), row.source)
    return table
