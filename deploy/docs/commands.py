"""The page of the commands: everything that `qorgau` can be asked for."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from deploy.cli import app
from deploy.docs.writing import GENERATED, page, paragraphs, plain, table

INTRO = """
Each prints its own help with `--help`. `qorgau --install-completion` teaches a shell to complete them.
"""


def commands() -> dict[str, Any]:
    """Every command by what one types, groups left out: `keys rotate` -> the command. Hidden ones are there, too."""
    group = get_command(app)
    return dict(_below(group, group.make_context("qorgau", [], resilient_parsing=True), ""))


def _below(group: Any, context: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name in group.list_commands(context):
        command, typed = group.get_command(context, name), f"{path} {name}".strip()
        if hasattr(command, "commands"):
            yield from _below(command, context, typed)
        else:
            yield typed, command


def commands_page() -> str:
    """The page."""
    shown = {typed: command for typed, command in commands().items() if not command.hidden}
    return page("# Commands", GENERATED, INTRO, *(_section(typed, command) for typed, command in shown.items()))


def anchor(typed: str) -> str:
    """Where the page describes a command."""
    return f"qorgau-{typed.replace(' ', '-')}"


def _section(typed: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    usage = " ".join(["qorgau", typed, *(_typed(one) for one in arguments)])
    return page(
        f"## `qorgau {typed}` {{ #{anchor(typed)} }}",
        paragraphs(command.help),
        f"```text\n{usage}\n```",
        table(("argument or option", "default", "about"), [_row(one) for one in command.params]),
    )


def _typed(argument: Any) -> str:
    name = argument.name.upper() + ("…" if argument.nargs != 1 else "")
    return name if argument.required else f"[{name}]"


def _row(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`", _default(parameter), plain(parameter.help or "")
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    variable = f" Or `{parameter.envvar}` in the environment." if parameter.envvar else ""
    return names, _default(parameter), plain(parameter.help or "") + variable


def _default(parameter: Any) -> str:
    if parameter.required:
        return "**needed**"
    return f"`{parameter.default}`" if parameter.default not in (None, False, (), [], "") else ""
