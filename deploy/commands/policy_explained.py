"""One decision in words: each category, whether it leaves, by which rule, on which source, and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table

from deploy.commands.policy_words import WORDS, Language, told
from shared.contract.conditions import Question
from shared.contract.decisions import NO_RULE, Decision, decide, reason_of
from shared.contract.policy import FORBIDS, PERMITS
from shared.contract.vocabulary import DataCategory

SOURCES = {row.id: row.source for row in PERMITS} | {row.id: row.source for row in FORBIDS}


def explanation(question: Question, language: Language) -> tuple[bool, list[RenderableType]]:
    """Whether the event may leave, and what there is to say of it."""
    decision = decide(
        question.event_type,
        sender=question.sender,
        recipient=question.recipient,
        grounds=question.grounds,
        at=question.at,
        circumstances=question.circumstances,
    )
    return decision.permitted, [*_verdict(question, decision, language), *_each(decision, language)]


def _verdict(question: Question, decision: Decision, language: Language) -> Iterator[str]:
    ends = f"{question.sender.organisation} → {question.recipient.organisation}"
    words = WORDS[language]
    if decision.permitted:
        yield f"[bold green]{words.permitted}[/bold green]: {question.event_type.value}, {ends}"
    else:
        why = told(reason_of(decision.refusal), language)
        yield f"[bold red]{words.refused}[/bold red]: {question.event_type.value}, {ends}. {decision.refusal}: {why}"
    for agreement in question.circumstances.agreements:
        if not any(agreement.binds(end.organisation, question.at) for end in (question.sender, question.recipient)):
            yield f"{agreement.id} binds neither of the two then."


def _each(decision: Decision, language: Language) -> Iterator[RenderableType]:
    """What leaves and what stays, together where the same rules say so; what no rule speaks of, at the end."""
    words = WORDS[language]
    leaving = {category: decision.openers(category) for category in sorted(decision.categories)}
    staying = {category: (rule,) for category, rule in decision.withheld.items() if rule != NO_RULE}
    for heading, fate in ((words.leaves, leaving), (words.stays, staying)):
        if fate:
            yield _table(heading, fate, language)
    unopened = sorted(category for category, rule in decision.withheld.items() if rule == NO_RULE)
    if unopened:
        yield f"{words.not_opened}: {', '.join(unopened)}."


def _table(heading: str, fate: Mapping[DataCategory, tuple[str, ...]], language: Language) -> Table:
    words = WORDS[language]
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for category, rules in fate.items():
        together[rules].append(category.value)
    table = Table(show_lines=True, expand=True)
    for column, width in {heading: 24, words.rule: 30, words.why: 33}.items():
        table.add_column(column, overflow="fold", min_width=width, ratio=width)
    for rules, categories in together.items():
        sources = [SOURCES[rule] for rule in rules if rule in SOURCES]
        reasons = [told(reason_of(rule), language) for rule in rules]
        table.add_row(", ".join(categories), "\n".join([*rules, *sources]), "\n".join(reasons))
    return table
