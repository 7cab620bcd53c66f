"""What the calls say of what could not be done, as it stands in their source."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import services
import shared

SERVICES, SHARED = (Path(one.__path__[0]) for one in (services, shared))
# Read by systems and by who connects them, in English as the whole API; the desk has none of these calls.
FOR_SYSTEMS = (
    SERVICES / "health" / "fhir",
    SHARED / "casework" / "changes",
    SHARED / "casework" / "standards",
    SHARED / "casework" / "webhooks",
)
SAYS_WHY = ("why_", "_why_", "may_")  # functions whose sentence becomes an answer


def sentences() -> Iterator[str]:
    """Each reason of a 409 or a 422. Of adapters, no ValueError: theirs are about keys and settings."""
    for path in (*SHARED.rglob("*.py"), *SERVICES.rglob("*.py")):
        if any(path.is_relative_to(folder) for folder in FOR_SYSTEMS):
            continue
        of_input = not path.is_relative_to(SHARED / "adapters")
        for node in ast.walk(ast.parse(path.read_text())):
            yield from chain.from_iterable(map(of_expression, reasons(node, of_input=of_input)))


def reasons(node: ast.AST, *, of_input: bool) -> list[ast.expr]:
    """What says why, in a call, in a function or in a table."""
    match node:
        case ast.Call(func=ast.Name("Problem"), args=[ast.Constant(409 | 422), _, said, *_]):
            return [said]
        case ast.Call(func=ast.Name("invalid"), args=[said, *_]):
            return [said]
        case ast.Call(func=ast.Name("ValueError"), args=[said]) if of_input and is_sentence(said):
            return [said]
        case ast.FunctionDef(name=name) if name.startswith(SAYS_WHY):
            answers = (one.value for one in ast.walk(node) if isinstance(one, ast.Return | ast.Yield))
            return [one for one in answers if one is not None]
        case ast.Assign(targets=[ast.Name("WHY_NOT")], value=ast.Dict(values=values)):
            return values
    return []


def is_sentence(said: ast.expr) -> bool:
    """One without values, or with codes after it."""
    match said:
        case ast.JoinedStr(values=[ast.Constant(str(start)), *_]):
            return start.endswith(": ")
    return isinstance(said, ast.Constant)


def of_expression(said: ast.expr) -> Iterator[str]:
    """The sentences that it can be: of one with a source or codes after it, what stands before them."""
    match said:
        case ast.Constant(str(sentence)):
            yield sentence
        case ast.IfExp():
            yield from (*of_expression(said.body), *of_expression(said.orelse))
        case ast.JoinedStr(values=[ast.Constant(str(start)), *_]):
            sentence = start.rstrip(" (:")
            assert start.removeprefix(sentence) in {" (", ": "}, f"no catalogue can hold '{start}…'"
            yield sentence
