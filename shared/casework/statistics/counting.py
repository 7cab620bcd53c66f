"""What can be counted: literal tables. An agency's own stand in its `statistics.py`, those of all agencies here.

Each indicator of a subject stands in exactly one table. So two tables of a subject have only its total in common, and
their difference tells nothing of who is in both.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.tables import ReferralRow
from shared.contract.statistics import Key
from shared.contract.vocabulary import Purpose, ReferralState, Side

Rows: TypeAlias = Select[*tuple[Any, ...]]
# Where an indicator is sealed: (session, organisation, from, to) -> the rows of that time, opened to be counted.
Opened: TypeAlias = Callable[[AsyncSession, str, datetime, datetime], Awaitable[Rows]]
ENDED = (
    ReferralState.COMPLETED,
    ReferralState.FAILED,
    ReferralState.DECLINED,
    ReferralState.REDIRECTED,
    ReferralState.CANCELLED,
    ReferralState.WITHDRAWN,
)


@dataclass(frozen=True)
class Indicator:
    """What is distinguished, and its codes; every counted thing has exactly one."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class CountedTable:
    """A table: what is counted, by one indicator (a list) or two (a cross table).

    `rows` selects one row per counted thing: `organisation_id`, `at` (when it was recorded here: that decides its
    month), `person_id` (whom it is about; null where no record here says who), and each indicator by its name.
    A subject's tables select the same things.
    """

    name: str
    subject: str
    counts: str  # in words, for the reader
    by: tuple[Indicator, ...]
    rows: Rows | Opened

    @property
    def keys(self) -> list[Key]:
        """Every cell."""
        return list(product(*(indicator.codes for indicator in self.by)))


def _referrals(side: Side) -> Rows:
    """Referrals sent or received, by the time at which this side recorded them."""
    row = ReferralRow
    query: Rows = select(col(row.organisation_id), col(row.created_at).label("at"), _person(), col(row.purpose))
    return query.where(col(row.side) == side)


def _outcomes(side: Side) -> Rows:
    """Referrals that ended, by the time at which this side recorded that."""
    row = ReferralRow
    query: Rows = select(
        col(row.organisation_id), col(row.updated_at).label("at"), _person(), col(row.state).label("outcome")
    )
    return query.where(col(row.side) == side, col(row.state).in_(ENDED))


def _person() -> ColumnElement[Any]:
    """Whom a referral is about: at its sender it says so; at its receiver, the person taken over from it."""
    taken = select(col(PersonRow.id)).where(
        col(PersonRow.taken_from) == col(ReferralRow.id),
        col(PersonRow.organisation_id) == col(ReferralRow.organisation_id),
    )
    return func.coalesce(col(ReferralRow.person_id), taken.limit(1).scalar_subquery()).label("person_id")


PURPOSE = Indicator("purpose", tuple(Purpose))
OUTCOME = Indicator("outcome", ENDED)
REFERRAL_TABLES = (
    CountedTable(
        name="referrals-sent-by-purpose",
        subject="referrals_sent",
        counts="referrals sent",
        by=(PURPOSE,),
        rows=_referrals(Side.SENDER),
    ),
    CountedTable(
        name="referrals-received-by-purpose",
        subject="referrals_received",
        counts="referrals received",
        by=(PURPOSE,),
        rows=_referrals(Side.RECEIVER),
    ),
    CountedTable(
        name="referrals-sent-by-outcome",
        subject="referrals_sent_ended",
        counts="referrals sent that ended",
        by=(OUTCOME,),
        rows=_outcomes(Side.SENDER),
    ),
    CountedTable(
        name="referrals-received-by-outcome",
        subject="referrals_received_ended",
        counts="referrals received that ended",
        by=(OUTCOME,),
        rows=_outcomes(Side.RECEIVER),
    ),
)
