"""Whatever a call asks of tables that hold years, PostgreSQL finds by an index: its own plan of each statement says so.

The plan is the generic one, which has to do for whatever is asked about; made as the service's role, with its policies.
"""

import re
from uuid import UUID

from sqlalchemy import text

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import POLICE
from tests.asked import asked_of
from tests.faults.test_growth import HISTORY, OF_POLICE, ROWS, Meter, a_case, after_years
from tests.workbench import Bench

PLANNED = ("select", "update", "delete", "insert", "with")
PLAN = """create function pg_temp.plan_of(it text) returns setof text language plpgsql as
$$ begin return query execute 'explain (generic_plan) ' || it; end $$"""
SOME, MANY = UUID(int=ROWS // 2), 50
COUNT = "select count(*) from referrals where purpose = 'lodging'"  # reads it all: it shows that this would be seen
PATHS = (
    "/referrals?box=outgoing",
    "/referrals?box=incoming&state=requested",
    f"/referrals/{SOME}",
    f"/referrals/{SOME}/messages",
    "/disclosures",
    f"/persons/{SOME}/disclosures",
    f"/consents/{SOME}",
    f"/events?after={SOME}",
    "/emergencies",
    "/violence-reports",
    "/refusal-notices",
    "/deadlines",
    "/reminders",
)
HELD = {**HISTORY, **OF_POLICE}


async def plans(service: Bench, statements: set[str]) -> dict[str, str]:
    """The plan of each, as text."""
    found = {}
    async with service.work(POLICE) as work:
        connection = await work.session.connection()
        await connection.execute(text(PLAN))
        for statement in sorted(one for one in statements if one.strip().lower().startswith(PLANNED)):
            rows = await connection.execute(text("select pg_temp.plan_of(:it)"), {"it": statement})
            found[statement] = "\n".join(row[0] for row in rows)
    return found


def read_whole(found: dict[str, str]) -> set[tuple[str, str]]:
    """(table, statement) where one that holds years is read from end to end."""
    whole = {table: re.compile(rf"Seq Scan on {table}\b") for table in HELD}
    return {(table, one) for one, plan in found.items() for table, scan in whole.items() if scan.search(plan)}


async def test_what_calls_ask_of_years_is_found_by_an_index(network: Network) -> None:
    async with after_years(network, Agency.POLICE, POLICE, HELD) as police:
        with asked_of(police.database) as statements:
            async with police.client(POLICE, "supervisor") as officer:
                for path in PATHS:
                    assert (await officer.get(path)).is_success, path
                await a_case(Meter(police), officer)
        assert any("keyring.data_keys" in one for one in statements), "what is asked of the driver is noted, too"
        found = await plans(police, {*statements, COUNT})
    assert len(found) > MANY
    assert read_whole(found) == {("referrals", COUNT)}
