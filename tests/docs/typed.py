"""What a page tells people to type: every `qorgau …` in it, and what is wrong with it by the commands there are."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

from deploy.docs.commands import commands

_FENCED = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`]+)`")
_TYPED = re.compile(r"(?:^|[\s(|&;])(?:\.venv/bin/)?qorgau (?=[a-z-])((?:\$\([^)]*\)|[^|;&)>\n])*)")
_PLAIN = re.compile(r"qorgau [a-z-]")  # a block of no language: at the beginning of a line
_SHELL = ("sh", "console")
_LEFT_OUT = frozenset({"…", "...", "[OPTIONS]"})
OF_THE_PROGRAM = frozenset({"--help", "--install-completion"})


def typed_in(page: str) -> Iterator[str]:
    """Everything after `qorgau` that a page names, in blocks and in its text; comments of blocks are looked at, too."""
    for language, said in _FENCED.findall(page):
        if language in _SHELL:
            yield from _commands(said.replace("\\\n", " "))
        elif not language:
            yield from (found.removeprefix("qorgau ") for found in _parts(said) if _PLAIN.match(found))
    for said in _INLINE.findall(_FENCED.sub("", page).replace("\n", " ")):
        yield from _commands(said)


def _commands(said: str) -> Iterator[str]:
    for part in _parts(said):
        yield from (found.strip() for found in _TYPED.findall(part))


def _parts(said: str) -> Iterator[str]:
    """Line by line; what stands in a comment, and what stands between backticks there, by itself."""
    for line in said.splitlines():
        yield from (part.strip() for part in re.split(r"[`#]", line))


def fault_of(typed: str) -> str | None:
    """Why it can't be typed so: no such command, no such option, or an argument too many or too few. None if it can."""
    words = [word for word in shlex.split(re.sub(r"\$\([^)]*\)", "SAID", typed)) if word not in _LEFT_OUT]
    known = commands()
    name = next((" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in known), None)
    if name is None:
        return None if _is_about_many(words, known) else f"no such command: {typed}"
    return _fault(known[name], words[len(name.split()) :], typed)


def _is_about_many(words: list[str], known: dict[str, Any]) -> bool:
    """Whether it is a group of commands, or an option of the program itself."""
    group = " ".join(words)
    return set(words) <= OF_THE_PROGRAM or any(one.startswith(f"{group} ") for one in known)


def _fault(command: Any, words: list[str], typed: str) -> str | None:
    options = {name: one for one in command.params for name in one.opts + one.secondary_opts if name.startswith("-")}
    places = [one for one in command.params if one.param_type_name == "argument"]
    given = 0
    rest = iter(words)
    for word in rest:
        name, _, value = word.partition("=")
        given += not word.startswith("-")
        if word.startswith("-") and name not in {*options, "--help"}:
            return f"no option {name}: {typed}"
        if name in options and not value and not _is_a_flag(options[name]) and next(rest, None) is None:
            return f"{name} needs a value: {typed}"
    fits = given <= len(places) or any(one.nargs != 1 for one in places)
    return None if fits else f"too many arguments: {typed}"


def _is_a_flag(option: Any) -> bool:
    return bool(getattr(option, "is_flag", False)) or isinstance(option.default, bool)
