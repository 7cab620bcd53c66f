"""Whatever is sent to any call of any agency, the answer is never a fault of ours."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from shared.contract.vocabulary import Agency
from tests.network import Access

AS = {
    Agency.POLICE: "police-31",
    Agency.SHELTER: "shelter-near-31",
    Agency.HEALTH: "hospital-31",
    Agency.SOCIAL: "social-31",
}
MANY = 25
EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("agency", list(Agency))
def test_no_call_makes_a_service_fail(access: Access, agency: Agency) -> None:
    token = access.enrolment.token(organisation=AS[agency], roles=["supervisor"])
    headers = {"Authorization": f"Bearer {token}"}
    described = schemathesis.openapi.from_url(f"{access.urls[agency]}/openapi.json")
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]

    for operation in operations:

        @EXAMPLES
        @given(case=operation.as_strategy())
        def stands_up_to(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=headers, checks=[not_a_server_error])

        stands_up_to()
    assert len(operations) > MANY


@pytest.mark.parametrize("agency", list(Agency))
async def test_every_body_that_can_be_sent_has_a_worked_example(access: Access, agency: Agency) -> None:
    async with httpx.AsyncClient() as client:
        api = (await client.get(f"{access.urls[agency]}/openapi.json")).json()
    schemas = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for path in api["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    given = [schema.get("anyOf", [schema])[0] for schema in schemas]  # a body that may be left out is one of two
    bodies = [schema["$ref"].rsplit("/", 1)[1] for schema in given]
    without = {name for name in bodies if not api["components"]["schemas"][name].get("examples")}
    assert without == set()
