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
    "partners": Rule(None, read_by_all=True),  # whom letters can be written to: an operator says
    "inbox": Rule("recipient_id"),  # an event is its recipient's
    "audit_links": Rule(None),  # one chain over the entries of all organisations
    "quarantine": Rule(None),  # it could not be opened: nobody knows whose it is
    "trust_lists": Rule(None),  # the node's
}
# Where both parties of a case are at one organisation, a row of one is not seen by who works with the other. By these
# columns it is told whose a row is; which files lie behind a wall, and who is on which side, the tables of `walls` say.
FILE_COLUMNS = ("person_id", "referral_id")
FILES = {"persons": "id", "referrals": "id", "deadlines": "concerning", "changes": "concerning"}
# Places are counted whoever asks, and the record is read by no call. What a wall itself is made of has no such column.
SEEN_OVER_THE_WALL = frozenset({"stays", "bed_holds", "audit", "person_indexes"})
ACTOR = "coalesce((select current_setting('qorgau.actor', true)), '')"
CHIEF = "coalesce((select current_setting('qorgau.chief', true)), '') = 'yes'"
# A file lies behind the wall for who is on the other side; and for who is on none, once somebody works on it. A chief
# oversees both, unless assigned to one. A function that reads with its caller's rights, and not a part of the policies:
# PostgreSQL would plan it anew for each table of each statement, which costs more than most statements.
BEHIND_WALLS = f"""
select pg_advisory_xact_lock(hashtext('public.behind_walls'));
create or replace function public.behind_walls() returns uuid[]
language plpgsql stable parallel safe security invoker as $$
begin
    return array(
        select f.file_id from public.wall_files f
        join public.walls w on w.organisation_id = f.organisation_id and w.id = f.wall_id and w.ended_at is null
        left join public.wall_staff me on me.organisation_id = f.organisation_id and me.wall_id = f.wall_id
            and me.staff = {ACTOR} and (me.assigned_by is not null or not {CHIEF})
        where f.organisation_id = {SETTING} and case
            when me.side is not null then me.side <> f.side
            when {CHIEF} then false
            else exists (select 1 from public.wall_staff s where s.organisation_id = f.organisation_id
                         and s.wall_id = f.wall_id and s.side = f.side) end);
end $$
"""  # noqa: S608  # made of the constants above alone
# Read and added to, never changed or deleted.
ONLY_ADDED_TO = frozenset({"audit", "audit_links", "changes", "disclosures", "trust_lists", "witnessed"})
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
        await connection.execute(f"{BEHIND_WALLS}; grant execute on function public.behind_walls() to {quoted}")
        for schema in SCHEMAS:
            for table, columns in (await tables(connection, schema)).items():
                if table not in WITHHELD:
                    statements = _statements(schema, table, columns, role, single=single)
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


def walled_by(table: str, columns: Sequence[str]) -> list[str]:
    """The columns that name whose file a row belongs to."""
    if table in SEEN_OVER_THE_WALL:
        return []
    own = [FILES[table]] if table in FILES else []
    return own + [column for column in FILE_COLUMNS if column in columns]


def _statements(schema: str, table: str, columns: Sequence[str], role: str, *, single: bool) -> list[str]:
    """`single`: the service's role owns the table. Row-level security binds even it, until it says no."""
    rule = rule_of(table, columns)
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
    for column in walled_by(table, columns):
        hidden = f"{ACTOR} = '' or {column} is null or {column} <> all ((select public.behind_walls())::uuid[])"
        policy = f"behind_its_wall_{column} on {name}"
        statements.append(f"drop policy if exists {policy}")
        statements.append(f"create policy {policy} as restrictive for select using ({hidden})")
    if rule.read_by_all:
        statements.append(f"create policy told_to_all on {name} for select using ({SETTING} <> '')")
    return statements


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
