"""What an entry of the record costs inside a transaction, beside a plain insert of the row, and the driver alone."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from uuid import UUID

from sqlmodel import SQLModel, insert

from deploy.network import Network
from shared.adapters.audit import Action, record
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.outbox import Work
from shared.contract.vocabulary import Agency
from tests.bench.measure import OURS, Contenders, Effort, Run
from tests.workbench import Bench, bench

PLAIN, DRIVER = "a plain insert of the row", "asyncpg alone"
ORGANISATION, PERSON = "police-19", UUID(int=7)
DETAILS = {"what": "referral", "rules": ["P-F1-LODGING"], "categories": ["identity", "routing"]}
_AUDIT = SQLModel.metadata.tables[str(AuditEntry.__tablename__)]
_SQL = "insert into audit (organisation_id, at, actor, action, concerning, person_id, details) values "
_SQL += "($1, $2, $3, $4, $5, $6, $7)"


@asynccontextmanager
async def contenders(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """In a database of a service at rest."""
    async with bench(network, Agency.POLICE) as service:
        appending = {OURS: _ours, PLAIN: _plain, DRIVER: _by_the_driver}
        yield {name: _run(service, append, effort.calls) for name, append in appending.items()}


def _run(service: Bench, append: Callable[[Work], Awaitable[object]], times: int) -> Run:
    """Microseconds on the clock for one entry; the commit of them all does not count."""

    async def run() -> float:
        async with service.work(ORGANISATION) as work:
            begun = perf_counter()
            for _ in range(times):
                await append(work)
            return (perf_counter() - begun) / times * 1e6

    return run


async def _ours(work: Work) -> None:
    about = {"concerning": PERSON, "person_id": PERSON, "details": DETAILS}
    await record(work, organisation_id=ORGANISATION, action=Action.RECORDED, **about)  # type: ignore[arg-type]  # as named


async def _plain(work: Work) -> None:
    entry = {
        "organisation_id": ORGANISATION,
        "at": work.now,
        "actor": work.actor,
        "action": "recorded",
        "concerning": str(PERSON),
        "person_id": PERSON,
        "details": DETAILS,
    }
    await work.session.exec(insert(_AUDIT).values(entry))


async def _by_the_driver(work: Work) -> None:
    connection = (await (await work.session.connection()).get_raw_connection()).driver_connection
    assert connection is not None
    row = (ORGANISATION, work.now, work.actor, "recorded", str(PERSON), PERSON, json.dumps(DETAILS))
    await connection.execute(_SQL, *row)
