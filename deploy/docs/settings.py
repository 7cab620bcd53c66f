"""The page of the settings: every variable of the environment that a service reads."""

from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt
from pydantic.fields import FieldInfo

from deploy.docs.writing import GENERATED, codes, page, plain, table
from shared.adapters.settings import Settings

INTRO = """
A service reads these from its environment when it starts. Durations are seconds, sizes bytes. With a missing or wrong
one it does not start, and names it; [`qorgau doctor`](commands.md#qorgau-doctor) says more.
"""
NAMES = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`", Path: "path"}


def settings_page() -> str:
    """The page."""
    rows = [
        (f"`{variable(name)}`", _kind(info.annotation), _default(info), _about(info))
        for name, info in Settings.model_fields.items()
    ]
    return page("# Settings", GENERATED, INTRO, table(("variable", "is", "default", "about"), rows))


def variable(name: str) -> str:
    """The variable of a setting."""
    return f"QORGAU_{name.upper()}"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) in (Union, UnionType):
        return " or ".join(_kind(one) for one in get_args(annotation) if one is not type(None))
    if get_origin(annotation) is Literal:
        return codes(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return codes(annotation)
    return NAMES.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**needed**"
    return "" if info.default is None else f"`{info.default}`"


def _about(info: FieldInfo) -> str:
    limits = [f"at least {one.ge}" for one in info.metadata if isinstance(one, Ge)]
    limits += [f"more than {one.gt}" for one in info.metadata if isinstance(one, Gt)]
    return "; ".join([plain(info.description or ""), *limits])
