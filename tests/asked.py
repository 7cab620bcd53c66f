"""What a service asks its database: by SQLAlchemy, which says so itself, or of the driver, which says so as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from shared.adapters.database import Database

BESIDE = ("BEGIN", "COMMIT", "ROLLBACK")


@contextmanager
def asked_of(database: Database) -> Iterator[list[str]]:
    """Every statement that is carried out inside, as text."""
    asked, drivers = list[str](), set[Any]()

    def by_sqlalchemy(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    def of_the_driver(carried_out: Any) -> None:
        if not carried_out.query.startswith(BESIDE):
            asked.append(carried_out.query)

    def listen(connection: Any, *_: object) -> None:
        drivers.add(connection.driver_connection)
        connection.driver_connection.add_query_logger(of_the_driver)

    heard = (("before_cursor_execute", by_sqlalchemy), ("checkout", listen))
    for name, hear in heard:
        event.listen(database.engine.sync_engine, name, hear)
    yield asked
    for name, hear in heard:
        event.remove(database.engine.sync_engine, name, hear)
    for driver in drivers:
        driver.remove_query_logger(of_the_driver)
