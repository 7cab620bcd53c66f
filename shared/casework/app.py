"""Put a service together: routes, handlers, loops. Each agency's `app.py` calls this with what is its own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from shared.adapters import http
from shared.adapters.broker_tls import files_of
from shared.adapters.database import WHOLE_NODE, open_database
from shared.adapters.documented import with_problems
from shared.adapters.health import router as health_router
from shared.adapters.identity import Identity
from shared.adapters.jetstream import Broker
from shared.adapters.middleware import LimitBody, Observe, Shed
from shared.adapters.oidc import Provider
from shared.adapters.outbox import Work
from shared.adapters.settings import Settings
from shared.adapters.tasks import end
from shared.adapters.telemetry import configure_logging, configure_tracing
from shared.adapters.trust import Node, load_node
from shared.adapters.trust_memory import refuse_older, remember
from shared.adapters.wrapping_program import read_wrapping
from shared.casework.beds import store as board
from shared.casework.directory import store as directory_store
from shared.casework.directory.hosted import read_file
from shared.casework.loops import for_ever, loops_of
from shared.casework.parts import ROUTERS, AgencyParts
from shared.contract.errors import Problem, SettingsError

log = structlog.get_logger()


def create_app(parts: AgencyParts, settings: Settings, *, clock: Callable[[], datetime] | None = None) -> FastAPI:
    """The service. Raises SettingsError for another agency's settings, OSError or SealError for a bad file."""
    if settings.agency is not parts.agency:
        raise SettingsError(f"QORGAU_AGENCY is {settings.agency}, this is the service of {parts.agency}")
    clock = clock or now_in_utc
    files = (settings.keys_file, settings.trust_file, settings.operator_key_file)
    node = load_node(settings.node, settings.agency, *files, calendar_file=settings.calendar_file, clock=clock)
    app = FastAPI(
        title=f"Qorgau: {parts.agency.value}",
        description=parts.mandate,
        version="1",
        lifespan=_lifespan,
        servers=[{"url": settings.public_url}] if settings.public_url else None,
        exception_handlers=ON_ERROR,
        telemetry=NO_NATIVE_TELEMETRY,
    )
    _equip(app, parts, settings, node)
    app.state.clock = clock
    app.include_router(health_router)
    for router in (*ROUTERS, *parts.routers):
        app.include_router(router, prefix="/v1", dependencies=[Depends(http.bearer)])
    for pages in parts.pages:
        app.include_router(pages, prefix="/desk")
    app.openapi = with_problems(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    app.add_middleware(LimitBody, limit=settings.max_body_bytes)
    app.add_middleware(Observe)
    app.add_middleware(Shed, limit=settings.calls_at_once)
    return app


def now_in_utc() -> datetime:
    """The clock of a running service."""
    return datetime.now(UTC)


def _equip(app: FastAPI, parts: AgencyParts, settings: Settings, node: Node) -> None:
    """What routes and loops find at `app.state`."""
    app.state.stopping = False  # set by who runs the service, before it ends
    app.state.following = Counter()  # how many follow what happens here, by organisation
    app.state.trying = set()  # whose webhook is being tried out
    app.state.parts, app.state.settings, app.state.node = parts, settings, node
    app.state.database = open_database(settings, keys=read_wrapping(settings.vault_keys))
    tls = files_of(settings)
    app.state.broker = Broker(url=settings.nats_url, seed_file=settings.nats_seed_file, node=node.name, tls=tls)
    app.state.identity = Identity(settings, node)
    app.state.provider = Provider(settings, app.state.identity)


# FastAPI's own spans and logs repeat paths and queries as the caller typed them; ours name the route (`middleware`).
NO_NATIVE_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
ON_ERROR: dict[int | type[Exception], Any] = {
    Problem: http.on_error,
    RequestValidationError: http.on_error,
    HTTPException: http.on_http,
    SQLAlchemyError: http.on_error,
    OSError: http.on_error,
}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Host the organisations, then run the loops until the service stops."""
    settings: Settings = app.state.settings
    configure_logging(node=settings.node)
    tracing = configure_tracing(node=settings.node, endpoint=settings.otlp_endpoint)
    await host(app)
    tasks = [asyncio.create_task(for_ever(name, run)) for name, run in loops_of(app).items()]
    log.info("service.started", agency=settings.agency)
    yield
    await end(tasks)
    await app.state.broker.close()
    await app.state.database.close()
    tracing.shutdown()


async def host(app: FastAPI) -> None:
    """The operator's file says which organisations live here; the trust list must agree, and be no older than one that
    was taken before. Raises SettingsError."""
    hosted = read_file(app.state.settings.organisations_file)
    node: Node = app.state.node
    for organisation in hosted:
        if not node.hosts(organisation.id) or organisation.agency is not node.agency:
            raise SettingsError("the organisations file names one that the trust list does not give to this node")
    async with app.state.database.transaction(organisation=WHOLE_NODE) as session:
        work = Work(session, node, app.state.clock())
        await refuse_older(work)
        await remember(work)
        await directory_store.host(session, organisations=hosted, at=work.now)
        await board.settle(session)
