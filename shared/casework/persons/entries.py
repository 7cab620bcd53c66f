"""A person's record in the file: that it was made, and from what."""

from collections.abc import Sequence

from sqlmodel import col

from shared.casework.disclosures.words import Words
from shared.casework.files.source import NOBODY, Case, Rows, Source, entry
from shared.casework.persons.tables import PersonRow
from shared.contract.filing import Noun, Way

KINDS = {"person_recorded": Words("адам туралы жазба жасалды", "заведена запись о лице", "the person was recorded")}


def entries(case: Case) -> Sequence[Rows]:
    """One, of the person themselves."""
    row = PersonRow
    made = entry(
        "person_recorded",
        Way.DONE,
        noun=Noun.PERSONS,
        at=col(row.created_at),
        about=col(row.id),
        ended=NOBODY,
        referral=col(row.taken_from),
        codes={"role": col(row.role)},
    )
    return [made.where(col(row.organisation_id) == case.organisation_id, case.is_whom(col(row.id)))]


SOURCE = Source(noun=Noun.PERSONS, tables=(PersonRow,), kinds=KINDS, entries=entries)
