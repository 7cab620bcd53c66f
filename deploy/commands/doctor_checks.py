"""What `qorgau doctor` looks at on this side of the broker: keys, clocks, database, vault, disk."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import col, func, select

from deploy.migrations.run import heads
from deploy.migrations.schema import LINEAGES, OF_AGENCY
from shared.adapters.audit_tables import Witnessed
from shared.adapters.database import WHOLE_NODE, Database, owner_url
from shared.adapters.identity import NO_KEYS, Identity
from shared.adapters.keyring import fetch
from shared.adapters.settings import Settings
from shared.adapters.tables import Quarantined
from shared.adapters.trust import Node
from shared.adapters.trust_list import CLOCK_SKEW, Use
from shared.adapters.vault_tables import DataKey
from shared.contract.errors import Problem, VaultError

if TYPE_CHECKING:
    from deploy.commands.doctor_broker import Link

ENDS_SOON = timedelta(days=14)
CLOCKS_DIFFER = timedelta(seconds=10)
RECENTLY = timedelta(days=1)
FREE_BYTES, FREE_SHARE = 2 * 1024**3, 0.05
USES: tuple[Use, ...] = ("sign", "encrypt")
FUTURE = "announced for the future"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and what to do about it."""

    what: str
    do: str


@dataclass(frozen=True)
class Patient:
    """The service that is looked at. `places`: where its disks must have space."""

    settings: Settings
    node: Node
    database: Database
    link: "Link"
    places: tuple[Path, ...]


async def check_keys(patient: Patient) -> Fault | None:
    """Of each use a key that the trust list names, the keys file holds, and that does not end within two weeks."""
    node, now = patient.node, datetime.now(UTC)
    anew = f"on the host that enrols: qorgau keys rotate {node.name}; bring keys file and trust.jws here"
    for use in USES:
        held = {kid: key.as_dict(private=False)["x"] for kid, key in node.own.now().by_kid.items()}
        good = [key for key in node.trust.keys(node.name, use) if held.get(key.kid) == key.key["x"]]
        if not good:
            return Fault(f"no key to {use} with that the trust list calls valid and the keys file holds", anew)
        ends = max(key.valid_until or datetime.max.replace(tzinfo=UTC) for key in good)
        if ends < now + ENDS_SOON:
            return Fault(f"the last key to {use} with ends at {ends:%Y-%m-%d %H:%M} UTC", anew)
    return None


async def check_issuer(patient: Patient) -> Fault | None:
    """It says where its keys are, and they are there: without them nobody is let in."""
    do = "are QORGAU_OIDC_ISSUER and what else begins with QORGAU_OIDC right, and is the provider reached from here?"
    try:
        await Identity(patient.settings, patient.node).fetch()
    except Problem as problem:
        return Fault(problem.told, do)
    except NO_KEYS as error:
        return Fault(f"the issuer's key set can't be had ({type(error).__name__})", do)
    return None


async def check_database(patient: Patient) -> Fault | None:
    """It answers, as a role that row-level security binds."""
    async with patient.database.transaction(organisation=WHOLE_NODE) as session:
        mine = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        free = (await (await session.connection()).execute(text(mine))).scalar_one()
    if free:
        return Fault("the service's role is bound by no row-level security", "connect as a role that is no superuser")
    return None


async def check_clock(patient: Patient) -> Fault | None:
    """Ours and the database's agree."""
    async with patient.database.transaction(organisation=WHOLE_NODE) as session:
        before = datetime.now(UTC)
        theirs = (await session.exec(select(func.clock_timestamp()))).one()
        middle = before + (datetime.now(UTC) - before) / 2
    apart = abs(theirs - middle)
    if apart > CLOCKS_DIFFER:
        return Fault(f"this clock and the database's are {apart.total_seconds():.0f} s apart", "let NTP set both")
    return None


async def check_clocks_of_others(patient: Patient) -> Fault | None:
    """No other node speaks from the future: neither what was kept of it, nor what was kept out for that."""
    now = datetime.now(UTC)
    async with patient.database.transaction(organisation=WHOLE_NODE) as session:
        said = select(Witnessed.node).where(Witnessed.at > now + CLOCKS_DIFFER)
        late = select(func.split_part(Quarantined.source_subject, ".", 3)).where(
            Quarantined.reason == FUTURE, Quarantined.last_at > now - RECENTLY, Quarantined.state == "kept"
        )
        ahead = {*(await session.exec(said)).all(), *(await session.exec(late)).all()}
    if ahead:
        skew = f"more than {CLOCK_SKEW.total_seconds() / 60:.0f} minutes are kept out"
        return Fault(f"{', '.join(sorted(ahead))}: ahead of this clock ({skew})", "let NTP set this clock and theirs")
    return None


async def check_schema(patient: Patient) -> Fault | None:
    """Migrations are at their heads. The service's role can't see that: where it is alone, every column is there."""
    do = "qorgau migrate, with this version of qorgau, as the database's owner"
    owner = owner_url(patient.settings)
    if owner is not None:
        missing = await heads(agency=patient.settings.agency, url=owner)
        return Fault(f"the schema lacks {', '.join(missing)}", do) if missing else None
    tables = [table for lineage in OF_AGENCY[patient.settings.agency] for table in LINEAGES[lineage]]
    wanted = {(t.schema or "public", t.name, c.name) for one in tables for t in [one.__table__] for c in t.columns}  # type: ignore[attr-defined]
    columns = (
        "select n.nspname, c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
        "join pg_namespace n on n.oid = c.relnamespace where a.attnum > 0 and not a.attisdropped"
    )
    async with patient.database.transaction(organisation=WHOLE_NODE) as session:
        there = {tuple(row) for row in await (await session.connection()).execute(text(columns))}
    lacking = sorted({table for _, table, _ in wanted - there})
    return Fault(f"the schema is older than this version: {', '.join(lacking)}", do) if lacking else None


async def check_vault(patient: Patient) -> Fault | None:
    """Of each key that wrapped data keys, one of these can be unwrapped: by keys that are here, or by the program."""
    missing = []
    async with patient.database.transaction(organisation=WHOLE_NODE) as session:
        by = select(DataKey.wrapped_by).where(col(DataKey.wrapped_by).is_not(None)).distinct()
        for kid in (await session.exec(by.order_by(DataKey.wrapped_by))).all():
            one = await session.exec(select(DataKey.id).where(DataKey.wrapped_by == kid).limit(1))
            try:
                await fetch(session, one.all())
            except VaultError:
                missing.append(str(kid))
    if missing:
        return Fault(
            f"data keys are wrapped by keys that are not here: {', '.join(missing)}",
            "put these keys behind the first one in what QORGAU_VAULT_KEYS names",
        )
    return None


async def check_disk(patient: Patient) -> Fault | None:
    """Two gigabytes and a twentieth of the disk are free, wherever data grows."""
    for place in patient.places:
        usage = shutil.disk_usage(place)
        if usage.free < max(FREE_BYTES, FREE_SHARE * usage.total):
            return Fault(f"{place}: {usage.free // 1024**2} MB free", "make space, or give it a larger disk")
    return None
