"""Appointments in the file."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from shared.casework.appointments.tables import AppointmentRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, either, entry
from shared.contract.filing import Noun, Way

KINDS = {"appointment": Words("кездесу уақыты", "приём", "an appointment")}


def entries(case: Case) -> Sequence[Rows]:
    """Each, at its own time: due until then."""
    row = AppointmentRow
    cancelled = col(row.cancelled_at).is_not(None)
    coming = sa.and_(~cancelled, col(row.starts_at) > case.now)
    kept = entry(
        "appointment",
        either(coming, Way.DUE, Way.DONE),
        noun=Noun.APPOINTMENTS,
        at=col(row.starts_at),
        about=col(row.id),
        ended=col(row.ends_at),
        referral=col(row.referral_id),
        state=sa.case((cancelled, "cancelled"), (coming, "planned"), else_="was"),
        codes={"ends_at": col(row.ends_at)},
    )
    return [kept.where(case.of(row))]


SOURCE = Source(
    noun=Noun.APPOINTMENTS,
    tables=(AppointmentRow,),
    kinds=KINDS,
    entries=entries,
    removed=(Removed(AppointmentRow, col(AppointmentRow.ends_at)),),
)
