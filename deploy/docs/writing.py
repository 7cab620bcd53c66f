"""Markdown, as the generated pages write it."""

from collections.abc import Iterable, Sequence
from inspect import cleandoc

GENERATED = "*This page is generated from the code.*\n"


def plain(text: str) -> str:
    """Text of the code as Markdown: what stands between backticks stays, and nothing else is taken for markup."""
    parts = text.split("`")
    return "`".join(_escaped(part) if number % 2 == 0 else part for number, part in enumerate(parts))


def _escaped(text: str) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), ("{", "&#123;"), ("*", "&#42;"), ("[", "&#91;")):
        text = text.replace(sign, entity)
    return text


def paragraphs(docstring: str | None) -> str:
    """A docstring, paragraph by paragraph."""
    return plain(cleandoc(docstring or "").replace("\b\n", ""))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing where there are no rows."""
    lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *lines]) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def codes(values: Iterable[object]) -> str:
    """Values as code, with commas."""
    return ", ".join(f"`{value}`" for value in values)


def page(*parts: str) -> str:
    """A whole page of its parts."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
