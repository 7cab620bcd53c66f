"""What is counted of orders (F13; report, 2.1, questions 18, 19 and 22): how many were made, and how many broken."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from services.police.orders.tables import BreachRow, OrderRow
from shared.casework.statistics.counting import CountedTable, Indicator
from shared.contract.vocabulary import OrderKind

BY_KIND = (Indicator("kind", tuple(OrderKind)),)
WHOM: ColumnElement[Any] = col(OrderRow.protected_id).label("person_id")
TABLES = (
    CountedTable(
        name="orders-by-kind",
        subject="orders",
        counts="orders that were recorded",
        by=BY_KIND,
        rows=select(col(OrderRow.organisation_id), col(OrderRow.created_at).label("at"), WHOM, col(OrderRow.kind)),
    ),
    CountedTable(
        name="order-breaches-by-kind",
        subject="breaches of orders",
        counts="breaches that were recorded, by the kind of the order",
        by=BY_KIND,
        rows=select(
            col(OrderRow.organisation_id), col(BreachRow.created_at).label("at"), WHOM, col(OrderRow.kind)
        ).join(BreachRow, col(BreachRow.order_id) == col(OrderRow.id)),
    ),
)
