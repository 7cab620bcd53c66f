"""Migrations lead to exactly the tables that the models describe."""

import asyncio
from uuid import uuid4

import pytest

from deploy.migrations.run import check
from deploy.migrations.schema import OF_AGENCY, table_names
from deploy.network import Network, migrate
from shared.contract.vocabulary import Agency


@pytest.mark.parametrize("agency", list(Agency))
async def test_an_empty_database_is_brought_to_what_the_models_say(network: Network, agency: Agency) -> None:
    name = f"migrated_{uuid4().hex[:12]}"
    await network.postgres.ensure_database(name=name, password="migrated", owner_password="owner")
    url = network.postgres.url(role=f"{name}_owner", password="owner", database=name)
    await migrate(agency, url, role=name)
    await migrate(agency, url, role=name)
    await asyncio.to_thread(check, agency=agency, url=url)


def test_no_agency_has_the_tables_that_only_another_has() -> None:
    assert "refusal_notices" in table_names(Agency.POLICE) - table_names(Agency.SHELTER)
    assert "refusals" in table_names(Agency.SHELTER) - table_names(Agency.POLICE)
    assert "examinations" in table_names(Agency.HEALTH) - table_names(Agency.SOCIAL)
    assert "units" not in table_names(Agency.POLICE) | table_names(Agency.SOCIAL)
    assert set(OF_AGENCY) == set(Agency)
