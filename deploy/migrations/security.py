"""What the application's role may do, said by the database itself: grants and row-level security.

Applied after every upgrade from what the catalogue says is there, so that a migration can't forget it. The service's
role owns nothing: it can't alter or drop a table, switch row-level security off, or change what is only ever added to.
A table with `organisation_id` shows a transaction the rows of the organisation that it was begun for. The others are
decided one by one in `SPECIAL`; what is in neither is open only to what works for the whole node.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

OWNER = "organisation_id"
SETTING = "(select current_setting('qorgau.organisation', true))"
LOCK_TIMEOUT = "10s"
SCHEMAS = ("public", "keyring")


@dataclass(frozen=True)
class Rule:
    """`owner`: the column that names whose row it is, or None for rows that are nobody's, which only what works for the
    whole node reaches. `read_by_all`: what was announced to everyone."""

    owner: str | None
    read_by_all: bool = False


SPECIAL: dict[str, Rule] = {
    "bed_board": Rule(OWNER, read_by_all=True),  # announced to everyone; written as the organisation that announced
    "organisations": Rule("id", read_by_all=True),  # the directory: the same
    "inbox": Rule("recipient_id"),  # an event is its recipient's
    "audit_links": Rule(None),  # one chain over the entries of all organisations
    "quarantine": Rule(None),  # it could not be opened: nobody knows whose it is
    "trust_lists": Rule(None),  # the node's
}
# Read and added to, never changed or deleted.
ONLY_ADDED_TO = frozenset({"audit", "audit_links", "disclosures", "trust_lists", "witnessed"})
# Alembic's own: the service reads and writes nothing there.
WITHHELD = frozenset({"alembic_version"})


def secure(*, url: str, role: str) -> None:
    """Grant `role` its part of the database at `url`, as its owner. Runs an event loop of its own.

    Each table is one short transaction: a service that is running meanwhile waits, and can't be deadlocked.
    """
    asyncio.run(_secure(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), role))


async def _secure(dsn: str, role: str) -> None:
    connection: Any = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"set lock_timeout = '{LOCK_TIMEOUT}'")
        single = await connection.fetchval("select current_user") == role
        quoted = _quoted(role)
        for schema in SCHEMAS:
            for table, columns in (await tables(connection, schema)).items():
                if table not in WITHHELD:
                    statements = _statements(schema, table, rule_of(table, columns), role, single=single)
                    await connection.execute("; ".join(statements))
            await connection.execute(f"grant usage on all sequences in schema {schema} to {quoted}")
            await connection.execute(
                f"grant usage on schema {schema} to {quoted}; revoke create on schema {schema} from public"
            )
    finally:
        await connection.close()


async def tables(connection: Any, schema: str = "public") -> dict[str, list[str]]:
    """Every table of a schema with its columns."""
    rows = await connection.fetch(
        "select c.relname, array_agg(a.attname::text) as columns from pg_class c "
        "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
        "where c.relnamespace = $1::text::regnamespace and c.relkind in ('r', 'p') group by c.relname order by 1",
        schema,
    )
    return {row["relname"]: row["columns"] for row in rows}


def rule_of(table: str, columns: Sequence[str]) -> Rule:
    """Whose the rows of a table are."""
    return SPECIAL.get(table) or Rule(OWNER if OWNER in columns else None)


def _statements(schema: str, table: str, rule: Rule, role: str, *, single: bool) -> list[str]:
    """`single`: the service's role owns the table. Row-level security binds even it, until it says no."""
    name, whom = f"{schema}.{_quoted(table)}", _quoted(role)
    verbs = "select, insert" if table in ONLY_ADDED_TO else "select, insert, update, delete"
    mine = f"{SETTING} = '*'" + (f" or {_quoted(rule.owner)} = {SETTING}" if rule.owner else "")
    statements = [
        f"alter table {name} enable row level security",
        f"alter table {name} {'force' if single else 'no force'} row level security",
        f"drop policy if exists its_own on {name}",
        f"create policy its_own on {name} using ({mine}) with check ({mine})",
        f"drop policy if exists told_to_all on {name}",
        f"revoke all on {name} from {whom}",
        f"grant {verbs} on {name} to {whom}",
    ]
    if rule.read_by_all:
        statements.append(f"create policy told_to_all on {name} for select using ({SETTING} <> '')")
    return statements


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
