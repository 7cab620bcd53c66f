"""The client's shapes are those that the services say of themselves."""

import inspect
from typing import get_type_hints

import httpx
import pytest

from qorgau.client import shapes
from shared.contract.vocabulary import Agency
from tests.network import Access

CONTAINERS = {"Page", "Items"}
CALLED = {"Consent": "ConsentOut"}  # by another name in the description
SHAPES = {name: one for name, one in vars(shapes).items() if inspect.isclass(one) and hasattr(one, "__total__")}


@pytest.fixture(scope="module")
async def described(access: Access) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    async with httpx.AsyncClient(timeout=60) as client:
        for agency in Agency:
            schemas = (await client.get(f"{access.urls[agency]}/openapi.json")).json()["components"]["schemas"]
            found |= {name: set(schema.get("properties", ())) for name, schema in schemas.items()}
    return found


@pytest.mark.parametrize("name", sorted(SHAPES.keys() - CONTAINERS))
async def test_a_shape_has_the_members_that_the_api_says(described: dict[str, set[str]], name: str) -> None:
    assert set(get_type_hints(SHAPES[name])) == described[CALLED.get(name, name)]
