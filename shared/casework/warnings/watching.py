"""Look whether something repeats, in the transaction of what happened (F18)."""

from uuid import UUID, uuid4

from shared.adapters.outbox import Work
from shared.casework.persons import store as persons
from shared.casework.warnings import store
from shared.casework.warnings.tables import WarningRow
from shared.contract.calendar import local_day
from shared.contract.repetition import Fact, repeated


async def watch(
    work: Work, fact: Fact, *, organisation_id: str, person_id: UUID | None, referral_id: UUID | None = None
) -> None:
    """Keep a fact and warn if by it something repeats: once, whatever is done twice.

    What happens while a warning of its kind about the same person waits to be read is added to that one. Of a person
    without a record here nothing can be counted, and only what is a warning by itself makes one.
    """
    known: list[Fact] = []
    if person_id is not None:
        await persons.get(work.session, organisation_id=organisation_id, person_id=person_id, for_update=True)
        if not await store.keep_fact(work.session, fact, organisation_id=organisation_id, person_id=person_id):
            return
        whom = {"organisation_id": organisation_id, "person_id": person_id, "pattern": fact.pattern}
        known = await store.facts(work.session, **whom)  # type: ignore[arg-type]  # a literal
    facts = repeated(fact, known)
    if facts:
        await _warn(work, fact, facts, _new(work, fact, organisation_id, person_id, referral_id))


def _new(work: Work, fact: Fact, organisation_id: str, person_id: UUID | None, referral_id: UUID | None) -> WarningRow:
    return WarningRow(
        id=uuid4(),
        organisation_id=organisation_id,
        pattern=fact.pattern,
        person_id=person_id,
        referral_id=referral_id,
        trigger_id=fact.id,
        times=0,
        created_at=work.now,
        updated_at=work.now,
    )


async def _warn(work: Work, fact: Fact, facts: tuple[Fact, ...], new: WarningRow) -> None:
    """Into the one that waits to be read, or into a new one."""
    waiting = None
    if new.person_id is not None:
        whom = {"organisation_id": new.organisation_id, "person_id": new.person_id, "pattern": fact.pattern}
        waiting = await store.unread(work.session, **whom)  # type: ignore[arg-type]  # a literal
    row = waiting or new
    before = [one for one in row.facts if one["id"] not in {str(fact.id) for fact in facts}]
    now = [{"id": str(one.id), "at": one.at.isoformat()} for one in facts]
    row.facts = sorted([*before, *now], key=lambda one: (one["at"], one["id"]))
    row.times, row.updated_at = len(row.facts), work.now
    row.first_on, row.last_on = local_day(facts[0].at), local_day(facts[-1].at)
    if waiting is None:
        await store.add(work.session, row)
