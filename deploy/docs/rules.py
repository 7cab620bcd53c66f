"""The page of the rules: every row of the policy, with its source and its reason in three languages."""

from deploy.commands.policy_table import Row, who_tells_whom, words_of
from deploy.commands.policy_words import WORDS, Language
from deploy.docs.writing import GENERATED, codes, page, plain
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Permit, Retention
from shared.contract.vocabulary import DataCategory

INTRO = """
What may leave an agency is decided by these rows. A **permit** (`P-…`) opens categories of data for some events between
two sides, on a named basis. A **forbid** (`F-…`) takes categories away and beats every permit. What no row opens stays.
A row of **retention** (`R-…`) says what is kept once a consent has ended. F1 to F18 are the flows of the report on
which the product rests; the source is its section, or the law that it names. Rows are dated: when the law changes, a
row ends and its next version begins.

The same from a terminal: [`qorgau policy show`](commands.md#qorgau-policy-show). Any one decision is explained by
[`qorgau policy explain`](commands.md#qorgau-policy-explain).
"""


def rules_page() -> str:
    """The page."""
    return page(
        "# Rules",
        GENERATED,
        INTRO,
        "## Permits",
        *(_section(row) for row in PERMITS),
        "## Forbids",
        *(_section(row) for row in FORBIDS),
        "## Retention",
        *(_section(row) for row in RETENTION),
    )


def anchor(rule: str) -> str:
    """Where the page describes a row."""
    return rule.lower().replace("@", "-")


def _section(row: Row) -> str:
    until = f" until {row.valid_until:%Y-%m-%d}" if row.valid_until else ""
    facts = [
        ("flow", row.flow),
        ("source", plain(row.source)),
        ("who tells whom", plain(who_tells_whom(row, Language.EN)).replace("\n", "<br>")),
        *_categories(row),
        ("valid", f"from {row.valid_from:%Y-%m-%d}{until}"),
        ("қазақша", _in("kk", row.reason.kk)),
        ("по-русски", _in("ru", row.reason.ru)),
    ]
    return page(
        f"### {row.id} {{ #{anchor(row.id)} }}",
        plain(row.reason.en),
        "\n".join(f"- **{name}:** {said}" for name, said in facts),
    )


def _in(language: str, said: str) -> str:
    """Words in another language than the page's, so that they are read out in it (WCAG 3.1.2)."""
    return f'<span lang="{language}">{plain(said)}</span>'


def _categories(row: Row) -> list[tuple[str, str]]:
    words = WORDS[Language.EN]
    if isinstance(row, Retention):
        return [(words.keeps, words_of(row.keeps, DataCategory, words.all))]
    named = words.opens if isinstance(row, Permit) else words.takes
    found = [(named, words_of(row.categories, DataCategory, words.all))]
    if isinstance(row, Permit) and row.essential:
        found.append(("never without", codes(sorted(row.essential))))
    return found
