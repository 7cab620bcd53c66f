"""What of a change to the events makes another version of the contract, by the rule that stands at `CONTRACT`.

Nodes of two versions of the software run side by side while a network is upgraded: what the one sends the other reads,
either way. New events and new fields that may be left out are no new version; anything else is, wider codes, longer
texts and other categories included. Titles and descriptions bind nobody.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from shared.contract.schemas import CATEGORY, Schema, inlined

NOW_CANT = "this version can't read what the one before sends"
THEN_CANT = "the version before can't read what this one sends"
NEITHER = "the two versions read it differently"
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
BINDS_NOBODY = {"title", "description", "examples", "deprecated", "$comment", "$schema", "$id"}
# Compared one by one below. Every other keyword has to be the same.
LOOKED_AT = {"type", "format", "enum", "const", "items", "properties", "required", "default", CATEGORY, *LOWER, *UPPER}


class Change(NamedTuple):
    """Something that another version of the contract is needed for: of which event and field, and for whom."""

    event: str
    field: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.event}: {self.field} {self.what}: {self.why}" if self.field else f"{self.event}: {self.why}"


def changes(before: Mapping[str, Schema], now: Mapping[str, Schema]) -> tuple[Change, ...]:
    """All that differs between two sets of schemas, by CloudEvents type, but for what is no new version."""
    found: list[Change] = []
    for event, schema in sorted(before.items()):
        if event not in now:
            found.append(Change(event, "", "", f"it is gone, and {NOW_CANT}"))
            continue
        told = _node(inlined(schema), inlined(now[event]), "")
        found += [Change(event, field, what, why) for field, what, why in told]
    return tuple(found)


_Told = tuple[str, str, str]


def _node(then: Schema, now: Schema, field: str) -> Iterator[_Told]:
    """What differs at one place: among its kinds of values, and what it means or is where nothing is said."""
    was, may_be = _kinds(then), _kinds(now)
    for kind in sorted(was.keys() - may_be.keys()):
        yield field, f"can't be {kind} any more", NOW_CANT
    for kind in sorted(may_be.keys() - was.keys()):
        yield field, f"can be {kind} now", THEN_CANT
    for kind in sorted(was.keys() & may_be.keys()):
        if len(was[kind]) != len(may_be[kind]):
            yield field, f"is {kind} in other ways", NEITHER
            continue
        for one, other in zip(was[kind], may_be[kind], strict=True):
            yield from _alike(one, other, field)
    for name, word in ((CATEGORY, "category"), ("default", "meaning where it is left out")):
        if then.get(name) != now.get(name):
            yield field, f"has another {word}", NEITHER


def _kinds(node: Schema) -> dict[str, list[Schema]]:
    """The sorts of values that a place takes, each with its schemas. What stands beside alternatives holds for each."""
    found: dict[str, list[Schema]] = defaultdict(list)
    beside = {name: value for name, value in node.items() if name != "anyOf"}
    for one in [{**beside, **alternative} for alternative in node.get("anyOf", [{}])]:
        codes = one.get("enum", [one["const"]] if "const" in one else None)
        kind = one.get("type", "a code" if codes else "anything")
        kind = f"{kind} ({one['format']})" if "format" in one else kind
        found[kind].append(one if codes is None else {**one, "enum": codes})
    return found


def _alike(then: Schema, now: Schema, field: str) -> Iterator[_Told]:
    """What differs between two schemas of the same sort of value."""
    yield from _codes(then, now, field)
    yield from _bounds(then, now, field)
    for name in sorted((then.keys() | now.keys()) - LOOKED_AT - BINDS_NOBODY):
        nothing = name == "additionalProperties"  # what may stand there if nothing is said: anything
        if then.get(name, nothing) != now.get(name, nothing):
            yield field, f"has another {name}", NEITHER
    if "items" in then or "items" in now:
        yield from _node(then.get("items", {}), now.get("items", {}), f"{field}[]")
    yield from _fields(then, now, field)


def _codes(then: Schema, now: Schema, field: str) -> Iterator[_Told]:
    was, may_be = then.get("enum"), now.get("enum")
    if was is None and may_be is None:
        return
    if was is None or may_be is None:
        yield field, "is a code now" if was is None else "is no code any more", NOW_CANT if was is None else THEN_CANT
        return
    for code in was:
        if code not in may_be:
            yield field, f"has no code {code!r} any more", NOW_CANT
    for code in may_be:
        if code not in was:
            yield field, f"has a new code {code!r}", THEN_CANT


def _bounds(then: Schema, now: Schema, field: str) -> Iterator[_Told]:
    for names, sign in ((LOWER, 1), (UPPER, -1)):
        for name in names:
            was, is_now = _bound(then, name, sign), _bound(now, name, sign)
            if was != is_now:
                said = f"has {name} {now.get(name, 'none')} and had {then.get(name, 'none')}"
                yield field, said, NOW_CANT if is_now > was else THEN_CANT


def _bound(node: Schema, name: str, sign: int) -> float:
    """The larger, the narrower."""
    return float(node[name] * sign) if name in node else float("-inf")


def _fields(then: Schema, now: Schema, field: str) -> Iterator[_Told]:
    was, is_there = then.get("properties", {}), now.get("properties", {})
    for name in was:
        if name not in is_there:
            yield _place(field, name), "is gone", "what the version before says there is lost"
        else:
            yield from _required(name, then, now, _place(field, name))
            yield from _node(was[name], is_there[name], _place(field, name))
    for name in is_there:
        if name not in was and name in now.get("required", ()):
            yield _place(field, name), "is new, and can't be left out", NOW_CANT
        elif name not in was and then.get("additionalProperties") is False:
            yield _place(field, name), "is new where nothing else may stand", THEN_CANT


def _required(name: str, then: Schema, now: Schema, field: str) -> Iterator[_Told]:
    had_to, has_to = (name in schema.get("required", ()) for schema in (then, now))
    if has_to and not had_to:
        yield field, "can't be left out any more", NOW_CANT
    if had_to and not has_to:
        yield field, "can be left out now", THEN_CANT


def _place(field: str, name: Any) -> str:
    return f"{field}.{name}" if field else str(name)
