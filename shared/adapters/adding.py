"""Rows that are added and not touched again: those of several tables in one statement, one round trip.

The ORM takes a statement for each table, and more of the processor's time for it than all else that adds them. Here the
statement of some tables is written once; what a column takes is still said by its type. An entry of the record brings
along the note that it waits to be chained.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.asking import ask
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.database import MARK, RECORDED, TOLD

Written = Callable[[Any], Any]
_ALONG: dict[type[SQLModel], str] = {
    AuditEntry: "insert into audit_waiting (entry_id, organisation_id) select id, organisation_id from {}"
}
_DIALECT = dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own


async def add(session: AsyncSession, *rows: SQLModel, notify: str | None = None) -> None:
    """Add rows to the transaction, all or none. `notify`: a channel whose listeners are woken when it commits."""
    await _add(session, _statement(tuple(type(row) for row in rows), is_told=notify is not None), rows, notify)


async def add_unless_there(session: AsyncSession, first: SQLModel, *rows: SQLModel) -> bool:
    """The same, if there is no row like the first yet, as its keys say. Whether there was none."""
    statement = _statement(tuple(type(row) for row in (first, *rows)), is_told=False, unless_there=True)
    return bool(await _add(session, statement, (first, *rows), None))


async def _add(session: AsyncSession, statement: str, rows: Sequence[SQLModel], notify: str | None) -> object:
    values = [value for row in rows for value in _values_of(row)]
    if notify is not None:
        session.info.setdefault(TOLD, {})[notify] = True
        values += [notify, session.info[MARK]]
    ((said,),) = await ask(session, statement, *values)
    if any(isinstance(row, AuditEntry) for row in rows):
        session.info[RECORDED] = True
    return said


def _insert_of(model: type[SQLModel], *, first: int, only_with: str = "") -> str:
    """An insert of one row, whose values are the parameters from `first` on, in the order of `_values_of`. `only_with`:
    what must have given a row back."""
    names = [_DIALECT.identifier_preparer.quote(name) for name in _columns(model)]
    values = ", ".join(f"${first + number}" for number in range(len(names)))
    row = f"select {values} from {only_with}" if only_with else f"values ({values})"  # noqa: S608  # names of ours
    return f"insert into {_table(model).fullname} ({', '.join(names)}) {row}"


def _values_of(row: SQLModel) -> list[Any]:
    """The values of a row as the driver takes them."""
    return [written(getattr(row, name)) for name, written in _columns(type(row)).items()]


@cache
def _statement(models: tuple[type[SQLModel], ...], *, is_told: bool, unless_there: bool = False) -> str:
    """Gives back true, or whether the first row was added `unless_there`."""
    parts, first = [], 1
    for number, model in enumerate(models):
        added, along = f"added_{number}", _ALONG.get(model, "")
        insert = _insert_of(model, first=first, only_with="added_0" if unless_there and number else "")
        insert += " on conflict do nothing" if unless_there and not number else ""
        parts.append(f"{added} as ({insert} returning *)")
        parts += [f"along_{number} as ({along.format(added)})"] if along else []
        first += len(_columns(model))
    told = f"pg_notify(${first}, ${first + 1})" if is_told else "true"
    told = "exists (select from added_0)" if unless_there else told
    return f"with {', '.join(parts)} select {told}"


@cache
def _columns(model: type[SQLModel]) -> dict[str, Written]:
    """How the value of each column is written; those that the database makes are left to it."""
    ours = [column for column in _table(model).columns if column.identity is None]
    kinds = {column.name: column.type.dialect_impl(_DIALECT) for column in ours}
    return {name: kind.bind_processor(_DIALECT) or _as_it_is for name, kind in kinds.items()}


def _as_it_is(value: Any) -> Any:
    return value


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]  # every model with a table has it
    return table
