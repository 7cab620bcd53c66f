"""The region's statistics at the desk of social services: for who takes statistics, as each has published."""

import csv
from io import StringIO

import pytest

from shared.adapters.identity import ROLES
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import POLICE
from tests.social.test_region import RURAL, SOCIAL, TABLE, Region, region  # noqa: F401  # a fixture
from tests.workbench import Bench

WHERE = "/desk/region"


@pytest.mark.parametrize("role", ROLES)
async def test_it_is_for_the_roles_that_take_statistics(social: Bench, signed_in: SignIn, role: str) -> None:
    page = await (await signed_in(social, SOCIAL, role)).get(WHERE)
    assert page.status_code == (200 if role in ("supervisor", "statistician") else 403)


async def test_what_was_published_is_added_up_and_who_has_not_reported_is_named(
    region: Region,  # noqa: F811  # the fixture
    signed_in: SignIn,
) -> None:
    statistician = await signed_in(region.social, SOCIAL, "statistician")
    assert "Nobody has reported of this month." in words(await statistician.get(f"{WHERE}?month=2026-03"))
    for organisation in (POLICE, RURAL):
        await region.publish(organisation)
    await exchange(region.police, region.social)
    page = await statistician.get(f"{WHERE}?month=2026-03")
    assert f'href="{WHERE}/{TABLE}?month=2026-03"' in page.text
    table = await statistician.get(f"{WHERE}/{TABLE}?month=2026-03")
    assert "of 2 organisations" in words(table)
    taken = await statistician.get(f"{WHERE}/{TABLE}?month=2026-03&format=csv")
    assert next(csv.reader(StringIO(taken.text)))[:3] == ["table", "month", "region"]


@pytest.mark.parametrize("said", ["month=March", "month=<script>", "month=2026-03&person=1"])
async def test_what_is_no_month_is_refused_and_no_table_is_not_there(
    social: Bench, signed_in: SignIn, said: str
) -> None:
    statistician = await signed_in(social, SOCIAL, "statistician")
    answer = await statistician.get(f"{WHERE}?{said}")
    assert answer.status_code == 422
    assert "<script>" not in answer.text.partition("<main")[2]
    assert (await statistician.get(f"{WHERE}/nothing?month=2026-03")).status_code == 404


async def test_it_is_social_services_alone(police: Bench, signed_in: SignIn) -> None:
    assert (await (await signed_in(police, POLICE, "statistician")).get(WHERE)).status_code == 404
