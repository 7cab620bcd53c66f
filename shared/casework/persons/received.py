"""What a record took over from another organisation goes when the consent goes that it came on.

Source: Law on Personal Data of 21 May 2013, arts. 8 and 18: what a withdrawn consent opened is erased everywhere.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from shared.adapters.audit import Action, record
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Work
from shared.casework.consents import store as consents
from shared.casework.consents.tables import ConsentRow
from shared.casework.persons import store
from shared.casework.persons.capacity import labels_of
from shared.casework.persons.details import Known
from shared.casework.persons.tables import PersonRow
from shared.contract.decisions import fields_of
from shared.contract.events import ReferralRequested
from shared.contract.grounds import Handling
from shared.contract.vocabulary import DataCategory

# The fields that a referral and a record have in common, with their categories.
CATEGORY_OF = {name: c for name, c in fields_of(ReferralRequested).items() if name in Known.model_fields}


async def forget_received(work: Work, *, organisation_id: str, consent_id: UUID) -> None:
    """A consent has ended: forget what came on it, and what only it, as given here, allowed to stay."""
    for person in await _touched_by(work, organisation_id, consent_id):
        labels = labels_of(person)
        ended = [label for label in labels if await _has_ended(work, person, label)]
        if ended:
            await _forget(work, person, ended, [label for label in labels if label not in ended])


async def _touched_by(work: Work, organisation_id: str, consent_id: UUID) -> Sequence[PersonRow]:
    """Persons with a label that names a consent, and the person who gave it here, locked."""
    gave_it = select(ConsentRow.person_id).where(
        ConsentRow.id == consent_id, ConsentRow.organisation_id == organisation_id
    )
    labelled = col(PersonRow.handling).contains([{"consent_id": str(consent_id)}])
    query = select(PersonRow).where(
        PersonRow.organisation_id == organisation_id,
        col(PersonRow.handling).is_not(None),
        or_(labelled, col(PersonRow.id).in_(gave_it)),
    )
    return (await work.session.exec(query.order_by(col(PersonRow.id)).with_for_update())).all()


async def _has_ended(work: Work, person: PersonRow, label: Handling) -> bool:
    if label.consent_id is None:
        return False
    row = await consents.get(work.session, organisation_id=person.organisation_id, consent_id=label.consent_id)
    return row is not None and row.end is not None


async def _forget(work: Work, person: PersonRow, ended: list[Handling], standing: list[Handling]) -> None:
    """Empty the fields that nothing holds any more. What she allows here by a consent of her own stays, labelled."""
    allowed = await _allowed_here(work, person)
    stays = allowed.union(*(label.categories for label in standing))
    goes = frozenset[DataCategory]().union(*(label.categories for label in ended)) - stays
    known = (await store.all_known(work.session, [person]))[0]
    if known is None:
        return
    nothing = Known()
    held = {name for name, category in CATEGORY_OF.items() if category in goes and getattr(known, name)}
    emptied = {name: getattr(nothing, name) for name in held}
    await store.keep(work.session, person, known.model_copy(update=emptied))
    narrowed = (label.model_copy(update={"categories": label.categories & allowed}) for label in ended)
    left = [*standing, *(label for label in narrowed if label.categories & set(CATEGORY_OF.values()))]
    person.handling = [label.model_dump(mode="json") for label in left] or None
    person.revision += 1
    person.updated_at = work.now
    whose = person.organisation_id
    await forget_answers(work.session, organisation_id=whose, concerning=person.id)
    about = {"concerning": person.id, "person_id": person.id, "details": {"fields": sorted(emptied)}}
    await record(work, organisation_id=whose, action=Action.PERSON_CORRECTED, **about)  # type: ignore[arg-type]  # ids and a map


async def _allowed_here(work: Work, person: PersonRow) -> frozenset[DataCategory]:
    """What the consents cover that the person gave to this organisation and that hold now."""
    given = await consents.live_of(work.session, organisation_id=person.organisation_id, person_id=person.id)
    holding = [consents.terms(row) for row in given if row.valid_until > work.now]
    return frozenset[DataCategory]().union(*(consent.categories for consent in holding))
