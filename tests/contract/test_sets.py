"""Sets are written in order."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from shared.contract.agreement import Agreement, Exchange
from shared.contract.consent import Consent
from shared.contract.grounds import Handling
from shared.contract.sets import IN_ORDER, SortedSet
from shared.contract.vocabulary import DataCategory

NAMES = [f"shelter-{number}" for number in range(40)]


class Held(BaseModel):
    names: SortedSet[str] = Field(min_length=2)
    categories: SortedSet[DataCategory]


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1], NAMES[20:] + NAMES[:20]])
def test_all_who_hold_the_same_set_write_the_same(names: list[str]) -> None:
    held = Held(names=frozenset(names), categories=frozenset(DataCategory))
    for written in (json.loads(held.model_dump_json()), held.model_dump(mode="json")):
        assert written == {"names": sorted(NAMES), "categories": sorted(DataCategory)}
    assert Held.model_validate_json(held.model_dump_json()) == held


def test_in_the_process_it_stays_a_set() -> None:
    held = Held(names=frozenset(NAMES), categories=frozenset())
    assert held.model_dump() == {"names": frozenset(NAMES), "categories": frozenset()}


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_its_schema_is_that_of_a_set(mode: Any) -> None:
    plain = TypeAdapter(frozenset[str]).json_schema(mode=mode)
    assert TypeAdapter(SortedSet[str]).json_schema(mode=mode) == plain
    assert plain == {"type": "array", "uniqueItems": True, "items": {"type": "string"}}


@pytest.mark.parametrize("model", [Agreement, Exchange, Consent, Handling])
def test_whatever_the_contract_writes_with_a_set_is_written_in_order(model: type[BaseModel]) -> None:
    sets = [field for field in model.model_fields.values() if "frozenset" in str(field.annotation)]
    assert sets
    for field in sets:
        assert IN_ORDER in field.metadata, field
